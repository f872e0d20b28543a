"""Batch from the command line: `make score` on this machine, `make batch` on Step Functions."""

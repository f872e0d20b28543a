"""The container image for real: built, run, and asked over HTTP as AWS's own emulator is."""

"""Batch: a service's own model over many rows, on many machines or on one.

An input is cut into ranges (`cutting`); of a range, rows are read (`forms`), answered (`scoring`)
and kept as parts (`parts`); the parts of all ranges make the job's manifest (`job`). On AWS the
functions `plan`, `worker` and `finish` do that for Step Functions, on one machine tools/batch.
"""

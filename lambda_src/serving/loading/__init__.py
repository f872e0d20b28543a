"""The way of a model from the bucket or the package into memory, verified."""

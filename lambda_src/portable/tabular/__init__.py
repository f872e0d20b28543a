"""Scores fitted tree ensembles, linear models and scalers: rows of numbers in, labels out."""

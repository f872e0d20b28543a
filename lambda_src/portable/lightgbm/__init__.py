"""LightGBM's boosters, read as data: its text files, and pickles of its estimators."""

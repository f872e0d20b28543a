"""XGBoost's boosters, read as data: its JSON and UBJSON files, and pickles of its estimators."""

"""Scores fitted scikit-learn text classifiers with the standard library alone."""

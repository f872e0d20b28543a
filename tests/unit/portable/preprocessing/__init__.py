"""Scalers, encoders and the rest of sklearn.preprocessing."""

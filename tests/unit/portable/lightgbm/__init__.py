"""LightGBM as data, against LightGBM."""

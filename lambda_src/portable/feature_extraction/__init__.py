"""Texts to rows of features."""

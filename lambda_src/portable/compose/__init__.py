"""Columns of a record to transformers of their own, and rows side by side."""

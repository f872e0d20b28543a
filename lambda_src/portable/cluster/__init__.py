"""Clusterers that put a row into the cluster of the nearest centre."""

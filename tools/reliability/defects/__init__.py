"""Planted defects: deliberate mistakes in templates and code, each of which has to be caught."""

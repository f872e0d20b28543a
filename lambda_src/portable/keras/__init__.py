"""Small dense networks over raw records, scored with the standard library alone."""

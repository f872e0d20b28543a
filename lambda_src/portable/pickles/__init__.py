"""Reading pickles: what may be in one, and what its objects become."""

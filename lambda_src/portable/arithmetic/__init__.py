"""Sums, links and single precision, as numpy and scipy have them."""

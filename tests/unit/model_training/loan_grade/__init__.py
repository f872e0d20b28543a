"""Tests of what trains loan-grade; none of them needs TensorFlow."""

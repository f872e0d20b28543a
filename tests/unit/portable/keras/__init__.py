"""Tests of the portable network."""

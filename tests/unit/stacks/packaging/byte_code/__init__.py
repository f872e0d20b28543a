"""Packaging a function's modules as byte code."""

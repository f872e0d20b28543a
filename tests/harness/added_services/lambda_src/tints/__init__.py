"""The service of tints."""

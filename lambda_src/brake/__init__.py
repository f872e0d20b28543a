"""Stops a service that costs more than its stage may spend."""

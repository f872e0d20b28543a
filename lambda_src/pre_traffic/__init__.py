"""Asks a new version for its model's golden answers before any caller meets it."""

"""The peers of clothes."""

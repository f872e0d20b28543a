"""The service that tells spam from ham."""

"""The service that names a piece of clothing from its picture."""

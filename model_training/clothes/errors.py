"""What training refuses; the message is one sentence with the remedy."""


class ClothesDataError(ValueError):
    """Pictures or weights that are missing, damaged or not those expected."""

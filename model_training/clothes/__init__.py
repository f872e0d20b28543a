"""Trains the model of the service clothes: ten kinds of clothing, told from a picture."""

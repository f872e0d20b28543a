"""Trains the model of the service advert."""

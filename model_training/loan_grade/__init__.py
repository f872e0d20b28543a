"""Trains the network that grades loan applications from A to G."""

"""Tables and pictures of how good a model is."""

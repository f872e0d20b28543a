"""From a model file that somebody has to a service: `python -m model_training add`."""

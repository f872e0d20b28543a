"""Services that classify rows of named numbers: all but the name is in the model's manifest."""

"""From a fitted model to a published one: pickled safely, proven equal, described by a manifest."""

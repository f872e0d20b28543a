"""What a service survives: load, arbitrary events, fuzzing, planted defects, and the report."""

"""What a service survives: load, arbitrary events, pumped texts, fuzzing, planted defects."""

"""What a service may cost at its cold start, in counts that no busy machine changes."""

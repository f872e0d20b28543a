"""The infrastructure: stacks wire constructs together, constructs hold the resources."""

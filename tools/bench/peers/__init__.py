"""The handlers that ours is compared with; each is copied into a package of its own."""

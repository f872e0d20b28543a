"""The service that tells a benign cell image from a malignant one."""

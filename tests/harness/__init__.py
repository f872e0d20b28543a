"""What tests and benchmarks run the functions on: a Runtime API and an S3, both on loopback."""

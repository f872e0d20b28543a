"""What a stage costs on AWS: idle, per million requests, and at a rate."""

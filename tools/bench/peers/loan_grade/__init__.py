"""The peers of loan-grade."""

"""What ships in each function, and what builds it, as CycloneDX: `make sbom`."""

"""One file per role. Constructs take what they need as keyword-only props and read nothing else."""

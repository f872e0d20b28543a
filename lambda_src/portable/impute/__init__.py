"""What fills in missing values, and what tells that they are missing."""

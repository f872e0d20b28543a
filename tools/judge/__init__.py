"""scikit-learn's own tests as the judge: what they ask is asked of the portable runtime too."""

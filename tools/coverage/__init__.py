"""Which of scikit-learn's estimators, and of the pipelines people fit, each runtime serves."""

# Puts the runtime on the import path.
import model_training as model_training

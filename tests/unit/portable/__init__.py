"""The portable runtime, with scikit-learn as the oracle."""

# Puts the runtime on the import path where a module here is run with `python -m`.
import model_training as model_training

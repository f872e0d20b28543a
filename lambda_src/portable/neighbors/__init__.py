"""Nearest neighbours, in scikit-learn's own trees and with its own choice among equals."""

"""Ensembles of trees and of other estimators."""

"""Data sets: downloads checked by digest, tables that people bring."""

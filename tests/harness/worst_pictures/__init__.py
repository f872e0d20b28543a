"""Picture files that cost as much as a file of their size can, written byte by byte."""

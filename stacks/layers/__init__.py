"""Lambda layers for the scikit-learn runtime: built from pinned wheels, without Docker.

Nothing here imports the CDK or the libraries it packs: `python -m stacks.layers` builds, and a
synthesis that needs layers reads what was built.
"""

"""Lambda layers for the runtimes that need libraries: built from pinned wheels, without Docker.

Nothing here imports the CDK or the libraries it packs: `python -m stacks.packaging.layers` builds,
and a synthesis that needs layers reads what was built.
"""

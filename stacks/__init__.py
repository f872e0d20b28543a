"""The infrastructure: stacks wire constructs together, constructs hold the resources.

Their imports of each other are relative: in somebody else's environment they lie in a package.
"""

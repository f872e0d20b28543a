"""Container images: the Dockerfile, and the folder that an engine builds one from.

Nothing here imports the CDK: a synthesis stages the folder, and `make image-test` builds it.
"""

"""A function's modules as byte code, made at packaging by the Python that will run them.

In Lambda a package cannot be written to, so what ships as sources is compiled again at every cold
start: for our functions that takes as long as everything else they do until the first answer.
Byte code files beside the sources would be found stale (the CDK gives every file one date) and
would treble the zip; all modules in one file compress to less than their sources.
"""

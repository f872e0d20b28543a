"""The documentation site, of the documents and of what they are made from: `make site`."""

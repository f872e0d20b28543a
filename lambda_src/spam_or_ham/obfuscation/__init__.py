"""One module per way to obfuscate a text, each imported when a text first uses it."""

"""One module per disguise, each imported when a text first wears it."""

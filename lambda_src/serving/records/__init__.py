"""Services that classify raw records: named fields, numbers and words, as systems hold them."""

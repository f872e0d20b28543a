"""The vectorizers' strip_accents option: both ways decompose by NFKD first."""

from unicodedata import combining, normalize


def strip_to_ascii(text: str) -> str:
    """Drop whatever has no ASCII equivalent."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def strip_combining(text: str) -> str:
    """Drop combining marks."""
    if text.isascii():
        return text
    return "".join([mark for mark in normalize("NFKD", text) if not combining(mark)])


STRIP = {"ascii": strip_to_ascii, "unicode": strip_combining}

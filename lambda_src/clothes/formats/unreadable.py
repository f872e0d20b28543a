"""Why a picture is refused."""

from __future__ import annotations


class UnreadablePicture(ValueError):
    """The bytes are no picture this service reads; the message is one sentence for a person."""


class TooManyPixels(UnreadablePicture):
    """The picture is larger than is decoded; it was not."""


def damaged() -> UnreadablePicture:
    """What is said of a file that is not as its format has it."""
    return UnreadablePicture(
        "The picture is damaged or cut off; expected a whole JPEG, PNG or WebP file"
    )


def crowded(most: int, parts: str) -> UnreadablePicture:
    """What is said of a file of more than `most` of these `parts`."""
    return UnreadablePicture(
        f"The picture has more than {most:,} {parts}; expected a file that a camera or an editor "
        "wrote"
    )

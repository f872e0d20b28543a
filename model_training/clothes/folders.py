"""Pictures in folders: `train/dress/….jpg`, `validation/dress/….jpg` and, optionally, `test/…`."""

from dataclasses import dataclass
from pathlib import Path

from model_training.command_line import DataError

LABELS = (
    "dress",
    "hat",
    "longsleeve",
    "outwear",
    "pants",
    "shirt",
    "shoes",
    "shorts",
    "skirt",
    "t-shirt",
)
PARTS = ("train", "validation", "test")
_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class Example:
    """A picture file and the index in `LABELS` of what it shows."""

    path: Path
    label: int


def read(folder: Path, part: str) -> list[Example]:
    """The pictures of one part, in order of label and name.

    Raises `DataError` where the part is missing, holds another label, or lacks one.
    """
    place = folder / part
    if not place.is_dir():
        raise DataError(
            f"{folder.name} has no folder {part}; expected {part}/<label>/*.jpg with the labels "
            f"{', '.join(LABELS)}"
        )
    names = {entry.name for entry in place.iterdir() if entry.is_dir()}
    if names != set(LABELS):
        wrong = sorted(names ^ set(LABELS))
        raise DataError(
            f"{part} has {len(names)} folders, and these are unknown or missing: "
            f"{', '.join(wrong)}; expected {', '.join(LABELS)}"
        )
    examples = [
        Example(path, index)
        for index, label in enumerate(LABELS)
        for path in sorted((place / label).iterdir())
        if path.suffix.lower() in _SUFFIXES
    ]
    without = sorted(set(range(len(LABELS))) - {example.label for example in examples})
    if without:
        raise DataError(f"{part}/{LABELS[without[0]]} holds no picture; expected some")
    return examples

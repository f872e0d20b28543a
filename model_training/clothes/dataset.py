"""The clothing data set: the user's folder, or the public archive downloaded once.

Alexey Grigorev's clothing-dataset-small: 3,781 pictures of ten kinds of clothing, taken by
volunteers, CC0. It is not part of this repository.
"""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from model_training.clothes import folders
from model_training.clothes.folders import Example
from model_training.command_line import DataError
from model_training.data.download import fetch, make_folder

SOURCE = "https://github.com/alexeygrigorev/clothing-dataset-small"
URL = f"{SOURCE}/archive/refs/heads/master.zip"
LICENCE = "CC0 1.0"
# The data set's own division. No digest of the archive is published: it is checked by these.
PICTURES = {"train": 3068, "validation": 341, "test": 372}
LARGEST_ARCHIVE = 1_000_000_000
LARGEST_PICTURE = 10_000_000
_MEMBER = re.compile(
    rf"[^/]+/(?P<part>{'|'.join(folders.PARTS)})/(?P<label>{'|'.join(folders.LABELS)})"
    r"/(?P<file>[\w-]+\.jpg)"
)


def folder_of(data: Path | None, cache: Path) -> Path:
    """The folder `--data` names, else the downloaded and unpacked archive.

    Raises `DataError` with what to do where there is neither folder nor internet.
    """
    if data is None:
        return _downloaded(cache)
    if not data.is_dir():
        raise DataError(f"--data {data.name} is not a folder; expected train/<label>/*.jpg")
    return data


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 over label and content of every picture, in order: what a model was trained on."""
    total = hashlib.sha256()
    for example in examples:
        content = hashlib.sha256(example.path.read_bytes()).hexdigest()
        total.update(f"{folders.LABELS[example.label]} {content}\n".encode())
    return total.hexdigest()


def _downloaded(cache: Path) -> Path:
    place, archive = cache / "clothing-dataset-small", cache / "clothing-dataset-small.zip"
    if place.is_dir():
        return place
    if not archive.is_file():
        make_folder(cache)
        try:
            fetch(URL, archive, largest=LARGEST_ARCHIVE)
        except DataError:
            raise DataError(
                f"The data set could not be downloaded from {SOURCE}; check the network, or get "
                "it elsewhere and give its folder with --data FOLDER"
            ) from None
    part = place.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    pictures = unpack(archive, part)
    if pictures != PICTURES:
        raise DataError(
            f"{archive.name} holds {pictures} pictures; expected {PICTURES}; delete it and run the "
            "command again"
        )
    part.rename(place)
    return place


def unpack(archive: Path, folder: Path) -> dict[str, int]:
    """Write the archive's pictures, and nothing else, into `folder`; give their number per part."""
    counts = dict.fromkeys(folders.PARTS, 0)
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                match = _MEMBER.fullmatch(entry.filename)
                if match is None or entry.file_size > LARGEST_PICTURE:
                    continue
                target = folder / match["part"] / match["label"] / match["file"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(opened.read(entry))
                counts[match["part"]] += 1
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError):
        raise DataError(
            f"{archive.name} is not a readable zip archive; delete it and run the command again"
        ) from None
    return counts

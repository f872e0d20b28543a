"""The lock file: which version of which package, and the digests its wheels may have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import LayerError

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """One package's version and the SHA-256 of every file it may be installed from."""

    version: str
    digests: frozenset[str]


def normal(name: str) -> str:
    """A package's name as the index compares it: scikit_learn is scikit-learn (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path) -> dict[str, Pin]:
    """Name → pin, of a requirements file with hashes; `LayerError` if anything is not pinned."""
    return dict(pins(path))


def pins(path: Path) -> Iterator[tuple[str, Pin]]:
    """As `read_lock`, of a file that may have a package twice, for Pythons of two kinds."""
    text = path.read_text(encoding="utf-8")
    for requirement in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        match = _PIN.match(requirement)
        if match is None:
            if requirement.strip() and not requirement.lstrip().startswith("#"):
                raise LayerError(f"{path.name}: {requirement.split()[0]!r} is not pinned with ==")
            continue
        digests = frozenset(_HASH.findall(requirement))
        if not digests:
            raise LayerError(f"{path.name}: {match[1]} has no --hash=sha256; run: make lock")
        yield normal(match[1]), Pin(match[2], digests)

"""Prints what every picture of the corpus costs, and the worst requests at the function's share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "lambda_src"))

from clothes.fetch.fetcher import MAX_BYTES
from clothes.inputs import MAX_PICTURES
from clothes.reading import REQUEST_PIXELS

from tests.harness.worst_pictures import png
from tests.harness.worst_pictures.corpus import ALLOWED, REFUSED, ordinary
from tests.harness.worst_pictures.measured import SERVICE, SHARE, Cost, Function, function
from tests.harness.worst_pictures.png import Shape

_COSTLIEST = ("PNG, interlaced, tables for nothing", "JPEG, scans", "WebP, lossless, many codes")

_PAUSE = 4.5
"""Seconds that the web server waits before it answers; a request has five for it."""


def requests() -> Iterator[tuple[str, list[bytes]]]:
    """Named requests, each as much as may be asked for at once."""
    for name in _COSTLIEST:
        yield f"4 x {name}", [ALLOWED[name]()] * 4
    shape = Shape(5_000, REQUEST_PIXELS // MAX_PICTURES // 5_000, png.RGBA, 16, interlaced=True)
    padding = png.empty_blocks(MAX_BYTES - 500_000)
    picture = png.png(shape, png.compressed(shape, padding=padding))
    yield "8 x PNG, tables for nothing", [picture] * MAX_PICTURES
    large, filled = (
        ALLOWED[name]() for name in ("WebP, lossless, many codes", "JPEG, filled up before")
    )
    yield "3 x WebP, many codes; 5 x JPEG, filled up", [large] * 3 + [filled] * 5


def _print(name: str, size: int, cost: Cost) -> None:
    status = cost.answer["statusCode"]
    print(f"{name:42}{size:11,}{status:5}{cost.cpu:8.2f}{cost.wall:8.2f}{cost.memory:8.0f}")


def _run(running: Function) -> None:
    print(f"{'picture, by address':42}{'bytes':>11}{'':5}{'CPU, s':>8}{'wall, s':>8}{'MB':>8}")
    for name, make in {"ordinary": ordinary, **ALLOWED, **REFUSED}.items():
        data = make()
        _print(name, len(data), running.by_address(data))
    half = SERVICE.timeout / 2
    print(
        f"\nat {SHARE:.0%} of a processor, the web server waiting for 4.5 s; at most {half:.0f} s"
    )
    running.images.pause = _PAUSE
    with running.at_share(SHARE):
        for name, pictures in requests():
            _print(name, sum(map(len, pictures)), running.by_address(*pictures))


with function() as started:
    _run(started)

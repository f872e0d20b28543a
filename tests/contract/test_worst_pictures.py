"""The worst pictures there may be, one by one and together, through AWS's runtime client.

Times are of a processor, and compared with the largest ordinary picture's in the same run:
`python -m tests.harness.worst_pictures` prints them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from clothes.fetch.fetcher import MAX_BYTES, SECONDS
from clothes.inputs import MAX_BYTES as MAX_BODY
from clothes.inputs import MAX_PICTURES
from clothes.reading import LAST_DECODE, REQUEST_PIXELS

from tests.harness.judged import sampled
from tests.harness.worst_pictures import jpeg, png
from tests.harness.worst_pictures.corpus import ALLOWED, REFUSED, ordinary
from tests.harness.worst_pictures.measured import SERVICE, Cost, Function, function
from tests.harness.worst_pictures.png import Shape

MEMORY = 600
"""MB that the process may ever have; the function has 1,024."""
RATIO = 4.0
"""How many times an ordinary picture's time the worst of its size may take: it is about twice."""
COSTLY = ("PNG, interlaced, 16 bits", "JPEG, scans", "WebP, lossless, a bit a pixel")
CHEAP = ("PNG, a column", "PNG, profiles", "JPEG, metadata in pieces", "WebP, chunks")
"""One of each kind: refused for its size, its metadata, and the pieces it comes in."""


@pytest.fixture(scope="module")
def running() -> Iterator[Function]:
    with function() as started:
        started.by_address(png.png(Shape(9, 9), png.compressed(Shape(9, 9))))  # has loaded
        yield started


@pytest.fixture(scope="module")
def usual(running: Function) -> float:
    """Seconds of a processor for the largest ordinary picture."""
    data = ordinary()
    return min(answered(running.by_address(data)).cpu for _ in range(2))


def answered(cost: Cost, status: int = 200) -> Cost:
    """The same, if that is the status and the process has stayed small."""
    assert cost.answer["statusCode"] == status, cost.answer["body"]
    assert cost.memory < MEMORY
    return cost


@pytest.mark.parametrize("name", sampled(ALLOWED, COSTLY))
def test_what_is_allowed_costs_little_more_than_what_is_usual(
    running: Function, usual: float, name: str
) -> None:
    data = ALLOWED[name]()
    assert len(data) <= MAX_BYTES
    assert answered(running.by_address(data)).cpu < RATIO * usual


@pytest.mark.parametrize("name", sampled(COSTLY, COSTLY[1:2]))
def test_every_way_in_costs_the_same(running: Function, usual: float, name: str) -> None:
    data = ALLOWED[name]()
    assert len(data) * 4 / 3 < MAX_BODY - 100
    assert answered(running.in_base64(data)).cpu < RATIO * usual
    assert answered(running.in_the_body(data)).cpu < RATIO * usual


@pytest.mark.parametrize("name", sampled(REFUSED, CHEAP))
def test_what_is_refused_costs_a_fraction(running: Function, usual: float, name: str) -> None:
    data = REFUSED[name]()
    assert len(data) <= MAX_BYTES
    cost = running.by_address(data)
    assert answered(cost, cost.answer["statusCode"]).cpu < usual / 2
    assert cost.answer["statusCode"] in (400, 413)


def together(cost: Cost) -> Cost:
    """The same, answered or refused for the time it takes: of that a busy machine has less."""
    status = cost.answer["statusCode"]
    if status != 200:
        assert "too long" in json.loads(cost.answer["body"])["detail"]
    return answered(cost, status)


def test_as_many_pixels_as_a_request_may_hold(running: Function, usual: float) -> None:
    shape = Shape(5_000, REQUEST_PIXELS // MAX_PICTURES // 5_000, png.RGBA, 16, interlaced=True)
    file = png.png(shape, png.compressed(shape))
    cost = together(running.by_address(*[file] * MAX_PICTURES))
    assert cost.cpu < RATIO * usual * REQUEST_PIXELS / (5_000 * 5_000)


def test_a_pixel_more(running: Function) -> None:
    quick, pixel = jpeg.baseline(5_000, 5_000), png.png(Shape(1, 1), png.compressed(Shape(1, 1)))
    answered(running.by_address(*[quick] * 4))
    refused = answered(running.by_address(*[quick] * 4, pixel), 413)
    assert json.loads(refused.answer["body"])["detail"].startswith("instances[4]: ")


@pytest.mark.judge
def test_the_largest_pictures_beside_the_largest_files(running: Function) -> None:
    large, full = ALLOWED["WebP, lossless, many codes"](), ALLOWED["JPEG, filled up before"]()
    for _ in range(2):  # what one request leaves behind is the next one's burden
        together(running.by_address(*[large] * 3, *[full] * 5))


def test_what_was_refused_is_not_kept(running: Function) -> None:
    large = REFUSED["WebP, codes, large"]()
    answered(running.by_address(large), 400)
    before = running.process.memory_kb()
    for _ in range(3):
        answered(running.by_address(large), 400)
    assert running.process.memory_kb() < before + 30_000


def test_no_request_begins_a_picture_it_could_not_end_in_half_of_its_time() -> None:
    """The worst picture takes 2 s of a processor, 3.5 s at the function's share of one."""
    assert SECONDS < LAST_DECODE <= SERVICE.timeout / 2 - 5

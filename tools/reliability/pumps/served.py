"""What texts of the largest size cost where they are served: in AWS's own runtime client."""

from __future__ import annotations

from collections.abc import Iterable

from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.small_model import place
from tools.reliability.models import HANDLER, LAMBDA_SOURCE, Generation
from tools.reliability.pumps.growth import LARGE
from tools.reliability.pumps.shapes import Shape

DEAR = tuple(
    Shape("", unit, "")
    for unit in (
        "n\u00bd",  # every sign becomes three, and each with its letters is a token and two pairs
        "\u00bd",
        ">\u33af\u01301\u00bd$a",
        "\u0430b\u00bdc pr1ze /3f.4a \u00bc.e1o\xe911 .e\u0130 g",
        '\u0130$a"',
        "5 a=o 1o1!1\t'\u01c4s@\u03b1",
        "1o1i1 ",  # leet that can be read in many ways
        "f r e e n t r y ",  # letters in a row, to be cut into words
        "\u0435=",
        "\xe9&#1",
        "a ",
        "4a",
    )
)
"""The dearest found by changing shapes again and again as long as they got dearer."""

ORDINARY = Shape("", "Free entry: claim your prize now, call 0909 879 0123. ", "")
_ROUNDS = 5


def cpu_ms(model: Generation, shapes: Iterable[Shape]) -> dict[str, dict[str, float]]:
    """Milliseconds of CPU of the function's process for each shape of the largest body.

    `plain` without an explanation, `explained` with one; each is the mean of a few requests,
    because the clock of a process is coarse.
    """
    costs: dict[str, dict[str, float]] = {}
    with (
        FakeS3() as s3,
        LambdaProcess(LAMBDA_SOURCE, HANDLER, environ=place(s3, model.files)) as process,
    ):
        process.invoke(rest("win <b 4a> f.r.e.e f r e e &#102; \u0435\u0301"))
        for shape in shapes:
            costs[str(shape)] = {
                "plain": _mean_ms(process, shape, explain="false"),
                "explained": _mean_ms(process, shape, explain="true"),
            }
    return costs


def _mean_ms(process: LambdaProcess, shape: Shape, *, explain: str) -> float:
    event = rest(shape.text(LARGE), queryStringParameters={"explain": explain})
    before = process.cpu_seconds()
    for _ in range(_ROUNDS):
        reply = process.invoke(event, timeout=60)
        if reply.error or reply.payload["statusCode"] != 200:
            raise AssertionError(f"{shape} is not answered: {reply.body[:300]!r}")
    return round((process.cpu_seconds() - before) / _ROUNDS * 1e3, 1)

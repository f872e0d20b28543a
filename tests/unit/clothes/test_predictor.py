"""The network behind the predictor: what it answers, and which models are not served."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy
import pytest
from clothes import formats
from clothes.formats import UnreadablePicture
from clothes.handler import Clothes
from clothes.predictor import PictureModel, pattern
from clothes.scores import likeliest, probabilities
from serving.loading import LoadError

from model_training.clothes import golden
from tests.harness.small_clothes_model import (
    LABELS,
    SIZE,
    WEIGHTS,
    expected_scores,
    network,
    small_clothes_model,
)
from tests.harness.worst_pictures.corpus import REFUSED
from tools.bench.drawings import draw, encoded
from tools.local_aws.served_models import LAMBDA_SRC
from tools.local_aws.small_model import Files


def load(files: Files, memory: int | None = None) -> PictureModel:
    """The model that the service keeps of verified files."""
    clothes = Clothes({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory or "")})
    clothes.service._keep(clothes.runtime(), dict(files))
    model = clothes.service.model
    assert isinstance(model, PictureModel)
    return model


def test_scores_are_the_network_s(files: Files) -> None:
    predictor = load(files)
    for number in range(20):
        pixels = pattern(number, SIZE)
        assert predictor.scores(pixels) == pytest.approx(expected_scores(pixels), abs=1e-5)
    assert predictor.accelerated in (True, False)


@pytest.mark.parametrize("number", [0, 1, 7])
def test_patterns_are_those_of_the_trainer(number: int) -> None:
    assert (pattern(number, SIZE) == golden.pattern(number, SIZE)).all()


def test_many_threads_may_ask(files: Files) -> None:
    predictor = load(files, memory=4_096)
    pictures = [pattern(number, SIZE) for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(predictor.scores, pictures))
    assert answers == [predictor.scores(picture) for picture in pictures]


def test_a_picture_that_takes_more_memory_than_its_pixels_is_refused(files: Files) -> None:
    predictor = load(files)
    with pytest.raises(UnreadablePicture) as raised:
        predictor.pixels(formats.read(REFUSED["WebP, codes"]()))
    # Nor is anything held on to that a decoder was given.
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_probabilities_are_the_softmax() -> None:
    scores = {"a": 1000.0, "b": 1001.0, "c": -1000.0}
    shares = probabilities(scores)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["b"] / shares["a"] == pytest.approx(numpy.e)
    assert shares["c"] == 0.0
    assert likeliest(scores) == "b"
    assert likeliest({"x": 1.0, "y": 1.0}) == "x"


def test_a_score_that_is_not_finite_is_never_answered(files: Files) -> None:
    predictor = load(files)
    predictor._scale = numpy.float32("inf")
    with pytest.raises(ArithmeticError), numpy.errstate(invalid="ignore"):
        predictor.scores(pattern(1, SIZE))


def changed(**changes: Any) -> Files:
    return small_clothes_model(**changes)


def answers(change: Any) -> list[Any]:
    (first, *others) = json.loads(small_clothes_model()["manifest.json"])["golden"]
    change(first)
    return [first, *others]


BAD = {
    "no manifest": lambda: {"clothes.tflite": network()},
    "no network": lambda: {"manifest.json": b"{}"},
    "one file more": lambda: {**changed(), "x.pkl": b""},
    "manifest is a list": lambda: {**changed(), "manifest.json": b"[]"},
    "not LiteRT's": lambda: {**changed(), "clothes.tflite": b"TFL3" * 99},
    "cut off": lambda: {**changed(), "clothes.tflite": network()[:400]},
    "empty": lambda: {**changed(), "clothes.tflite": b""},
    "another size": lambda: {**changed(), "clothes.tflite": network(size=8)},
    "fewer labels": lambda: {**changed(), "clothes.tflite": network(weights=WEIGHTS[:9])},
    "no labels": lambda: changed(labels=[]),
    "labels twice": lambda: changed(labels=["hat"] * 10),
    "no input": lambda: changed(input=None),
    "cropped": lambda: changed(input={"size": SIZE, "resize": "crop", "scale": 1, "offset": 0}),
    "no scale": lambda: changed(input={"size": SIZE, "resize": "bilinear", "offset": 0}),
    "another scale": lambda: changed(
        input={"size": SIZE, "resize": "bilinear", "scale": 1.0, "offset": 0.0}
    ),
    "no golden answers": lambda: changed(golden=[]),
    "another prediction": lambda: changed(golden=answers(lambda a: a.update(prediction="x"))),
    "another pattern": lambda: changed(golden=answers(lambda a: a.update(input={"pattern": 99}))),
    "another label": lambda: changed(golden=answers(lambda a: a["scores"].update(x=0.0))),
    "another score": lambda: changed(golden=answers(lambda a: a["scores"].update(hat=-3.0))),
    "labels in another order": lambda: changed(labels=LABELS[::-1]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_fit_is_not_served(name: str) -> None:
    with pytest.raises(LoadError) as raised:
        load(BAD[name]())
    assert str(raised.value)


STARTED = """
import base64, json, sys, threading
import clothes.handler

def imported():
    return [name for name in json.loads(sys.argv[1]) if name in sys.modules]

def ask(body, media_type):
    event = {"httpMethod": "POST", "path": "/predict", "headers": {"content-type": media_type},
             "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return clothes.handler.handler(event, None)["statusCode"]

started = imported()
picture = ask(bytes.fromhex(sys.argv[2]), "image/webp"), imported()
address = ask(b'{"url": "https://127.0.0.1/x.png"}', "application/json"), imported()
print(json.dumps([started, picture, address]))
# What reads certificates meanwhile must not see OpenSSL being taken down.
for thread in threading.enumerate()[1:]:
    thread.join()
"""


def test_a_start_imports_what_every_answer_needs(served: dict[str, str]) -> None:
    """What decodes a form of files comes with the first file, whom to trust with the first
    address."""
    always = ["numpy", "PIL.Image"]
    decoders = ["PIL.WebPImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin",
                "PIL.GifImagePlugin", "PIL.BmpImagePlugin", "PIL.PpmImagePlugin"]  # fmt: skip
    fetch = ["clothes.fetch.fetcher", "ssl"]
    ran = subprocess.run(
        [
            sys.executable, "-c", STARTED,
            json.dumps(always + decoders + fetch), encoded(draw(), "WEBP").hex(),
        ],
        env={**served, "AWS_LAMBDA_FUNCTION_NAME": "f", "PYTHONPATH": str(LAMBDA_SRC)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    started, picture, address = json.loads(ran.stdout.splitlines()[-1])
    assert started == always
    assert picture == [200, [*always, "PIL.WebPImagePlugin"]]
    # The address is refused when its host is looked at; the certificates are on their way by then.
    assert address == [400, [*always, "PIL.WebPImagePlugin", *fetch]]


def test_importing_the_handler_imports_nothing_that_is_slow() -> None:
    """numpy, Pillow and LiteRT come with the model, sockets and certificates with the fetcher."""
    program = (
        f"import sys; sys.path[:0] = [{str(LAMBDA_SRC)!r}]; import clothes.handler; "
        "print(*sorted(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program],
        env={}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    slow = {"numpy", "PIL", "ai_edge_litert", "socket", "ssl", "ipaddress", "http", "urllib",
            "email", "typing"}  # fmt: skip
    assert {name.partition(".")[0] for name in ran.stdout.split()} & slow == set()

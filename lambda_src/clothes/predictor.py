"""The model: from a picture's pixels to ten scores, without HTTP and without storage."""

from __future__ import annotations

import logging
import math
import os
import threading
import warnings
from contextlib import suppress

# Here and not where they are used: this module is imported while the model travels, and every
# answer needs them. What decodes a form of files comes with the first of that form.
import numpy
import PIL.Image  # noqa: F401
from ai_edge_litert.interpreter import Interpreter
from serving.http.problems import Problem
from serving.loading import LoadError
from serving.runtimes import NOT_EXPLAINED, Prediction

from clothes.formats.unreadable import damaged
from clothes.memory import at_most, give_back_large_blocks
from clothes.picture import decoded, decoder
from clothes.scores import likeliest, probabilities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn, TypeAlias

    from clothes.formats.file import PictureFile
    from clothes.scores import Scores

    Pixels: TypeAlias = numpy.ndarray
    """uint8 of shape (size, size, 3)."""

TOLERANCE = 1e-3
"""How far a score may be from the recorded one, relative to the largest of the ten: another
processor adds floats in another order. Another network is far outside it."""
# Lambda gives a whole processor for each so many MB of memory.
_MB_PER_PROCESSOR = 1_769


class PictureModel:
    """Scores of pictures; `accelerated` says whether LiteRT evaluates the network by its fast
    kernels (XNNPACK)."""

    runtime = "litert"
    tolerance = TOLERANCE

    def __init__(self, network: bytes, manifest: Mapping[str, object], threads: int = 1) -> None:
        """Raises `LoadError` where the network and the manifest do not fit."""
        self.classes = _labels(manifest)
        self.size, self._scale, self._offset = _input(manifest)
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=network, num_threads=threads)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise LoadError("LiteRT cannot read the network") from error
        (input_, *_), (output, *_) = (
            self._interpreter.get_input_details(),
            self._interpreter.get_output_details(),
        )
        self._input_index, self._output_index = input_["index"], output["index"]
        actual = (list(input_["shape"]), input_["dtype"], list(output["shape"]), output["dtype"])
        expected = (
            [1, self.size, self.size, 3], numpy.float32, [1, len(self.classes)], numpy.float32,
        )  # fmt: skip
        if actual != expected:
            raise LoadError("the network's input or output is not what the manifest says")
        self.accelerated = _accelerated(self._interpreter)

    def pixels(self, file: PictureFile) -> Pixels:
        """A picture file as the network sees it, before scaling: uint8 (size, size, 3).

        Decoded in the memory that its pixels need. Raises `UnreadablePicture`, also where its
        codes and tables need more.
        """
        decoder(file.form)  # imported before memory is held: it is not the picture's
        with suppress(MemoryError), at_most(file.memory):
            return decoded(file, self.size)
        raise damaged()

    def predict(self, inputs: Sequence[Pixels]) -> list[Prediction]:
        """The likeliest label of each picture, and of each label its probability and its score."""
        predictions = []
        for pixels in inputs:
            scores = self.scores(pixels)
            shares = list(probabilities(scores).values())
            predictions.append(Prediction(likeliest(scores), shares, list(scores.values())))
        return predictions

    def predict_and_explain(self, inputs: Sequence[Pixels]) -> NoReturn:  # noqa: ARG002 - see serving.runtimes.Model
        """Raises `Problem` not-explained."""
        raise Problem(NOT_EXPLAINED, "What decides a picture is not told. Ask without explain.")

    def scores(self, pixels: Pixels) -> Scores:
        """The network's raw outputs (logits) by label: any real number, the largest is likeliest.

        Raises `ArithmeticError` where one is not finite.
        """
        scaled = pixels.astype(numpy.float32) * self._scale + self._offset
        with self._lock:
            self._interpreter.set_tensor(self._input_index, scaled[numpy.newaxis])
            self._interpreter.invoke()
            values = self._interpreter.get_tensor(self._output_index)[0].tolist()
        if not all(map(math.isfinite, values)):
            raise ArithmeticError("a score is not finite")
        return dict(zip(self.classes, values, strict=True))


def load_network(
    files: Mapping[str, bytes], manifest: Mapping[str, object], memory: int | None = None
) -> PictureModel:
    """The model of a network.

    `memory` is the function's in MB; it decides how many threads a prediction may use. Raises
    `LoadError` where the network is missing or does not fit the manifest.
    """
    if len(files) != 1:
        raise LoadError(f"the model is {len(files)} files where one network is expected")
    (network,) = files.values()
    give_back_large_blocks()
    # One damaged file can be worth 65,000 warnings, which would go to the log with what it holds.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    return PictureModel(network, manifest, _threads(memory))


def pattern(number: int, size: int) -> Pixels:
    """The picture made by code that a golden answer is about: uint8 (size, size, 3)."""
    y, x, c = numpy.ogrid[:size, :size, :3]
    values = y * (2 * number + 3) + x * (3 * number + 5) + y * x // (number + 7) + 85 * c
    made: Pixels = (values % 256).astype(numpy.uint8)
    return made


def _labels(manifest: Mapping[str, object]) -> list[str]:
    labels = manifest.get("labels")
    if not isinstance(labels, list) or not labels or len(set(labels)) != len(labels):
        raise LoadError("the manifest's labels are not a list of different names")
    return [str(label) for label in labels]


def _input(manifest: Mapping[str, object]) -> tuple[int, numpy.float32, numpy.float32]:
    described = manifest.get("input")
    if not isinstance(described, dict) or described.get("resize") != "bilinear":
        raise LoadError("the manifest's input is not a square resized by the bilinear filter")
    try:
        size = int(described["size"])
        return size, numpy.float32(described["scale"]), numpy.float32(described["offset"])
    except (KeyError, TypeError, ValueError):
        raise LoadError("the manifest's input needs size, scale and offset") from None


def _threads(memory: int | None) -> int:
    processors = os.cpu_count() or 1
    return processors if memory is None else min(processors, -(-memory // _MB_PER_PROCESSOR))


def _accelerated(interpreter: Interpreter) -> bool | None:
    """Whether a delegate has taken over; None where LiteRT does not say (it is not documented)."""
    try:
        # From the last: what a delegate has taken over is one operation, behind those it was.
        last = interpreter._interpreter.NumNodes() - 1
        return any(
            "DELEGATE" in str(interpreter._get_op_details(number)["op_name"]).upper()
            for number in range(last, -1, -1)
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None

"""From a Keras network to LiteRT's file, and the proof that they are the same function."""

import contextlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import keras
import numpy
import tensorflow

from model_training.clothes.interpreter import Interpreter
from model_training.clothes.pixels import normalised
from model_training.publishing.manifests import ArtifactError

TOLERANCE = 1e-4


@dataclass(frozen=True)
class Parity:
    """How far LiteRT's logits are from Keras's over `pictures`."""

    pictures: int
    label_mismatches: int
    largest_difference: float

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry."""
        return {
            "pictures": self.pictures,
            "label_mismatches": self.label_mismatches,
            "max_abs_logit_difference": self.largest_difference,
            "tolerance": TOLERANCE,
        }


def to_float16(network: keras.Model) -> bytes:
    """LiteRT's file with weights of two bytes; arithmetic stays float32."""
    converter = _converter(network)
    converter.target_spec.supported_types = [tensorflow.float16]
    return _converted(converter)


def to_int8(network: keras.Model) -> bytes:
    """LiteRT's file with weights of one byte (dynamic range), for comparison."""
    return _converted(_converter(network))


def _converter(network: keras.Model) -> Any:
    # A fixed batch of one: LiteRT plans its memory once, and XNNPACK takes the whole graph.
    one = keras.Input(batch_shape=(1, *network.input_shape[1:]), name="picture")
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(
        keras.Model(one, network(one), name="served")
    )
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    return converter


def _converted(converter: Any) -> bytes:
    # Keras lists every variable on the way, in hundreds of lines.
    with contextlib.redirect_stdout(io.StringIO()):
        return bytes(converter.convert())


def prove(file: bytes, network: keras.Model, pictures: Iterable[numpy.ndarray]) -> Parity:
    """Compare over batches of uint8 pictures; raise `ArtifactError` beyond `TOLERANCE`."""
    light = Interpreter(file, threads=2)
    count, mismatches, largest = 0, 0, 0.0
    for batch in pictures:
        expected = network.predict_on_batch(normalised(batch))
        logits = light.logits(batch)
        count += len(batch)
        mismatches += int((expected.argmax(1) != logits.argmax(1)).sum())
        largest = max(largest, float(numpy.abs(expected - logits).max()))
    if mismatches or not largest <= TOLERANCE:
        raise ArtifactError(
            f"LiteRT differs from Keras by {largest:.1e} in a logit and in {mismatches} labels "
            f"over {count} pictures; expected at most {TOLERANCE:.0e} and none; do not publish it"
        )
    return Parity(count, mismatches, largest)

"""The published network back in Keras, from the file that is served.

The file's float16 weights are the Keras network's own, so anyone can compare the two without
training: what the benchmark's Keras peer answers with, and a proof of parity for any picture.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy
from ai_edge_litert.interpreter import Interpreter as LiteRt
from keras import layers

from model_training.clothes import export, golden, network
from model_training.clothes.evaluate import ARTIFACT
from model_training.clothes.variants import VARIANTS
from model_training.publishing import artifacts
from model_training.publishing.manifests import ArtifactError

# The converter keeps Keras's layer names, with a suffix, in the names of the tensors.
_LAYER = re.compile(r"/((?:stem|head|block\d+_\w+?)_conv|logits)(?:_\d+)?/(\w+)")


def run(model: Path, out: Path) -> None:
    """Write `out` (`….keras`) after proving it equal to the file on the golden patterns."""
    manifest = artifacts.verify(model)
    artifacts.require_kind(model, manifest, "picture")
    file = (model / ARTIFACT).read_bytes()
    built = network_of(file, manifest["recipe"], len(manifest["labels"]))
    size = manifest["input"]["size"]
    patterns = numpy.stack([golden.pattern(number, size) for number in range(golden.PATTERNS)])
    print(export.prove(file, built, [patterns]))
    out.parent.mkdir(parents=True, exist_ok=True)
    built.save(out)


def network_of(file: bytes, variant: str, classes: int) -> keras.Model:
    """The Keras network that answers as the file does; `ArtifactError` where weights are missing.

    Its layers are those that training leaves, batch normalisation among them: what was folded
    into a bias comes back as a normalisation that adds it and changes nothing else.
    """
    built = network.build(VARIANTS[variant], classes)
    kernels: dict[str, numpy.ndarray] = {}
    biases: dict[str, numpy.ndarray] = {}
    for layer, array in _weights(file):
        (biases if array.ndim == 1 else kernels)[layer] = array.astype(numpy.float32)
    for layer in built.layers:
        name = layer.name.removesuffix("bn") + "conv" if layer.name.endswith("bn") else layer.name
        if not layer.get_weights():
            continue
        if name not in kernels or name not in biases:
            raise ArtifactError(f"The file has no weights for {name}; train again")
        if isinstance(layer, layers.BatchNormalization):
            one = numpy.ones_like(biases[name])
            scale = one * numpy.float32(numpy.sqrt(1 + network.EPSILON))
            layer.set_weights([scale, biases[name], 0 * one, one])
        else:
            weights = [_turned(kernels[name], layer), biases[name]]
            layer.set_weights(weights[: len(layer.get_weights())])
    return built


def _weights(file: bytes) -> Iterator[tuple[str, numpy.ndarray]]:
    interpreter = LiteRt(model_content=file, experimental_preserve_all_tensors=True)
    interpreter.allocate_tensors()
    for entry in interpreter.get_tensor_details():
        match = _LAYER.search(entry["name"])
        if match and entry["dtype"] == numpy.float16:
            yield match[1], interpreter.get_tensor(entry["index"])


def _turned(kernel: numpy.ndarray, layer: keras.Layer) -> numpy.ndarray:
    """LiteRT's order of axes to Keras's; that of depthwise kernels is turned the same way."""
    return kernel.T if isinstance(layer, layers.Dense) else kernel.transpose(1, 2, 3, 0)

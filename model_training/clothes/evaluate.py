"""Measure the trained file on pictures, with LiteRT alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy
from tqdm import tqdm

from model_training.clothes import folders
from model_training.clothes.figures import Figures, measure
from model_training.clothes.folders import LABELS, Example
from model_training.clothes.interpreter import Interpreter
from model_training.clothes.pixels import of_file
from model_training.publishing import artifacts

ARTIFACT = "clothes.tflite"


def run(folder: Path, model: Path, part: str) -> None:
    """Print what the model folder's file answers about one part of the data set."""
    print(figures(loaded(model), folders.read(folder, part)).table())


def loaded(model: Path) -> Interpreter:
    """The model folder's file, its digest checked; `ArtifactError` where there is none to use."""
    artifacts.require_kind(model, artifacts.verify(model), "picture")
    return Interpreter((model / ARTIFACT).read_bytes(), threads=2)


def figures(light: Interpreter, examples: Sequence[Example]) -> Figures:
    """The file's answers to every example, measured."""
    return measure(LABELS, [example.label for example in examples], logits(light, examples))


def logits(light: Interpreter, examples: Sequence[Example]) -> numpy.ndarray:
    """The file's answers to every example: a row of logits each."""
    rows = [
        light.logits(of_file(example.path, light.size)[None])[0]
        for example in tqdm(examples, desc="answering", unit="picture")
    ]
    return numpy.stack(rows)

"""Which runtime reads which model, and by which module of `serving.runtimes`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from model_training.publishing.kinds.text import CLASSIFIER, VECTORIZER

if TYPE_CHECKING:
    from serving.inputs import InputKind
    from serving.runtimes import Model

Manifest = Mapping[str, Any]

_READERS: Mapping[tuple[str, str, str], str | None] = {
    ("portable", "text", ".pkl"): "portable_text",
    ("portable", "fields", ".pkl"): "portable_rows",
    ("portable", "fields", ".json"): "portable_network",
    ("scikit-learn", "fields", ".pkl"): "scikit_learn_rows",
    # Read by its service's own folder: nothing else takes pictures.
    ("litert", "picture", ".tflite"): None,
}
"""Runtime, input kind, file type of the artifacts."""


def reads(runtime: str, manifest: Manifest) -> bool:
    """Whether a runtime reads the model of a manifest: the one it was proven for does, and
    scikit-learn what the portable runtime was proven for."""
    proven = manifest["runtime"] in (runtime, "portable")
    return proven and (runtime, manifest["kind"], _file_type(manifest)) in _READERS


def reader(runtime: str, manifest: Manifest) -> str | None:
    """The module of `serving.runtimes` that reads the model, None where its service brings one.

    Raises `KeyError` where `reads` is false.
    """
    return _READERS[runtime, manifest["kind"], _file_type(manifest)]


def load(
    contents: Mapping[str, bytes], manifest: Mapping[str, Any], runtime: str = "portable"
) -> tuple[Model, InputKind]:
    """The model of these artifacts as a runtime serves it, and what reads its inputs.

    What the portable runtime reads is scanned and judged first, as a function no longer does.
    Raises `ValueError` or `serving.loading.errors.LoadError`, one sentence, where it cannot.
    """
    if runtime == "portable":
        _judge(contents, manifest)
    if manifest.get("normalisation") is not None:
        from spam_or_ham import handler

        load_model = handler.runtime()
    else:
        name = reader(runtime, manifest)
        load_model = import_module(f"serving.runtimes.{name}").load
    inputs: InputKind = import_module(f"serving.inputs.{manifest['kind']}").Inputs()
    inputs.configure(manifest)
    model: Model = load_model(contents, manifest)
    return model, inputs


def _judge(contents: Mapping[str, bytes], manifest: Manifest) -> None:
    """Raise `UnsupportedModel` for a pickle of other opcodes or costs than an estimator's, and for
    a token_pattern that some text makes slow, before anything compiles it."""
    # Here, not above: describing a model needs no runtime.
    from portable.pickles import classes as pickles
    from portable.pickles import unpickler

    if manifest["kind"] == "text":
        from model_training.publishing.token_patterns import check_token_patterns

        check_token_patterns(unpickler.loads(contents[VECTORIZER]))
        unpickler.loads(contents[CLASSIFIER])
    elif _file_type(manifest) == ".pkl":
        for content in contents.values():
            pickles.read(content)


def _file_type(manifest: Manifest) -> str:
    (one,) = {f".{name.rpartition('.')[2]}" for name in manifest["artifacts"]}
    return one

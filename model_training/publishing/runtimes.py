"""Which runtime reads which model, by which module of `serving.runtimes` and with which others."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from model_training.publishing.kinds.pickles import ESTIMATORS as LISTED
from model_training.publishing.kinds.pickles import FRAME, OPTIONS

if TYPE_CHECKING:
    from serving.inputs import InputKind
    from serving.runtimes import Model

Manifest = Mapping[str, Any]

_READERS: Mapping[tuple[str, str, str], str | None] = {
    ("portable", "text", ".pkl"): "portable",
    ("portable", "fields", ".pkl"): "portable",
    ("portable", "fields", ".json"): "keras",
    ("scikit-learn", "text", ".pkl"): "scikit_learn",
    ("scikit-learn", "fields", ".pkl"): "scikit_learn",
    # Read by its service's own folder: nothing else takes pictures.
    ("litert", "picture", ".tflite"): None,
}
"""Runtime, input kind, file type of the artifacts."""

_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "text": ("portable.explanation",),
    "fields": ("serving.runtimes.rows", "portable.row_explanation"),
}


_TEXT = "sklearn.feature_extraction.text."
_OPTIONS: Mapping[str, Mapping[object, str]] = {
    "strip_accents": dict.fromkeys(("ascii", "unicode"), "portable.feature_extraction.accents"),
    "analyzer": dict.fromkeys(("char", "char_wb"), "portable.feature_extraction.character_terms"),
    "stop_words": {"english": "portable.feature_extraction.english_stop_words"},
    "dtype": {"float32": "portable.arithmetic.float32"},
}
"""Option of a vectorizer → its value → the module that it needs."""


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


def modules(manifest: Manifest, runtime: str = "portable") -> list[str]:
    """The modules that a runtime imports for this model by their names: those of its kind, what
    makes its data frames, and what the portable runtime's table has for its estimators."""
    from portable.supported import ESTIMATORS, STAND_INS

    names = set(_OF_KIND.get(manifest["kind"], ()))
    if runtime == "scikit-learn" and FRAME in manifest:
        names.add("serving.runtimes.frames")
    for name in manifest.get(LISTED, ()):
        module, _, estimator = name.rpartition(".")
        if estimator in ESTIMATORS.get(module, ()):
            names.add(f"portable.{ESTIMATORS[module][estimator]}")
        elif estimator in STAND_INS.get(module, ()):
            names.add(STAND_INS[module][estimator].partition(":")[0])
        if name.startswith(_TEXT):
            # A manifest without the entry is older than it.
            names.update(manifest.get(OPTIONS, _all_options()))
    return sorted(names)


def _all_options() -> set[str]:
    return {module for values in _OPTIONS.values() for module in values.values()}


def estimators(contents: Mapping[str, bytes]) -> list[str]:
    """The full names of the estimators in a model's pickles, and of what these hold.

    Raises `UnsupportedModel` where the portable runtime does not read them.
    """
    from portable.pickles import unpickler

    pickles = [content for name, content in contents.items() if name.endswith(".pkl")]
    return sorted({name for one in pickles for name in unpickler.names(one)})


def options(contents: Mapping[str, bytes]) -> list[str]:
    """The modules that the options of the vectorizers in a model's pickles need; raises as
    `estimators` does."""
    from portable.pickles.unpickler import loads

    from model_training.publishing.token_patterns import vectorizers

    pickles = [content for name, content in contents.items() if name.endswith(".pkl")]
    return sorted(
        {
            values[state[option]]
            for one in pickles
            for state in vectorizers(loads(one))
            for option, values in _OPTIONS.items()
            if type(state.get(option)) is str and state[option] in values
        }
    )


def load(
    contents: Mapping[str, bytes], manifest: Mapping[str, Any], runtime: str = "portable"
) -> tuple[Model, InputKind]:
    """The model of these artifacts as a runtime serves it, and what reads its inputs.

    What the portable runtime reads is scanned and judged first, as a function no longer does.
    Raises `ValueError` or `serving.loading.LoadError`, one sentence, where it cannot.
    """
    if runtime == "portable":
        _judge(contents, manifest)
    return read(contents, manifest, runtime)


def read(
    contents: Mapping[str, bytes], manifest: Mapping[str, Any], runtime: str = "portable"
) -> tuple[Model, InputKind]:
    """As `load`, of what was judged before."""
    name = reader(runtime, manifest)
    if manifest.get("normalisation") is not None:
        from spam_or_ham import handler

        load_model = handler.runtime(str(name))
    else:
        load_model = import_module(f"serving.runtimes.{name}").load
    inputs: InputKind = import_module(f"serving.inputs.{manifest['kind']}").Inputs()
    inputs.configure(manifest)
    model: Model = load_model(dict(contents), manifest)
    return model, inputs


def _judge(contents: Mapping[str, bytes], manifest: Manifest) -> None:
    """Raise `UnsupportedModel` for a pickle of other opcodes or costs than an estimator's, and for
    a token_pattern that some text makes slow, before anything compiles it."""
    # Here, not above: describing a model needs no runtime.
    from portable.pickles.unpickler import loads

    if _file_type(manifest) != ".pkl":
        return
    from model_training.publishing.token_patterns import check_token_patterns

    for content in contents.values():
        check_token_patterns(loads(content))


def _file_type(manifest: Manifest) -> str:
    (one,) = {f".{name.rpartition('.')[2]}" for name in manifest["artifacts"]}
    return one

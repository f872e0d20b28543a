"""From a model that was read to a model folder: what it is asked, what answers it, the proof."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_training.adding import asking, fields, fitted_with, frames, kind, measured
from model_training.adding.generated_records import generated_records
from model_training.adding.model_files import GivenModel
from model_training.command_line import DataError, in_one_line
from model_training.publishing import (
    artifacts,
    layer_contents,
    pickling,
    proof,
    runtimes,
    tabular_description,
)
from model_training.publishing.generated_texts import generated_texts, texts_for
from model_training.publishing.kinds.kind import LABEL, NUMBER, PROBABILITIES, SCORES
from model_training.publishing.manifests import SCHEMA, ArtifactError, model_version
from model_training.publishing.parity import Answers, ParityError, compare
from model_training.publishing.versions import trained_with
from model_training.publishing.wrappers import answering

if TYPE_CHECKING:
    from pandas import DataFrame, Series

SEED = 20261130
GENERATED = 10_000
_MOST_KNOWN = 5_000
_GOLDEN = 60
_LONGEST_GOLDEN = 2_000
"""Characters of a golden text."""


@dataclass
class Description:
    """What a model is asked and what it says: `entries` of the manifest; `rows` of the data, as the
    data has them, None where there is no data; and the inputs that it is proven on, of which `own`,
    the first, are the data's. Those that are generated, and the library's answers to all, are there
    once `ask` has asked."""

    entries: dict[str, Any]
    rows: DataFrame | Series[Any] | None
    golden: list[Any]
    asked: list[Any]
    own: int
    answers: Answers = field(default_factory=lambda: Answers([], []))


def described(
    model: GivenModel, table: DataFrame | None, *, name: str, target: str | None,
    text: str | None, labels: Sequence[str], outside: str = "answer",
) -> Description:  # fmt: skip
    """Find out what the model is asked about, and what it answers.

    `table` is DATA, `target` the column of it that the model predicts, `text` the one that holds
    the texts; `labels` say what the classes mean, in order or as CLASS=MEANING; `outside` what
    becomes of a number outside of the range seen, "answer" or "refuse". Raises `Refusal`.
    """
    kind.check(model.estimators, [str(path) for path in model.files])
    model.estimators = list(map(answering, model.estimators))
    last = model.estimators[-1]
    entries: dict[str, Any] = {
        "schema": SCHEMA,
        "name": name,
        "recipe": _recipe(last),
        "runtime": "scikit-learn",
        "trained_with": trained_with(),
        "metrics": {},
    }
    if target is not None:
        entries["target"] = {"name": target}
    rows: Any = None
    asked: list[Any]
    golden: list[Any]
    if kind.takes_text(model.estimators):
        entries |= {"kind": "text", "normalisation": None}
        rows = None if table is None else _texts(table, target, text)
        known = [] if rows is None else list(dict.fromkeys(rows.dropna()))[:_MOST_KNOWN]
        own = len(known)
        asked = known or _generated_texts(model.estimators)
        golden = _spread(list(filter(_is_plain, asked)), _GOLDEN)
        if len(golden) < _GOLDEN:
            more = filter(_is_plain, _generated_texts(model.estimators))
            golden += _spread(list(more), _GOLDEN)[: _GOLDEN - len(golden)]
        entries["data"] = None if table is None else {"rows": len(table)}
    else:
        if table is None:
            raise DataError(
                f"the {_recipe(last)} takes columns, and what each is and holds only data can say: "
                "give rows like those it was trained on, DATA=rows.csv"
            )
        rows = _check_answers(model, _rows(model, table, target))
        described_fields = fields.described(rows, lambda tried: asking.predicted(model, tried))
        for one in described_fields:
            if one["type"] in ("number", "integer"):
                one["outside"] = outside
        entries |= {"kind": "fields", "fields": described_fields, "data": {"rows": len(table)}}
        records = _records(rows)
        own, asked = len(records), records
        tried = generated_records(described_fields, records, SEED, frames.TRIED)
        entries = frames.with_frame_if_wanted(model, rows, entries, records, tried)
        golden = _spread(records, _GOLDEN)
        if len(golden) < _GOLDEN:
            golden += generated_records(described_fields, records, SEED + 1, _GOLDEN - len(golden))
    if model.fitted_with:
        entries["fitted_with"] = {"scikit-learn": model.fitted_with[0]}
    golden, expected = _said(model, entries, golden)
    if len(golden) < _GOLDEN * 5 // 6:
        raise DataError(
            f"the {_recipe(last)} answers {len(golden)} of {_GOLDEN} of the data's own rows; give "
            "rows like those it was trained on"
        )
    answered, classes = _what_is_told(model, entries, golden)
    entries |= _told(answered, classes, _meanings(classes, labels))
    entries["golden"] = [
        {
            "input": one,
            "prediction": predicted,
            **({answered: dict(zip(map(str, classes), numbers, strict=True))} if numbers else {}),
        }
        for one, predicted, numbers in zip(
            golden, expected.predicted, expected.numbers, strict=True
        )
    ]
    return Description(entries, rows, golden, asked, own)


def ask(model: GivenModel, found: Description) -> None:
    """Generate what the proof needs besides the data's own inputs, and ask the library about all of
    them; what it refuses is no input of the proof then."""
    known, others = found.asked[: found.own], found.asked[found.own :]
    if not others and found.entries["kind"] == "text":
        others = _generated_texts(model.estimators)
    elif not others:
        others = generated_records(found.entries["fields"], known, SEED, GENERATED)
    own, answers = _said(model, found.entries, known)
    others, more = _said(model, found.entries, others)
    found.asked, found.own = own + others, len(own)
    found.answers = Answers(answers.predicted + more.predicted, answers.numbers + more.numbers)


def unchanged(folder: Path, model: GivenModel, found: Description) -> str | None:
    """The version of the model in a folder, if it is this one as it would be published."""
    try:
        manifest = artifacts.read_manifest(folder)
        version = model_version(manifest)
        for files, entries in _in_layers(model.estimators, found.entries):
            made = {**entries, "runtime": manifest["runtime"], **artifacts.entries(files)}
            if version == model_version(made) and made["golden"] == manifest["golden"]:
                artifacts.verify(folder)
                return version
    except ArtifactError:
        pass
    return None


@dataclass
class Published:
    """A model that was proven and written. `why_not` says why the portable runtime does not serve
    it, where scikit-learn does."""

    version: str
    manifest: Mapping[str, Any]
    needs: measured.Needs
    why_not: str | None


def publish(
    folder: Path,
    model: GivenModel,
    found: Description,
    known: Callable[[], Mapping[str, Any]] = dict,
) -> Published:
    """Prove the model on every runtime that may serve it, the portable one first, and write it.

    `known` is asked after the proof for the manifest's entries that serving makes no answer of.
    Raises `Refusal` where neither runtime does.
    """
    files = _files(model.estimators)
    manifest = {**found.entries}
    why_not = None
    try:
        manifest |= {"runtime": "portable"} | _portable(files, manifest, found)
        complete = artifacts.complete(files, manifest)
        artifacts.check_golden(files, complete, "The model", "fit it again")
        needs = measured.needs(files, complete, "portable", found.golden)
    except (ValueError, ArtifactError) as refusal:
        why_not = str(refusal)
        files, complete, needs = _by_scikit_learn(model.estimators, found, why_not)
    if not artifacts.explains(files, complete):
        complete["explained"] = False
    complete = {**complete, **known()}
    version = artifacts.write(folder, files, complete)
    for path in folder.glob("*.pkl"):
        if path.name not in files:
            path.unlink()  # Of the model that was here before.
    return Published(version, complete, needs, why_not)


def _by_scikit_learn(
    estimators: Sequence[Any], found: Description, why_not: str
) -> tuple[dict[str, bytes], dict[str, Any], measured.Needs]:
    """Files, manifest and needs of the model as scikit-learn serves it in its layers; without
    pandas where it does."""

    def served(
        files: dict[str, bytes], entries: Mapping[str, Any]
    ) -> tuple[dict[str, bytes], dict[str, Any], measured.Needs]:
        manifest = {**entries, "runtime": "scikit-learn"}
        _check_layers(files, why_not, frame="frame" in manifest)
        complete = artifacts.complete(files, manifest)
        artifacts.check_golden(files, complete, "The model", "fit it again", "scikit-learn")
        return files, complete, measured.needs(files, complete, "scikit-learn", found.golden)

    ways = _in_layers(estimators, found.entries)
    try:
        return served(*next(ways))
    except ArtifactError:
        return served(*next(ways))


def _in_layers(
    estimators: Sequence[Any], entries: dict[str, Any]
) -> Iterator[tuple[dict[str, bytes], dict[str, Any]]]:
    """The two ways to ask scikit-learn, without pandas first: files, entries of the manifest."""
    yield _files(estimators), entries
    framed = entries if "frame" in entries else frames.with_frame(entries, None)
    yield _files(estimators, keep_output=True), framed


def _portable(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], found: Description
) -> dict[str, Any]:
    entries = artifacts.entries(files)
    described = {**manifest, "runtime": "portable", **entries}
    # Here first: what it refuses it says in one sentence.
    try:
        runtimes.load(files, described)
    except ValueError:
        _check_names(files)  # How it is pickled says less than what it is made of.
        raise
    parity = proof.proven_entry(files, described, found.asked, found.answers)
    return {**entries, "parity": parity}


def _check_names(files: Mapping[str, bytes]) -> None:
    """Raise `UnsupportedModel` for an estimator that the portable runtime does not read."""
    from portable.errors import UnsupportedModel
    from portable.supported import ESTIMATORS, HELD, STAND_INS

    for content in files.values():
        for full_name in layer_contents.names(content):
            module, _, name = full_name.rpartition(".")
            if module.startswith("sklearn.") and not any(
                name in table.get(module, ()) for table in (ESTIMATORS, HELD, STAND_INS)
            ):
                raise UnsupportedModel(
                    f"the portable runtime does not read the {name} that it is made with"
                )


def _check_layers(files: Mapping[str, bytes], why_not: str, *, frame: bool) -> None:
    for name, content in files.items():
        part = layer_contents.missing(content, frame=frame)
        if part is not None:
            raise ArtifactError(
                f"{name} is made with {part}, which no runtime serves: a function has "
                "scikit-learn, scipy, numpy, joblib and pandas, and the portable runtime says: "
                f"{why_not.rstrip('.')}; fit a model that is made of these alone"
            )


def _files(estimators: Sequence[Any], *, keep_output: bool = False) -> dict[str, bytes]:
    """The pickles, by the estimators' names, in order; `keep_output` as `pickling.dumps` has it."""
    files: dict[str, bytes] = {}
    for estimator in estimators:
        words = re.findall(r"[A-Z]+(?=[A-Z][a-z]|\b|\d)|[A-Z]?[a-z0-9]+", type(estimator).__name__)
        stem = "_".join(words).lower() or "model"
        name, more = f"{stem}.pkl", 2
        while name in files:
            name, more = f"{stem}_{more}.pkl", more + 1
        files[name] = pickling.serialised(estimator, keep_output=keep_output)
    return files


def _recipe(estimator: Any) -> str:
    steps = getattr(estimator, "steps", None)
    return type(answering(steps[-1][1]) if steps else estimator).__name__


def _texts(table: DataFrame, target: str | None, text: str | None) -> Series[Any]:
    candidates = [
        name
        for name in table.columns
        if name != target and table[name].dropna().map(type).eq(str).all()
    ]
    if text is None and len(candidates) > 1:
        named = [one for one in candidates if one.lower() in ("text", "message", "body", "content")]
        candidates = named if len(named) == 1 else candidates
    chosen = [text] if text is not None else candidates
    if len(chosen) != 1 or chosen[0] not in table.columns:
        raise DataError(
            f"which column of the data holds the texts is not clear: it has "
            f"{', '.join(map(str, table.columns))}; name it: TEXT=…"
        )
    known = table[chosen[0]]
    return known.where(known.isna(), known.astype(str))


def _is_plain(text: str) -> bool:
    """Whether a text can stand in a manifest: short, and without half of a character."""
    halves = any("\ud800" <= character <= "\udfff" for character in text)
    return 0 < len(text) <= _LONGEST_GOLDEN and not text.isspace() and not halves


def _generated_texts(estimators: Sequence[Any]) -> list[str]:
    vectorizer, last, steps = kind.text_steps(estimators)
    if hasattr(vectorizer, "vocabulary_") and steps == 2:
        return texts_for(vectorizer, last, SEED, GENERATED)
    return generated_texts(SEED, GENERATED, sorted(getattr(vectorizer, "vocabulary_", ())))


def _rows(model: GivenModel, table: DataFrame, target: str | None) -> DataFrame:
    names, count = kind.columns(model.estimators)
    if not names and model.columns and target is None:
        names = model.columns
    return fields.of_model(table, names, target, count)


def _records(rows: DataFrame) -> list[dict[str, Any]]:
    """The rows as a request holds them: None for what is missing."""
    sample = rows.iloc[:: max(1, len(rows) // _MOST_KNOWN)].head(_MOST_KNOWN)
    columns = {name.strip(): _values(sample[name]) for name in sample.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _values(column: Any) -> list[Any]:
    missing = column.isna().tolist()
    return [
        None if gone else (value if isinstance(value, str | bool) else float(value))
        for value, gone in zip(column.tolist(), missing, strict=True)
    ]


def _check_answers(model: GivenModel, rows: DataFrame) -> DataFrame:
    """The rows, their words as categories where the model takes them so alone.

    Raises `DataError` where it does not answer rows of the data that lack nothing.
    """
    fields.check_types(rows)
    whole = rows.dropna()
    if not len(whole):
        return rows
    try:
        asking.predicted(model, whole.head(200))
        return rows
    # Whatever an estimator raises of rows it does not take.
    except Exception as error:
        with suppress(Exception):
            by_category = frames.of_categories(rows)
            asking.predicted(model, by_category.loc[whole.index].head(200))
            return by_category
        remedy = "give rows like those it was trained on, and name what it predicts: TARGET="
        if "categorical" in str(error):
            remedy += "; a column of numbers that was a category in training make one of text"
        if model.fitted_with:
            was, now = model.fitted_with[0], trained_with()["scikit-learn"]
            remedy = f"it was fitted with scikit-learn {was}: fit it again with {now}"
        raise DataError(
            f"the model does not answer the data's own rows ({in_one_line(error)}); {remedy}"
        ) from None


def _said(
    model: GivenModel, entries: Mapping[str, Any], inputs: list[Any]
) -> tuple[list[Any], Answers]:
    """The inputs that the library answers, and the release that fitted the model if it is another;
    and the answers."""
    inputs, answers = asking.answered(model, entries, inputs)
    return _as_fitted(model, entries, inputs, answers) if model.fitted_with else (inputs, answers)


def _as_fitted(
    model: GivenModel, entries: Mapping[str, Any], inputs: list[Any], here: Answers
) -> tuple[list[Any], Answers]:
    """The inputs that the scikit-learn that fitted the model answers, and its answers.

    Raises `DataError` where `here`, what this one answers, is something else.
    """
    if len(model.fitted_with) > 1:
        raise DataError(
            f"the model's files were fitted with scikit-learn {' and '.join(model.fitted_with)}; "
            "fit them in one run"
        )
    from sklearn.utils import get_tags

    takes_sparse = get_tags(model.estimators[-1]).input_tags.sparse
    (version,) = model.fitted_with
    places, then = fitted_with.answers(
        version, model.files, entries, inputs, takes_sparse=takes_sparse
    )
    asked = [inputs[place] for place in places]
    try:
        compare(asked, then, here.only(places), "", "")
    except ParityError:
        now = trained_with()["scikit-learn"]
        raise DataError(
            f"scikit-learn {now} reads the model that {version} fitted and answers otherwise than "
            f"{version} does; fit the model again with {now}"
        ) from None
    return asked, then


def _what_is_told(
    model: GivenModel, entries: Mapping[str, Any], golden: Sequence[Any]
) -> tuple[str, list[Any]]:
    from serving.runtimes.scikit_learn import ScikitLearnModel

    asked = ScikitLearnModel(model.estimators, entries)
    said = asked.predict(golden[:1])[0]
    if said.probabilities is not None:
        return PROBABILITIES, list(asked.classes)
    if said.scores is not None:
        return SCORES, list(asked.classes)
    return (LABEL if asked.classes else NUMBER), list(asked.classes)


def _told(answered: str, classes: list[Any], meanings: dict[Any, str] | None) -> dict[str, Any]:
    """The entries about what is answered."""
    if meanings is not None:
        return tabular_description.answers(answered, classes, meanings)
    told: dict[str, Any] = {} if answered == PROBABILITIES else {"answers": answered}
    return told | ({"labels": classes} if classes else {})


def _meanings(classes: Sequence[Any], labels: Sequence[str]) -> dict[Any, str] | None:
    """What each class means, from CLASS=MEANING or the meanings in order; None where not said."""
    if not labels:
        return None
    if not classes:
        raise DataError("the model answers numbers and has no classes; leave LABELS out")
    if all("=" in label for label in labels):
        pairs = dict(label.split("=", 1) for label in labels)
    elif len(labels) == len(classes):
        pairs = dict(zip(map(str, classes), labels, strict=True))
    else:
        pairs = {}
    if set(pairs) != set(map(str, classes)):
        raise DataError(
            f"LABELS says {' '.join(labels)} and the classes are {', '.join(map(str, classes))}; "
            f'say what each means: LABELS="{" ".join(f"{one}=…" for one in classes)}"'
        )
    return dict(pairs)


def _spread(inputs: Sequence[Any], count: int) -> list[Any]:
    return list(inputs[:: max(1, len(inputs) // count)])[: 2 * count]

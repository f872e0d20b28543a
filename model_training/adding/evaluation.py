"""How good a given model is on DATA's rows, and, fitted again, on rows that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from model_training.adding import kind
from model_training.adding.asking import as_taken
from model_training.adding.publish import Description
from model_training.command_line import in_one_line
from model_training.publishing import reference
from model_training.reports.answered import Answered, together
from model_training.reports.cross_validation import CrossValidation, asked
from model_training.reports.telling import telling_terms

if TYPE_CHECKING:
    from pandas import DataFrame

    from model_training.adding.model_files import GivenModel

_MOST_ROWS = 10_000
_SEED = 20261130
Terms = list[tuple[str, list[tuple[str, float]]]]


@dataclass
class Evaluation:
    """`known` is what the model answers to DATA's rows, which it may have been fitted on; `unseen`
    what models of the same recipe answer, a part each, to rows that they were fitted without.
    `importance` is how much each field matters; `terms` what speaks loudest for each label. The
    sentences say why there is no `known`, or no `unseen`."""

    known: Answered | None = None
    unseen: list[Answered] = field(default_factory=list)
    importance: list[tuple[str, float]] = field(default_factory=list)
    terms: Terms = field(default_factory=list)
    why_not_known: str = ""
    why_not_unseen: str = ""
    rows_of: int = 0

    def manifest_entry(self) -> dict[str, Any]:
        """The manifest's entry about answers to unseen rows, for live ones to be compared with;
        none where there are no such rows, or no classes."""
        if not self.unseen or not self.unseen[0].labels:
            return {}
        return {reference.ENTRY: reference.entry(together(self.unseen))}


class Evaluating:
    """An evaluation under way; what it started ends with the context."""

    def __init__(
        self, model: GivenModel, table: DataFrame | None, found: Description, target: str | None
    ) -> None:
        self._evaluation = Evaluation(terms=_terms(model, found))
        self._running: CrossValidation | None = None
        self._labels: list[str] = []
        self._stack = ExitStack()
        try:
            self._start(model, table, found, target)
        except _Unknown as reason:
            self._evaluation.why_not_known = str(reason)

    def __enter__(self) -> Evaluating:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(
        self, model: GivenModel, table: DataFrame | None, found: Description, target: str | None
    ) -> None:
        if table is None or target is None or found.rows is None:
            raise _Unknown("No column of data was named that holds what is true (TARGET=).")
        classes = list(found.entries.get("labels", ()))
        self._labels = [str(_meanings(found).get(str(one), one)) for one in classes]
        rows, truth = _with_truth(found, table[target], classes)
        self._evaluation.rows_of = len(rows)
        if len(rows) > _MOST_ROWS:
            some = np.random.default_rng(_SEED).choice(len(rows), _MOST_ROWS, replace=False)
            rows, truth = rows.iloc[np.sort(some)], truth[np.sort(some)]
        fields = hasattr(rows, "columns")
        inputs = as_taken(model, rows) if fields else rows.tolist()
        self._truth = truth
        estimator = _one(model)
        try:
            predicted, numbers, self._probable = asked(estimator, inputs, classes)
            self._evaluation.known = self._answered(truth, predicted, numbers, classes)
        # Whatever an estimator raises of rows that it does not take, or of a target that is none.
        except Exception as error:
            raise _Unknown(
                f"The model cannot be compared with the column {target!r} ({in_one_line(error)})."
            ) from None
        self._classes = classes
        self._names = [str(name).strip() for name in rows.columns] if fields else []
        reason = _why_not_again(model, estimator)
        self._evaluation.why_not_unseen = reason
        self._running = self._stack.enter_context(
            CrossValidation(
                estimator, inputs, truth, classes, fits=not reason, fields=fields
            )
        )  # fmt: skip

    def finished(self) -> Evaluation:
        """The evaluation, when it is done or its time is over."""
        made = self._evaluation
        if self._running is None:
            return made
        running, self._running = self._running, None
        found = running.finished()
        try:
            made.unseen = [
                self._answered(self._truth[rows], predicted, numbers, self._classes)
                for rows, predicted, numbers in found.folds
            ]
        except ValueError as error:
            found.why_not = f"fitted again, {error}"
        if found.why_not and not made.unseen and not made.why_not_unseen:
            made.why_not_unseen = f"The model is not cross-validated: {found.why_not}."
        if found.importance is not None:
            pairs = zip(self._names, found.importance, strict=True)
            made.importance = sorted(pairs, key=lambda pair: -pair[1])
        return made

    def _answered(self, truth: Any, predicted: Any, numbers: Any, classes: list[Any]) -> Answered:
        for given in (truth, predicted, numbers):
            if (
                getattr(given, "dtype", np.dtype(object)).kind == "f"
                and not np.isfinite(given).all()
            ):
                raise ValueError("some of the numbers are not finite")
        if not classes:
            return Answered(truth.astype(float), predicted.astype(float))
        places = {label: place for place, label in enumerate(classes)}
        return Answered(
            np.array([places[one] for one in truth.tolist()]),
            np.array([places[one] for one in predicted.tolist()]),
            self._labels,
            numbers,
            self._probable,
        )


class _Unknown(ValueError):
    """Why it cannot be known how good a model is, a sentence."""


def _with_truth(found: Description, target: Any, classes: list[Any]) -> tuple[Any, Any]:
    """The rows of which the truth is known, each text once, and the truth as the model calls it."""
    rows: Any = found.rows
    truth = target.loc[rows.index]
    there = truth.notna()
    if not hasattr(rows, "columns"):
        there &= rows.notna() & ~rows.duplicated()
    if not classes:
        if truth[there].dtype.kind not in "biuf":
            raise _Unknown(f"The column {target.name!r} holds no numbers, as the model answers.")
        return rows[there], truth[there].to_numpy(dtype=float)
    calls = {meaning: label for label, meaning in _meanings(found).items()}
    names = {str(label): label for label in classes}
    known = {label: label for label in classes}
    called = [
        known.get(value, names.get(str(value), names.get(calls.get(str(value), ""))))
        for value in truth[there].tolist()
    ]
    if None in called:
        odd = next(v for v, one in zip(truth[there].tolist(), called, strict=True) if one is None)
        raise _Unknown(
            f"The column {target.name!r} holds {str(odd)[:40]!r}, which is none of the model's "
            f"labels ({', '.join(names)[:120]})."
        )
    return rows[there], np.array(called)


def _meanings(found: Description) -> Mapping[str, str]:
    meanings: Mapping[str, str] = found.entries.get("classes") or {}
    return meanings


def _one(model: GivenModel) -> Any:
    """The estimators as one."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer
    from sklearn.utils import get_tags

    *before, last = model.estimators
    if not before:
        return last
    if kind.takes_text(model.estimators) and not get_tags(last).input_tags.sparse:
        before.append(FunctionTransformer(_dense, accept_sparse=True).fit([[0.0]]))
    return make_pipeline(*before, last)


def _dense(features: Any) -> Any:
    return features.toarray() if hasattr(features, "toarray") else features


def _why_not_again(model: GivenModel, estimator: Any) -> str:
    """Why the recipe cannot be fitted again as it was, a sentence; nothing where it can."""
    from sklearn.base import is_classifier, is_regressor

    if not model.settings_known:
        return (
            "The model is not cross-validated: its file holds the trees and not the settings that "
            "they were grown with."
        )
    if not is_classifier(estimator) and not is_regressor(estimator):
        return "The model is not cross-validated: it is neither a classifier nor a regression."
    return ""


def _terms(model: GivenModel, found: Description) -> Terms:
    if not kind.takes_text(model.estimators):
        return []
    vectorizer, last, _ = kind.text_steps(model.estimators)
    labels = [str(_meanings(found).get(str(one), one)) for one in found.entries.get("labels", ())]
    return telling_terms(vectorizer, last, labels)

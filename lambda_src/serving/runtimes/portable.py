"""The portable runtime: a model's pickled estimators, without scikit-learn."""

from __future__ import annotations

from importlib import import_module

from portable.base import UnusableRow
from portable.model import load_each
from portable.supported import READERS

from serving.http.problems import Problem
from serving.runtimes import (
    NOT_EXPLAINED,
    TOLERANCE,
    UNUSABLE_INPUT,
    Prediction,
    scores_by_class,
    steps,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from portable.explanation import Explanation
    from portable.model import Model

    from serving.runtimes import Explained
    from serving.runtimes.rows import Columns


for _module in READERS:
    import_module(_module)


class PortableModel:
    """Answers texts, each normalised first as the model's training did; or records, by the values
    of the manifest's fields in their order, None for what is missing."""

    runtime = "portable"
    tolerance = TOLERANCE

    def __init__(
        self, model: Model, manifest: Mapping[str, Any], normalise: Callable[[str], str] = str
    ) -> None:
        """Raises `LoadError` where the estimators take other columns than the manifest names."""
        self._model = model
        self.classes = model.classes_
        self._row: Callable[[Any], Any] = normalise
        self._described: Callable[[Any], dict[str, object]] = _terms
        if not model.takes_text:
            # By its name: the package of a model of texts goes without.
            rows = import_module("serving.runtimes.rows")
            columns: Columns = rows.Columns(manifest, model.n_features)
            self._row = columns.row
            self._described = lambda exact: columns.explanation(exact, model.feature_names)

    def predict(self, inputs: Sequence[Any]) -> list[Prediction]:
        """The label of each input and the probability or the score of each class; or the number or
        numbers of each. Raises `Problem` unusable-input."""
        outcomes = self._block(inputs) if len(inputs) > 1 else None
        if outcomes is None:
            outcomes = self._outcomes(self._model.predict, inputs)
        return [self._prediction(*outcome) for outcome in outcomes]

    def predict_and_explain(self, inputs: Sequence[Any]) -> Explained:
        """As `predict`, and what decided each answer, the weightiest first.

        Of a text, the tokens: contributions are log-odds of `label` over `against`, and with
        `prior` they sum to `log_odds`. Tokens are the normalised text's: of `f r e e`, the token
        is `free`. Of a record, what each field adds to the score. Raises `Problem` not-explained
        where that cannot be told exactly.
        """
        predictions, explanations = [], []
        for *outcome, explanation in self._outcomes(self._model.predict_and_explain, inputs):
            if explanation is None:
                raise Problem(
                    NOT_EXPLAINED,
                    "This kind of model gives no contributions of features. Ask without explain.",
                )
            predictions.append(self._prediction(*outcome))
            explanations.append(self._described(explanation))
        return predictions, explanations

    def _block(self, inputs: Sequence[Any]) -> list[Any] | None:
        """What the model says of all inputs at once; None where one of them cannot be answered,
        which shows when they are answered one by one."""
        try:
            return self._model.predict_many(list(map(self._row, inputs)))
        except UnusableRow:
            return None

    def _outcomes(self, ask: Callable[[Any], Any], inputs: Sequence[Any]) -> list[Any]:
        outcomes = []
        for place, value in enumerate(inputs):
            try:
                outcomes.append(ask(self._row(value)))
            except UnusableRow as refusal:
                raise Problem(
                    UNUSABLE_INPUT,
                    f"Input {place}, counted from 0, cannot be answered. {refusal} Send every "
                    "value that the model needs, and numbers of usual size.",
                ) from None
        return outcomes

    def _prediction(
        self, predicted: Any, probabilities: list[float] | None, scores: list[float] | None
    ) -> Prediction:
        # Of several outputs there are no numbers by class: which output's would they be?
        if not self.classes:
            return Prediction(predicted)
        return Prediction(predicted, probabilities, scores_by_class(scores, self.classes))


def _terms(explanation: Explanation) -> dict[str, object]:
    return {
        "label": explanation.label,
        "against": explanation.against,
        "log_odds": explanation.log_odds,
        "prior": explanation.prior,
        "tokens": [
            {"token": token, "contribution": contribution, "count": count}
            for token, contribution, count in explanation.tokens
        ],
    }


def load(
    files: dict[str, bytes], manifest: Mapping[str, Any], normalise: Callable[[str], str] = str
) -> PortableModel:
    """The model of pickled estimators.

    Raises `LoadError`, and the portable runtime's `ValueError` for what it refuses.
    """
    # The files have the digests that the template pins, and there is no template for files whose
    # opcodes were not scanned.
    model = load_each(steps(files, manifest), scanned=True)
    return PortableModel(model, manifest, normalise)

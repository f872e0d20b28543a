"""The service reads a text as its model's manifest says it was trained to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from portable.errors import UnsupportedModel
from spam_or_ham.handler import runtime
from spam_or_ham.normalisation import VERSION

from tools.local_aws.small_model import small_model

if TYPE_CHECKING:
    from serving.runtimes import Model

OBFUSCATED = "f\u200bree   p r i z e   n o w"


def _model(**changes: object) -> Model:
    files = small_model()
    manifest = {**json.loads(files.pop("manifest.json")), **changes}
    return runtime()(files, manifest)


def _probabilities(model: Model, text: str) -> object:
    (prediction,) = model.predict([text])
    return prediction.predicted, prediction.probabilities


def _explanation(model: Model, text: str) -> object:
    _, (explanation,) = model.predict_and_explain([text])
    return explanation


def test_a_normalising_model_sees_through_an_obfuscation() -> None:
    model = _model(normalisation=VERSION)
    assert _probabilities(model, OBFUSCATED) == _probabilities(model, "free prize now")
    assert _explanation(model, OBFUSCATED) == _explanation(model, "free prize now")


@pytest.mark.parametrize("text", [OBFUSCATED, "see you at noon", "unknown", "", "call call 1000"])
def test_prediction_and_explanation_are_the_same_together(text: str) -> None:
    model = _model(normalisation=VERSION)
    (prediction,), (explanation,) = model.predict_and_explain([text])
    assert (prediction.predicted, prediction.probabilities) == _probabilities(model, text)
    weighs_more: Any = explanation["log_odds"]
    assert (weighs_more > 0) == (prediction.predicted == explanation["label"])


def test_a_model_trained_on_texts_as_they_are_gets_them_so() -> None:
    model = _model(normalisation=None)
    assert _probabilities(model, OBFUSCATED) != _probabilities(model, "free prize now")


@pytest.mark.parametrize("normalisation", ["v0", ""])
def test_an_unknown_normalisation_is_refused(normalisation: str) -> None:
    with pytest.raises(UnsupportedModel, match=repr(normalisation)):
        _model(normalisation=normalisation)


def test_a_manifest_that_does_not_say_is_refused() -> None:
    files = small_model()
    manifest = json.loads(files.pop("manifest.json"))
    del manifest["normalisation"]
    with pytest.raises(UnsupportedModel, match="train the model again"):
        runtime()(files, manifest)

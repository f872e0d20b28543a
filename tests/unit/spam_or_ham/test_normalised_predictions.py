"""The service reads a text as its model's manifest says it was trained to."""

import json

import pytest
from portable.errors import UnsupportedModel
from serving.runtimes import Model
from spam_or_ham.handler import runtime
from spam_or_ham.normalisation import VERSION

from tools.reliability.small_model import small_model

OBFUSCATED = "f\u200bree   p r i z e   n o w"


def _model(**changes: object) -> Model:
    files = small_model()
    manifest = {**json.loads(files.pop("manifest.json")), **changes}
    return runtime()(files, manifest)


def _probabilities(model: Model, text: str) -> object:
    (prediction,) = model.predict([text])
    return prediction.predicted, prediction.probabilities


def test_a_normalising_model_sees_through_an_obfuscation() -> None:
    model = _model(normalisation=VERSION)
    assert _probabilities(model, OBFUSCATED) == _probabilities(model, "free prize now")
    assert model.explain(OBFUSCATED) == model.explain("free prize now")


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

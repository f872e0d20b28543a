"""The predictor reads a text as its model's manifest says it was trained to."""

import json

import pytest
from portable.errors import UnsupportedModel
from spam_or_ham.normalisation import VERSION
from spam_or_ham.predictor import SpamPredictor, load

from tools.reliability.small_model import small_model

DISGUISED = "f\u200bree   p r i z e   n o w"


def _predictor(normalisation: str | None) -> SpamPredictor:
    files = small_model()
    manifest = json.loads(files["manifest.json"])
    manifest["normalisation"] = normalisation
    return load({**files, "manifest.json": json.dumps(manifest).encode()})


def test_a_normalising_model_sees_through_a_disguise() -> None:
    predictor = _predictor(VERSION)
    assert predictor.predict(DISGUISED) == predictor.predict("free prize now")
    assert predictor.explain(DISGUISED) == predictor.explain("free prize now")


@pytest.mark.parametrize("text", [DISGUISED, "see you at noon", "unknown", "", "call call 1000"])
def test_prediction_and_explanation_are_the_same_together(text: str) -> None:
    predictor = _predictor(VERSION)
    together = predictor.predict_and_explain(text)
    assert together == (*predictor.predict(text), predictor.explain(text))


def test_a_model_trained_on_texts_as_they_are_gets_them_so() -> None:
    predictor = _predictor(None)
    assert predictor.predict(DISGUISED) != predictor.predict("free prize now")


def test_an_unknown_normalisation_is_refused() -> None:
    with pytest.raises(UnsupportedModel, match="'v0'"):
        _predictor("v0")


def test_a_manifest_that_does_not_say_is_refused() -> None:
    files = small_model()
    manifest = json.loads(files["manifest.json"])
    del manifest["normalisation"]
    with pytest.raises(UnsupportedModel, match="does not say"):
        load({**files, "manifest.json": json.dumps(manifest).encode()})

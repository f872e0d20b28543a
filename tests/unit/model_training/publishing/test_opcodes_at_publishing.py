"""What a function no longer scans, because it was, is scanned whenever a model is published."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from portable.errors import UnsafePickle
from serving.runtimes import portable

from model_training.publishing import runtimes
from tests.harness.small_tabular_model import small_tabular_model
from tools.local_aws.small_model import Files, small_model

CASES: list[tuple[Callable[[], Files], Any, str]] = [
    (small_model, portable.load, "tfidf_vectorizer.pkl"),
    (small_model, portable.load, "naive_bayes_clf.pkl"),
    (small_tabular_model, portable.load, "gradient_boosting_clf.pkl"),
]


@pytest.mark.parametrize(("make", "load", "name"), CASES, ids=[name for *_, name in CASES])
def test_every_pickle_is_scanned(make: Callable[[], Files], load: Any, name: str) -> None:
    files = make()
    manifest = json.loads(files.pop("manifest.json"))
    manifest["artifacts"] = dict.fromkeys(files)
    runtimes.load(files, manifest)
    files[name] += b"K\x01."
    # Bytes after the end are read by nothing, and nothing but the scan finds them.
    assert load(dict(files), manifest).classes
    with pytest.raises(UnsafePickle):
        runtimes.load(files, manifest)

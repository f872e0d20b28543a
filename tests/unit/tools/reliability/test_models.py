"""The models that run under load are told apart by the version that a function answers with."""

from __future__ import annotations

import json

from model_training.publishing.manifests import describe
from tools.local_aws.small_model import pinned
from tools.reliability.models import CLASSIFIER, MANIFEST, VECTORIZER, Generation, small, successor


def published() -> Generation:
    """A small model whose manifest names its artifacts, as that of a trained one does."""
    files = small().files
    manifest = json.loads(files[MANIFEST])
    manifest["artifacts"] = describe({name: files[name] for name in (VECTORIZER, CLASSIFIER)})
    return Generation({**files, MANIFEST: json.dumps(manifest).encode()})


def test_a_model_has_the_version_that_its_function_is_told() -> None:
    for model in (small(), published(), successor(published())):
        assert model.version == pinned(model.files, "spam_or_ham")["MODEL_VERSION"]


def test_a_successor_is_another_version() -> None:
    for model in (small(), published()):
        assert successor(model).version != model.version
        assert (
            pinned(successor(model).files, "spam_or_ham")["MODEL_VERSION"]
            != pinned(model.files, "spam_or_ham")["MODEL_VERSION"]
        )

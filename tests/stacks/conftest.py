"""Every stage is synthesized once per session, for a model of a few bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from stacks.published_model import Artifact, PublishedModel
from stacks.stages import STAGES, Stage
from tests.stacks.assembly import Assembly, synthesize

FILES = {
    "tfidf_vectorizer.pkl": b"terms",
    "naive_bayes_clf.pkl": b"weights",
    "manifest.json": b"{}",
}


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> PublishedModel:
    """A model folder as far as the infrastructure looks into one."""
    folder = tmp_path_factory.mktemp("model")
    artifacts = {}
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        artifacts[name] = Artifact(sha256=digest, bytes=len(content))
    return PublishedModel(
        name="spam_or_ham", version="0123456789ab", folder=folder, artifacts=artifacts
    )


@pytest.fixture(scope="session")
def synthesized(
    tmp_path_factory: pytest.TempPathFactory, model: PublishedModel
) -> Callable[[Stage], Assembly]:
    """Synthesize a stage, or hand out what was synthesized before."""

    @cache
    def once(stage: Stage) -> Assembly:
        folder: Path = tmp_path_factory.mktemp(f"cdk-{stage.name}")
        return synthesize(folder, stage=stage, model=model)

    return once


@pytest.fixture(scope="session")
def dev(synthesized: Callable[[Stage], Assembly]) -> Assembly:
    """The development stage."""
    return synthesized(STAGES["dev"])


@pytest.fixture(scope="session")
def prod(synthesized: Callable[[Stage], Assembly]) -> Assembly:
    """The production stage."""
    return synthesized(STAGES["prod"])


@pytest.fixture(scope="session")
def local(synthesized: Callable[[Stage], Assembly]) -> Assembly:
    """The stage for the emulated AWS."""
    return synthesized(STAGES["local"])


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, model: PublishedModel) -> Assembly:
    """The development stage after a retraining, behind an API key, with an address for alarms."""
    changed = replace(model.artifacts["naive_bayes_clf.pkl"], sha256="f" * 64)
    retrained = replace(
        model,
        version="ba9876543210",
        artifacts={**model.artifacts, "naive_bayes_clf.pkl": changed},
    )
    return synthesize(
        tmp_path_factory.mktemp("cdk-other"),
        stage=replace(STAGES["dev"], auth="api_key"),
        model=retrained,
        context={"alarm_email": "on-call@example.org"},
    )


@pytest.fixture(scope="session")
def signed(synthesized: Callable[[Stage], Assembly]) -> Assembly:
    """The development stage for callers that sign with AWS credentials."""
    return synthesized(replace(STAGES["dev"], auth="iam"))

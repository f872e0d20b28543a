"""Every stage is synthesized once per session, for a model of a few words."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from model_training.publishing import artifacts, manifests
from model_training.spam_or_ham.publish import CLASSIFIER, VECTORIZER
from stacks.config.model_service import Architecture
from stacks.config.published_model import PublishedModel
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Stage
from stacks.packaging.layers.built import BuiltLayers, read_layers
from stacks.packaging.layers.libraries import LIBRARIES
from stacks.packaging.layers.target import target_named
from tests.harness.reference import ADDED, REFERENCE
from tests.harness.small_tabular_model import small_tabular_model
from tests.stacks.small_layers import write_small_layers
from tools import PROJECT
from tools.reliability.defects.assembly import Assembly, synthesize
from tools.verified_model import verified_model

HAM = [f"see you at {hour} for lunch" for hour in range(1, 26)]
SPAM = [f"win {amount} pounds, call now" for amount in range(100, 125)]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models so small that they train in milliseconds, and that are real ones."""
    folder = tmp_path_factory.mktemp("models")
    texts = HAM + SPAM
    vectorizer = TfidfVectorizer().fit(texts)
    classifier = MultinomialNB().fit(vectorizer.transform(texts), ["ham"] * 25 + ["spam"] * 25)
    probabilities = classifier.predict_proba(vectorizer.transform(texts)).tolist()
    golden = [
        {
            "input": text,
            "prediction": "ham" if ham > spam else "spam",
            "probabilities": {"ham": ham, "spam": spam},
        }
        for text, (ham, spam) in zip(texts, probabilities, strict=True)
    ]
    pair = {VECTORIZER: vectorizer, CLASSIFIER: classifier}
    artifacts.write(
        folder / "spam_or_ham",
        {name: pickle.dumps(estimator, protocol=4) for name, estimator in pair.items()},
        {
            "schema": manifests.SCHEMA,
            "kind": "text",
            "name": "spam_or_ham",
            "labels": ["ham", "spam"],
            "runtime": "portable",
            "normalisation": None,
            "golden": golden,
        },
    )
    tabular = dict(small_tabular_model())
    manifest = json.loads(tabular.pop(manifests.MANIFEST))
    artifacts.write(folder / "breast_cancer", tabular, {**manifest, "normalisation": None})
    for service in SERVICES:
        # What was trained for hours and is kept with the sources, and what somebody has added.
        if not (folder / service.name).exists():
            shutil.copytree(PROJECT / service.model_folder, folder / service.name)
    return folder


@pytest.fixture(scope="session")
def published(models: Path) -> dict[str, PublishedModel]:
    """Those models as app.py describes them to the stacks."""
    return {service.name: verified_model(service, models / service.name) for service in SERVICES}


@pytest.fixture(scope="session")
def model(published: dict[str, PublishedModel]) -> PublishedModel:
    """The model of spam-or-ham."""
    return published["spam_or_ham"]


@pytest.fixture(scope="session")
def layers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `make layers` leaves it, with layers of a few bytes for every runtime."""
    folder = tmp_path_factory.mktemp("layers")
    for libraries in LIBRARIES.values():
        for architecture in get_args(Architecture):
            write_small_layers(folder, libraries, target_named("lambda", architecture))
    return folder


@pytest.fixture(scope="session")
def layers_by_service(layers_folder: Path) -> dict[str, BuiltLayers]:
    """Layers of a few bytes for every service that needs some as a zip."""
    return {
        service.name: read_layers(
            layers_folder,
            LIBRARIES[service.runtime],
            target_named("lambda", service.architecture),
        )
        for service in SERVICES
        if service.runtime in LIBRARIES
    }


@pytest.fixture(scope="session")
def synthesized(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
) -> Callable[[Stage], Assembly]:
    """Synthesize a stage, or hand out what was synthesized before."""

    @cache
    def once(stage: Stage) -> Assembly:
        folder: Path = tmp_path_factory.mktemp(f"cdk-{stage.name}")
        return synthesize(folder, stage=stage, models=published, layers=layers_by_service)

    return once


@pytest.fixture(scope="session")
def reference(
    dev: Assembly,
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
) -> Assembly:
    """The development stage with the services of this repository, and none that was added."""
    if not ADDED:
        return dev
    folder = tmp_path_factory.mktemp("cdk-reference")
    return synthesize(
        folder,
        stage=STAGES["dev"],
        models=published,
        services=REFERENCE,
        layers=layers_by_service,
    )


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
def other(
    tmp_path_factory: pytest.TempPathFactory,
    published: dict[str, PublishedModel],
    layers_by_service: dict[str, BuiltLayers],
) -> Assembly:
    """The development stage after a retraining, behind an API key, with an address for alarms, and
    in images what needs libraries."""
    model = published["spam_or_ham"]
    changed = replace(model.artifacts["naive_bayes_clf.pkl"], sha256="f" * 64)
    retrained = replace(
        model,
        version="ba9876543210",
        artifacts={**model.artifacts, "naive_bayes_clf.pkl": changed},
    )
    return synthesize(
        tmp_path_factory.mktemp("cdk-other"),
        stage=replace(STAGES["dev"], auth="api_key"),
        models={**published, model.name: retrained},
        services=[
            replace(service, package="image") if service.runtime in LIBRARIES else service
            for service in SERVICES
        ],
        layers=layers_by_service,
        context={"alarm_email": "on-call@example.org"},
    )


@pytest.fixture(scope="session")
def signed(synthesized: Callable[[Stage], Assembly]) -> Assembly:
    """The development stage for callers that sign with AWS credentials."""
    return synthesized(replace(STAGES["dev"], auth="iam"))

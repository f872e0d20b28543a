"""A small made-up corpus, and a model folder trained on it."""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from model_training.publishing import manifests, proof, pythons
from model_training.spam_or_ham import publish
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.recipes import RECIPES

SPAM_WORDS = [
    "win",
    "free",
    "prize",
    "call",
    "now",
    "cash",
    "txt",
    "urgent",
    "£1000",
    "08001234567",
]
HAM_WORDS = [
    "see",
    "you",
    "later",
    "ok",
    "lunch",
    "home",
    "love",
    "sorry",
    "i'll",
    "call",
    "?",
    ".",
]


def made_up_corpus(rows: int = 240, seed: int = 7) -> Corpus:
    """Every fourth message spam; a tenth of the words from the other side; a few repetitions."""
    random_source = random.Random(seed)  # noqa: S311  (made-up words, no secrets)
    texts, labels = [], []
    for number in range(rows):
        own, other = (SPAM_WORDS, HAM_WORDS) if number % 4 == 0 else (HAM_WORDS, SPAM_WORDS)
        words = [
            random_source.choice(other if random_source.random() < 0.1 else own)
            for _ in range(random_source.randint(4, 12))
        ]
        texts.append(" ".join(words))
        labels.append("spam" if number % 4 == 0 else "ham")
    texts[-4:], labels[-4:] = texts[:4], labels[:4]
    return Corpus(
        texts=tuple(texts),
        labels=tuple(labels),
        source="made up",
        sha256="0" * 64,
        licence="none",
        credit="nobody",
    )


@pytest.fixture(scope="package", autouse=True)
def _quick_proof() -> Iterator[None]:
    """A proof of 300 generated texts under this Python alone: a sample of what training does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "GENERATED", 300)
        patch.setattr(pythons, "pythons_at_hand", lambda: [Path(sys.executable)])
        yield


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return made_up_corpus()


@pytest.fixture(scope="package")
def trained(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, _quick_proof: None) -> Path:
    """A published model folder; tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("models") / "spam_or_ham"
    pair = RECIPES["default"].fit(corpus.texts, corpus.labels)
    entries = {"recipe": "default", "data": publish.data_facts(corpus), "metrics": None}
    publish.publish(folder, pair, corpus.texts, entries)
    return folder


@pytest.fixture
def model(trained: Path, tmp_path: Path) -> Path:
    """A copy of the model folder, to be damaged."""
    return Path(shutil.copytree(trained, tmp_path / "spam_or_ham"))


@pytest.fixture
def change(model: Path) -> Callable[[Callable[[dict[str, Any]], object]], None]:
    """Changes the copy's manifest with a function."""

    def apply(edit: Callable[[dict[str, Any]], object]) -> None:
        path = model / manifests.MANIFEST
        manifest = json.loads(path.read_bytes())
        edit(manifest)
        path.write_bytes(manifests.encode(manifest))

    return apply

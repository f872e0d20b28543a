"""The benchmark of spam-or-ham: its model, its peers' models and packages, and its parity."""

from __future__ import annotations

import json
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
from portable.model import load

from model_training.publishing import proof
from model_training.publishing.generated_texts import generated_texts
from model_training.spam_or_ham import dataset
from model_training.spam_or_ham.evaluate import article_parts
from model_training.spam_or_ham.recipes import RECIPES
from stacks.config.services import SERVICES
from tools.bench import own_package, packages
from tools.bench.made import make_once
from tools.bench.variants import ARTICLE, NOOP, ONNX, OURS, SOURCES, TUNED, Variant, Workbench
from tools.local_aws.events import rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.small_model import BUCKET, pinned, place, place_bundle

NAME = "spam_or_ham"
MESSAGE = "you know it is urgent and free"
"""The article's own example."""
PICKLES = ("tfidf_vectorizer.pkl", "naive_bayes_clf.pkl")
NEEDS: dict[str, tuple[str, ...]] = {
    NOOP: (),
    ARTICLE: ("scikit-learn", "joblib"),
    TUNED: ("scikit-learn",),
    ONNX: ("onnxruntime", "numpy"),
}
PRUNED = (TUNED, ONNX)
GENERATED_SEED = 20260301
_HERE = Path(__file__).parent

Say = Callable[[str], None]


class SpamOrHam:
    """What is benchmarked, made in `folder`; `site` is where the peers' packages are installed."""

    def __init__(self, project: Path, folder: Path, bench_python: Path, site: Path) -> None:
        self._project = project
        self._folder = folder
        self._bench_python = bench_python
        self._site = site
        self._corpus = dataset.load("pypi", None, project / ".cache")
        model = project / "build" / "models" / NAME
        self._model_folder = model
        self._model = {n: (model / n).read_bytes() for n in (*PICKLES, "manifest.json")}

    def prepare(self, say: Say) -> Workbench:
        """Makes packages and models that are not there yet; `say` is told of each long step."""
        peers, models = self._folder / "peers", self._folder / "models"
        made_by = [_HERE / "packages.py", _HERE / "distributions.py", Path(__file__)]
        made_by += [self._project / "requirements/bench.txt", *_HERE.glob("peers/*.py")]
        make_once(peers, made_by, (), lambda folder: self._make_peers(folder, say))
        converted_by = [_HERE / "onnx_model.py", Path(__file__)]
        model = self._model.values()
        make_once(models, converted_by, model, lambda folder: self._make_models(folder, say))
        sizes = packages.recall(peers / "sizes.json")
        for name in (OURS, SOURCES):
            folder = self._folder / name
            sizes[name] = own_package.make(self._project, NAME, folder, compiled=name == OURS)
        objects, environ = self._objects(models)
        handler = next(s.handler for s in SERVICES if s.name == NAME)
        variants = [Variant(NOOP, peers / NOOP, "handler.handler", {})]
        variants += [Variant(n, self._folder / n, handler, environ) for n in (OURS, SOURCES)]
        variants += [
            Variant(n, peers / n, "handler.handler", {"BUCKET": n}) for n in (ONNX, TUNED, ARTICLE)
        ]
        differences = json.loads((models / "differences.json").read_text())
        return Workbench(tuple(variants), objects, rest(MESSAGE), MESSAGE, sizes, differences)

    def _make_peers(self, folder: Path, say: Say) -> None:
        sizes = {}
        for name, needs in NEEDS.items():
            say(f"packaging {name}")
            packages.make_peer(folder / name, _HERE / "peers" / f"{name}.py", needs, self._site)
            if name in PRUNED:
                packages.prune(folder / name)
            sizes[name] = packages.measure(folder / name)
        packages.remember(folder / "sizes.json", sizes)

    def _make_models(self, folder: Path, say: Say) -> None:
        say("training the article's pair")
        article = folder / ARTICLE
        article.mkdir()
        texts, _, labels, _ = article_parts(self._corpus.texts, self._corpus.labels)
        for estimator, name in zip(RECIPES["article"].fit(texts, labels), PICKLES, strict=True):
            joblib.dump(estimator, article / name)
        say("converting our pair to ONNX and comparing its answers")
        (folder / "texts.json").write_text(json.dumps(self._corpus.texts))
        script = [str(self._bench_python), str(_HERE / "onnx_model.py")]
        subprocess.run([*script, self._model_folder, folder / "texts.json", folder], check=True)

    def _objects(self, models: Path) -> tuple[dict[str, bytes], dict[str, str]]:
        """What the functions read, by path on S3, and what ours is told of it."""
        with FakeS3() as s3:
            place(s3, self._model)
            objects = dict(s3.objects)
        environ = {**pinned(self._model, NAME), "MODEL_BUCKET": BUCKET}
        environ |= place_bundle(objects, self._model, NAME)
        for name in PICKLES:
            objects[f"/{ARTICLE}/{name}"] = (models / ARTICLE / name).read_bytes()
            objects[f"/{TUNED}/{name}"] = self._model[name]
        objects[f"/{ONNX}/model.onnx"] = (models / "model.onnx").read_bytes()
        return objects, environ

    def parity(self) -> dict[str, Any]:
        """Ours against scikit-learn over the corpus and generated texts: mismatches, distance."""
        vectorizer, classifier = (pickle.loads(self._model[name]) for name in PICKLES)
        terms = sorted(vectorizer.vocabulary_)
        texts = [*self._corpus.texts, *generated_texts(GENERATED_SEED, 10_000, terms)]
        expected = proof.oracle((vectorizer, classifier), {"kind": "text"}, texts)
        ours = load(*(self._model[name] for name in PICKLES))
        mismatches, furthest = 0, 0.0
        for text, label, row in zip(texts, expected.predicted, expected.numbers, strict=True):
            predicted, probabilities, _ = ours.predict(text)
            mismatches += predicted != label
            furthest = max(furthest, *map(abs, map(float.__sub__, probabilities or (), row)))
        return {"texts": len(texts), "label_mismatches": mismatches, "max_abs_diff": furthest}

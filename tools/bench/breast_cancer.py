"""The benchmark of breast-cancer: its peers' packages and layers, and its parity."""

from __future__ import annotations

import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib

from model_training.breast_cancer import dataset
from model_training.publishing import generated_rows, proof
from stacks.packaging.layers.built import CACHE, read_layers
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.libraries import SCIKIT_LEARN
from stacks.packaging.layers.target import target_named
from tools.bench import own_package, packages
from tools.bench.distributions import closure, copy
from tools.bench.made import make_once
from tools.bench.variants import ARTICLE, LAYERS, NOOP, OURS, SOURCES, Variant, Workbench
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.served_models import VARIANTS
from tools.local_aws.small_model import BUCKET, pinned, place, place_bundle

NAME = "breast_cancer"
CLASSIFIER = "gradient_boosting_clf.pkl"
NEEDS = ("scikit-learn", "joblib", "numpy")
GENERATED = 10_000
GENERATED_SEED = 20260301
_HERE = Path(__file__).parent

Say = Callable[[str], None]


class BreastCancer:
    """What is benchmarked, made in `folder`; `site` is where the peers' packages are installed.

    A function with layers is a folder with its own files in `task` and the layers' in `python`.
    """

    def __init__(self, project: Path, folder: Path, bench_python: Path, site: Path) -> None:  # noqa: ARG002 - as every service's
        self._project = project
        self._folder = folder
        self._site = site
        self._deployed = next(v for v in VARIANTS if v.service.name == NAME)
        self._files = self._deployed.files

    def prepare(self, say: Say) -> Workbench:
        """Makes packages that are not there yet; `say` is told of each long step."""
        peers, pickled = self._folder / "peers", self._files[CLASSIFIER]
        made_by = [_HERE / "packages.py", _HERE / "distributions.py", Path(__file__)]
        made_by += [self._project / "requirements/bench.txt", _HERE / "peers" / "noop.py"]
        made_by += [_HERE / "peers" / NAME / "article.py"]
        make_once(peers, made_by, [pickled], lambda folder: self._make_peers(folder, say))
        sizes = packages.recall(peers / "sizes.json")
        for name in (OURS, SOURCES):
            folder = self._folder / name
            sizes[name] = own_package.make(self._project, NAME, folder, compiled=name == OURS)
        with FakeS3() as s3:
            place(s3, self._files, NAME)
            objects = dict(s3.objects)
        environ = {**pinned(self._files, NAME), "MODEL_BUCKET": BUCKET}
        environ |= place_bundle(objects, self._files, NAME)
        handler = self._deployed.service.handler
        variants = [Variant(NOOP, peers / NOOP, "handler.handler", {})]
        variants += [Variant(n, self._folder / n, handler, environ) for n in (OURS, SOURCES)]
        try:
            sizes[LAYERS] = self._make_layered(self._folder / LAYERS)
            on_layers = {**environ, **pinned(self._files, NAME, "scikit-learn")}
            variants.append(_with_layers(LAYERS, self._folder / LAYERS, handler, on_layers))
        except LayerError as absent:
            say(f"leaving out our scikit-learn runtime: {absent}")
        variants.append(_with_layers(ARTICLE, peers / ARTICLE, "handler.handler", {}))
        event = self._deployed.example()
        return Workbench(tuple(variants), objects, event, event["body"], sizes, {})

    def _make_peers(self, folder: Path, say: Say) -> None:
        packages.make_peer(folder / NOOP, _HERE / "peers" / "noop.py", (), self._site)
        say("packaging the article's function and layers")
        article = folder / ARTICLE
        packages.make_peer(article / "task", _HERE / "peers" / NAME / "article.py", (), self._site)
        joblib.dump(pickle.loads(self._files[CLASSIFIER]), article / "task" / CLASSIFIER)
        copy(closure(NEEDS, self._site, frozenset()), article / "python")
        sizes = {name: packages.measure(folder / name) for name in (NOOP, ARTICLE)}
        packages.remember(folder / "sizes.json", sizes)

    def _make_layered(self, folder: Path) -> packages.Size:
        """Our package beside the layers that `make layers TARGET=here` built."""
        layers = read_layers(CACHE, SCIKIT_LEARN, target_named("here")).layers
        shutil.rmtree(folder, ignore_errors=True)
        own = own_package.make(
            self._project, NAME, folder / "task", compiled=True, runtime="scikit-learn"
        )
        for layer in layers:
            with zipfile.ZipFile(layer.file) as archive:
                archive.extractall(folder)
        return packages.Size(
            own.unzipped + sum(layer.unzipped for layer in layers),
            own.zipped + sum(layer.zipped for layer in layers),
        )

    def parity(self) -> dict[str, Any]:
        """Ours against scikit-learn over the data set and generated rows.

        Raises `ParityError` beyond the tolerance a model is published with.
        """
        pickled = self._files[CLASSIFIER]
        estimator = pickle.loads(pickled)
        rows = [list(map(float, row)) for row in dataset.load().rows()]
        rows += generated_rows.rows_for(estimator, rows, GENERATED_SEED, GENERATED)
        manifest = json.loads(self._files["manifest.json"])
        names = [field["name"] for field in manifest["fields"]]
        records = [dict(zip(names, row, strict=True)) for row in rows]
        expected = proof.oracle([estimator], manifest, records)
        report = proof.prove({CLASSIFIER: pickled}, manifest, records, expected)
        return {
            "texts": report.inputs,
            "label_mismatches": report.label_mismatches,
            "max_abs_diff": report.max_abs_difference,
        }


def _with_layers(name: str, folder: Path, handler: str, environ: dict[str, str]) -> Variant:
    path = {"PYTHONPATH": str(folder / "python")}
    return Variant(name, folder / "task", handler, {**environ, **path})

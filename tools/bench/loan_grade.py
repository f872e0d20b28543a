"""The benchmark of loan-grade: Keras and TensorFlow as peers, on the Python that has them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.bench import own_package, packages
from tools.bench.distributions import closure, copy
from tools.bench.made import make_once
from tools.bench.variants import ARTICLE, KERAS, NOOP, OURS, SOURCES, Variant, Workbench
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.served_models import VARIANTS
from tools.local_aws.small_model import BUCKET, pinned, place, place_bundle

NAME = "loan_grade"
NETWORK = "network.json"
# By what the folder of packages is for: what is installed in it.
STEPS: dict[str, tuple[str, ...]] = {
    "tensorflow": ("tensorflow-cpu", "keras"),
    "litert": ("ai-edge-litert", "numpy"),
    "onnx": ("onnxruntime", "numpy"),
    "numpy": ("numpy",),
}
_HERE = Path(__file__).parent

Say = Callable[[str], None]


class LoanGrade:
    """What is benchmarked, made in `folder`; `site` is where Keras and TensorFlow are installed.

    The peers' packages are shared by both: 1.2 GB are copied and zipped once.
    """

    def __init__(self, project: Path, folder: Path, python: Path, site: Path) -> None:
        self._project = project
        self._folder = folder
        self._python = python
        self._site = site
        self._deployed = next(v for v in VARIANTS if v.service.name == NAME)
        self._files = self._deployed.files

    def prepare(self, say: Say) -> Workbench:
        """Makes packages that are not there yet; `say` is told of each long step."""
        installed, models = self._folder / "installed", self._folder / "models"
        locked = [self._project / "requirements/keras.txt", _HERE / "distributions.py"]
        make_once(installed, locked, [repr(STEPS).encode()], lambda to: self._install(to, say))
        event = self._deployed.example()
        loan = json.loads(event["body"])[0]
        event["body"] = json.dumps(loan)
        parts = [self._files[NETWORK], event["body"].encode()]
        made_by = [_HERE / "keras_loans.py", *self._project.glob("model_training/loan_grade/*.py")]
        make_once(models, made_by, parts, lambda to: self._rebuild(to, loan, say))
        # Only the peers look at it: the article's requests come scaled and encoded.
        event["encoded"] = json.loads((models / "encoded.json").read_text())
        sizes = packages.recall(installed / "sizes.json")
        variants = self._peers(installed, sizes)
        for name in (OURS, SOURCES):
            compiler = self._python if name == OURS else None
            folder = self._folder / name
            sizes[name] = own_package.make_by(self._project, NAME, folder, compiler)
        objects, environ = self._objects(models)
        handler = self._deployed.service.handler
        variants[1:1] = [Variant(n, self._folder / n, handler, environ) for n in (OURS, SOURCES)]
        message = "the first loan of examples/loan_grade.json"
        return Workbench(tuple(variants), objects, event, message, sizes, {})

    def _install(self, folder: Path, say: Say) -> None:
        sizes = {}
        for name, needs in STEPS.items():
            say(f"installing and zipping {name}")
            copy(closure(needs, self._site, frozenset()), folder / name)
            packages.compile_with(self._python, folder / name)
            sizes[name] = packages.measure(folder / name)
        packages.remember(folder / "sizes.json", sizes)

    def _rebuild(self, folder: Path, loan: dict[str, Any], say: Say) -> None:
        say("our network back in Keras, and its answers")
        (folder / "loan.json").write_text(json.dumps(loan))
        (folder / NETWORK).write_bytes(self._files[NETWORK])
        files = [str(folder / NETWORK), str(folder)]
        command = [str(self._python), "-m", "tools.bench.keras_loans", *files]
        subprocess.run(command, check=True, cwd=self._project)

    def _peers(self, installed: Path, sizes: dict[str, packages.Size]) -> list[Variant]:
        """The no-op, the article's handler and the tuned one."""
        path = {"PYTHONPATH": str(installed / "tensorflow")}
        peers = []
        for name in (NOOP, ARTICLE, KERAS):
            folder = self._folder / name
            shutil.rmtree(folder, ignore_errors=True)
            file = _HERE / "peers" / ("" if name == NOOP else NAME) / f"{name}.py"
            packages.make_peer(folder, file, (), self._site)
            if name != NOOP:
                layer = self._project / "model_training" / NAME / "cumulative.py"
                shutil.copyfile(layer, folder / "cumulative.py")
            own, packed = packages.measure(folder), sizes["tensorflow"]
            sizes[name] = own if name == NOOP else own + packed
            environ = {} if name == NOOP else {**path, "BUCKET": "peers"}
            peers.append(Variant(name, folder, "handler.handler", environ))
        return peers

    def _objects(self, models: Path) -> tuple[dict[str, bytes], dict[str, str]]:
        """What the functions read, by path on S3, and what ours is told of it."""
        with FakeS3() as s3:
            place(s3, self._files, NAME)
            objects = dict(s3.objects)
        objects["/peers/loan_grade.keras"] = (models / "loan_grade.keras").read_bytes()
        environ = {**pinned(self._files, NAME), "MODEL_BUCKET": BUCKET}
        return objects, environ | place_bundle(objects, self._files, NAME)

    def parity(self) -> dict[str, Any]:
        """Ours against Keras over the data set and loans that no data has."""
        recorded = json.loads((self._folder / "models" / "parity.json").read_text())
        assert isinstance(recorded, dict)
        return recorded

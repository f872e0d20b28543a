"""Importing and predicting from layers in a clean process: nothing else provides the libraries."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from stacks.layers.built import BuiltLayers
from stacks.layers.errors import LayerError

_SECONDS = 120
# -I keeps this environment's own site-packages and variables out, -S the site module: what is
# imported comes from the layers or from Python itself.
_PROGRAM = """
import json, sys
sys.path[:0] = sys.argv[1:]
import joblib, numpy, scipy, sklearn
from sklearn.ensemble import GradientBoostingClassifier
rows = numpy.arange(40.0).reshape(20, 2)
classes = (rows[:, 0] > 19).astype(int)
fitted = GradientBoostingClassifier(n_estimators=5, random_state=0).fit(rows, classes)
homes = {module.__name__: module.__file__ for module in (joblib, numpy, scipy, sklearn)}
right = fitted.predict(rows).tolist() == classes.tolist()
print(json.dumps({"homes": homes, "right": right}))
"""


def prove(built: BuiltLayers) -> None:
    """Unpack layers of this machine, import, fit and predict; `LayerError` where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        opt = Path(folder).resolve()
        for layer in built.layers:
            with zipfile.ZipFile(layer.file) as archive:
                archive.extractall(opt)
        finished = subprocess.run(  # noqa: S603 - this interpreter, our own program
            [sys.executable, "-I", "-S", "-c", _PROGRAM, str(opt / "python")],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if finished.returncode != 0:
            last = (finished.stderr.strip().splitlines() or ["no output"])[-1]
            raise LayerError(f"The layers do not work on this machine: {last}")
        answer = json.loads(finished.stdout)
        strangers = [home for home in answer["homes"].values() if not home.startswith(str(opt))]
        if strangers or not answer["right"]:
            raise LayerError(f"The layers do not work on this machine: {answer}")

"""Importing and predicting from layers in a clean process: nothing else provides the libraries."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .built import BuiltLayers
from .errors import LayerError

_SECONDS = 120
_SCIKIT_LEARN = """
import joblib, numpy, scipy, sklearn
from sklearn.ensemble import GradientBoostingClassifier
rows = numpy.arange(40.0).reshape(20, 2)
classes = (rows[:, 0] > 19).astype(int)
fitted = GradientBoostingClassifier(n_estimators=5, random_state=0).fit(rows, classes)
right = fitted.predict(rows).tolist() == classes.tolist()
used = joblib, numpy, scipy, sklearn
"""
_PANDAS = """
import numpy, pandas, sklearn
from sklearn.compose import make_column_transformer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
rows = pandas.DataFrame({"size": numpy.arange(20.0), "colour": ["red", "blue"] * 10})
encoded = make_column_transformer((OneHotEncoder(), ["colour"]), remainder="drop")
fitted = make_pipeline(encoded, KNeighborsClassifier(3)).fit(rows, rows["colour"])
right = fitted.predict(rows).tolist() == rows["colour"].tolist()
used = numpy, pandas, sklearn
"""
# The smallest model there is, one fully connected layer of [[1, 2], [3, 4]], and a picture that
# goes through each of the decoders.
_LITERT = """
import base64, io
import numpy, PIL
from PIL import Image
from ai_edge_litert import interpreter as litert
runs = litert.Interpreter(model_content=base64.b64decode(b"MODEL"), num_threads=1)
runs.allocate_tensors()
runs.set_tensor(runs.get_input_details()[0]["index"], numpy.array([[1, 10]], "float32"))
runs.invoke()
right = runs.get_tensor(runs.get_output_details()[0]["index"]).tolist() == [[21, 43]]
for form in "JPEG", "PNG", "WEBP":
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(file, form)
    right = right and Image.open(file).convert("RGB").resize((4, 4)).getpixel((1, 1))[0] > 250
used = litert, numpy, PIL
"""
_MODEL = (
    "GAAAAFRGTDMAAA4AFAAQAAwACAAAAAQADgAAABAAAABAAAAATAEAAAMAAAACAAAALAAAAAwAAAAAAAYACAAEAAYAAA"
    "AEAAAAEAAAAAAAgD8AAABAAABAQAAAgECo////AQAAABAAAAAMABQAEAAMAAgABAAMAAAAEAAAAFgAAABcAAAAYAAA"
    "AAEAAAAUAAAAAAAOABQAAAAQAAwACwAEAA4AAAAUAAAAAAAACBAAAAAUAAAABAAEAAQAAAABAAAAAgAAAAMAAAAAAA"
    "AAAQAAAP////8BAAAAAgAAAAEAAAAAAAAAAwAAAGgAAAA0AAAABAAAALD///8IAAAADAAAAAEAAAB5AAAAAgAAAAEA"
    "AAACAAAADAAQAAwAAAAIAAQADAAAAAwAAAABAAAADAAAAAEAAAB3AAAAAgAAAAIAAAACAAAADAAMAAgAAAAAAAQADA"
    "AAAAgAAAAMAAAAAQAAAHgAAAACAAAAAQAAAAIAAAABAAAAEAAAAAwADAALAAAAAAAEAAwAAAAJAAAAAAAACQ=="
)
_PROGRAMS = {
    "scikit-learn": _SCIKIT_LEARN,
    "pandas": _PANDAS,
    "litert": _LITERT.replace("MODEL", _MODEL),
}
# -I keeps this environment's own site-packages and variables out, -S the site module: what is
# imported comes from the layers or from Python itself.
_FRAME = """
import json, sys
sys.path[:0] = sys.argv[1:]
{program}
homes = {{module.__name__: module.__file__ for module in used}}
print(json.dumps({{"homes": homes, "right": right}}))
"""


def prove(built: BuiltLayers) -> None:
    """Unpack layers of this machine and predict from them; `LayerError` where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        opt = Path(folder).resolve()
        for layer in built.layers:
            with zipfile.ZipFile(layer.file) as archive:
                archive.extractall(opt)
        program = _FRAME.format(program=_PROGRAMS[built.libraries.name])
        finished = subprocess.run(  # noqa: S603 - this interpreter, our own program
            [sys.executable, "-I", "-S", "-c", program, str(opt / "python")],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if finished.returncode != 0:
            last = (finished.stderr.strip().splitlines() or ["no output"])[-1]
            raise LayerError(f"The layers do not work on this machine: {last}")
        answer = json.loads(finished.stdout.strip().splitlines()[-1])
        strangers = [home for home in answer["homes"].values() if not home.startswith(str(opt))]
        if strangers or not answer["right"]:
            raise LayerError(f"The layers do not work on this machine: {answer}")

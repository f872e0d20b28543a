"""`python -I -B fitted_with_child.py LAMBDA_SRC FOLDER`: a model's answers under another release.

Runs in an environment of the scikit-learn that fitted the model. The folder's manifest.json has the
model's `files`, the `manifest` that says what its inputs are, and whether it `takes_sparse` rows;
inputs.json is a list.
"""

import json
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

_BATCH = 512


def main(lambda_source: str, folder: Path) -> None:
    """Print, of the inputs that the model answers, the places, and what it says of each."""
    sys.path.insert(0, lambda_source)
    warnings.simplefilter("ignore")
    import joblib
    from serving.http.problems import Problem
    from serving.runtimes import scikit_learn

    request = json.loads((folder / "manifest.json").read_bytes())
    inputs = json.loads((folder / "inputs.json").read_text("utf-8", "surrogatepass"))
    estimators: list[Any] = []
    for name in request["files"]:
        if Path(name).read_bytes()[:2] == b"PK":
            skops = import_module("skops.io")
            held = skops.load(name, trusted=skops.get_untrusted_types(file=name))
        else:
            held = joblib.load(name)
        estimators += held if isinstance(held, list) else [held]
    # Releases before 1.6 do not tell this of an estimator.
    takes_sparse: bool = request["takes_sparse"]
    scikit_learn._takes_sparse = lambda estimator: takes_sparse  # noqa: ARG005
    model = scikit_learn.ScikitLearnModel(estimators, request["manifest"])
    answer: dict[str, list[Any]] = {"places": [], "predicted": [], "numbers": []}

    def ask(places: range) -> None:
        try:
            predictions = model.predict([inputs[place] for place in places])
        except Problem:
            half = len(places) // 2
            if half:
                ask(places[:half])
                ask(places[half:])
            return
        answer["places"] += places
        answer["predicted"] += [one.predicted for one in predictions]
        answer["numbers"] += [one.probabilities or one.scores or () for one in predictions]

    for start in range(0, len(inputs), _BATCH):
        ask(range(start, min(start + _BATCH, len(inputs))))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

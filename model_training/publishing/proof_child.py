"""`python -I -S -B proof_child.py LAMBDA_SRC FOLDER READER [PACKAGES]`: a model's answers, as JSON.

Runs in each interpreter that a model is proven under, so it needs nothing but the standard library
and what is served. The folder holds the artifacts, their manifest and inputs.json, a list;
READER is the module of `serving.runtimes` that reads the model. Where PACKAGES are given, as names
with commas, nothing else that is installed can be imported.
"""

import json
import resource
import sys
import time
import unicodedata
from importlib import import_module
from pathlib import Path
from typing import Any


def _prediction(model: Any, asked: object) -> Any:
    """What the model says of an input; ends with its reason where it does not answer."""
    try:
        return model.predict([asked])[0]
    except Exception as error:
        detail = getattr(error, "detail", None)
        if detail is None:
            raise
        reason = detail.partition("answered. ")[2] or detail
        sys.exit(f"it does not answer {str(asked)[:80]!r}. {reason}")


class _Layers:
    """Finds no package but those that a function has."""

    def __init__(self, packages: set[str]) -> None:
        self._packages = packages | sys.stdlib_module_names

    def find_spec(self, name: str, path: object, target: object = None) -> None:  # noqa: ARG002
        # Its own build's settings are a module of Python too, of a name that each machine has.
        inside = name in self._packages or name.startswith("_sysconfigdata_")
        if path is None and not inside:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def main(lambda_source: str, folder: Path, reader: str) -> None:
    """Print what the model says of each input, what this interpreter is, what answering took."""
    sys.path.insert(0, lambda_source)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {name: (folder / name).read_bytes() for name in manifest["artifacts"]}
    inputs = json.loads((folder / "inputs.json").read_text("utf-8", "surrogatepass"))
    if manifest.get("normalisation") is None:
        load = import_module(f"serving.runtimes.{reader}").load
    else:
        load = import_module("spam_or_ham.handler").runtime(reader)
    model = load(files, manifest)
    _prediction(model, inputs[0])
    started = time.process_time()
    predictions = [_prediction(model, one) for one in inputs]
    characters = sorted(set().union(*(one for one in inputs if isinstance(one, str))))
    answer = {
        "python": sys.version.split()[0],
        "unicode": unicodedata.unidata_version,
        "predicted": [one.predicted for one in predictions],
        "numbers": [one.probabilities or one.scores or () for one in predictions],
        "answering": time.process_time() - started,
        "start": started,
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "unassigned": [c for c in characters if unicodedata.category(c) == "Cn"],
    }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    if len(sys.argv) > 4:
        served = {entry.name for entry in Path(sys.argv[1]).iterdir()}
        sys.meta_path.insert(0, _Layers(served | set(sys.argv[4].split(","))))
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])

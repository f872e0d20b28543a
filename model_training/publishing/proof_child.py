"""`python -I -S -B proof_child.py LAMBDA_SRC FOLDER READER`: a model's answers, as JSON.

Runs in each interpreter that a model is proven under, so it needs nothing but the standard library
and what is served. The folder holds the artifacts, their manifest and inputs.json, a list;
READER is the module of `serving.runtimes` that reads the model.
"""

import json
import resource
import sys
import time
import unicodedata
from importlib import import_module
from pathlib import Path


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
    model.predict(inputs[:1])
    started = time.process_time()
    predictions = [model.predict([one])[0] for one in inputs]
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
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])

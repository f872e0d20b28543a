"""What the manifest of a model of pickled estimators says of its files.

`steps` are the names of several pickles in the order in which an input goes through them. Where
the portable runtime reads them, `estimators` are the full names of the estimators in them, and of
what these hold: a function's package has what reads these and nothing else.
"""

import re

from model_training.publishing.kinds.kind import Manifest

STEPS = "steps"
ESTIMATORS = "estimators"
OPTIONS = "options"
"""Optional: the modules that the options of the vectorizers need; all are packaged without it."""
FRAME = "frame"
LIBRARIES = {"scikit-learn": ("scikit-learn", "numpy", "pandas")}
"""Of the runtime that unpickles them: what has to be of the versions that trained, pandas where
a step of the model wants a data frame."""
_FILE = re.compile(r"[a-z0-9_]+\.pkl")


def are_pickles(names: object) -> bool:
    """Whether these are one or more names of pickles."""
    return isinstance(names, dict) and bool(names) and all(map(_FILE.fullmatch, names))


def problem(manifest: Manifest) -> str | None:
    """What keeps the entries about pickles from being used, or `None`."""
    files = list(manifest["artifacts"])
    steps = manifest.get(STEPS, files)
    in_order = STEPS in manifest or len(files) == 1
    if not in_order or not isinstance(steps, list) or sorted(map(str, steps)) != sorted(files):
        return "expected under steps the artifacts in the order of the pipeline"
    listed = manifest.get(ESTIMATORS, None if manifest["runtime"] == "portable" else [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return "expected under estimators the full names of those in the pickles"
    options = manifest.get(OPTIONS, [])
    if not isinstance(options, list) or not all(isinstance(name, str) for name in options):
        return "expected under options the modules that the vectorizers' options need"
    return None

"""Loading takes what travels in the function, and no more than it needs of that."""

import subprocess
import sys
from pathlib import Path

from portable.feature_extraction import analyzers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from tests.unit.portable.small_models import dumps, fit
from tests.unit.portable.tabular_models import TREES, fitted, two_classes

LOAD = """
import importlib, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
load = importlib.import_module(sys.argv[2]).load
load(*(Path(file).read_bytes() for file in sys.argv[3:]), scanned=True)
print(*sorted(module for module in sys.modules if module.startswith("portable")))
"""


def imported(folder: Path, module: str, *models: object) -> list[str]:
    """The modules of the runtime that another process imports to load some models."""
    files = []
    for at, model in enumerate(models):
        files.append(folder / str(at))
        files[-1].write_bytes(dumps(model))
    root = Path(analyzers.__file__).parents[2]
    child = subprocess.run(
        [sys.executable, "-I", "-c", LOAD, str(root), module, *map(str, files)],
        capture_output=True,
        check=True,
        text=True,
    )
    return child.stdout.split()


def test_a_pattern_was_judged_before_and_is_only_compiled(tmp_path: Path) -> None:
    vectorizer, classifier = TfidfVectorizer(token_pattern=r"[a-z]+"), MultinomialNB()
    fit(vectorizer, classifier)
    assert imported(tmp_path, "portable.model", vectorizer, classifier) == [
        "portable",
        "portable.base",
        "portable.errors",
        "portable.estimators",
        "portable.feature_extraction",
        "portable.feature_extraction.analyzers",
        "portable.feature_extraction.text",
        "portable.model",
        "portable.naive_bayes",
        "portable.pickles",
        "portable.pickles.arrays",
        "portable.pickles.attributes",
        "portable.pickles.unpickler",
        "portable.supported",
    ]


def test_opcodes_were_scanned_before(tmp_path: Path) -> None:
    tree = fitted(TREES["tree"], two_classes())
    found = imported(tmp_path, "portable.model", tree)
    assert "portable.tree" in found
    assert not [module for module in found if "opcode" in module]

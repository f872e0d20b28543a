"""Loading takes what travels in the function, and no more than it needs of that."""

import subprocess
import sys
from pathlib import Path

from portable import analyzers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

from tests.unit.portable.small_models import dumps, fit

LOAD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from portable.text_classifier import load
load(Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]).read_bytes(), scanned=True)
print(*sorted(module for module in sys.modules if module.startswith("portable")))
"""


def test_a_pattern_was_judged_before_and_is_only_compiled(tmp_path: Path) -> None:
    vectorizer, classifier = TfidfVectorizer(token_pattern=r"[a-z]+"), MultinomialNB()
    fit(vectorizer, classifier)
    for name, model in (("vectorizer", vectorizer), ("classifier", classifier)):
        (tmp_path / name).write_bytes(dumps(model))
    root = Path(analyzers.__file__).parent.parent
    files = [str(tmp_path / name) for name in ("vectorizer", "classifier")]
    child = subprocess.run(
        [sys.executable, "-I", "-c", LOAD, str(root), *files],
        capture_output=True,
        check=True,
        text=True,
    )
    assert child.stdout.split() == [
        "portable",
        "portable.analyzers",
        "portable.arrays",
        "portable.errors",
        "portable.naive_bayes",
        "portable.states",
        "portable.text_classifier",
        "portable.unpickler",
        "portable.vectorizers",
    ]

"""Which token patterns are served, and which are refused as too dear."""

import subprocess
import sys
from pathlib import Path

import pytest
from portable import analyzers, token_patterns
from portable.errors import UnsupportedModel
from portable.token_patterns import check_pattern

SERVED = [
    *sorted(analyzers._PROVEN_PATTERNS),
    r"\b\w+\b", r"\w+(?:[-']\w+)*", r"[a-z]+", r"\S+", r"\w", r"", r"(?u)\b[a-zA-Z]{2,}\b",
    r"\b\w+@\w+", r"https?://\S+|\w+|[^\w\s]", r"(?i)\b[a-z]{3,15}\b", r"[#@]?\w+", r"\d+|\D",
    r"(?:\d{1,3},)*\d{1,3}", r"[\U0001F300-\U0001FAFF]|\w+", r"\b(\w\w+)\b", r"(?s:.)",
    r"(?<=\s)\w+", r"\w++(?:'\w++)?", r"(?>\w+)",
]  # fmt: skip
REFUSED = [
    r"(a+)+$", r"(?:a|a)*b", r"(?:\w+)*\s!", r"\w+@", r".*.*x", r"(?:a?){40}a{40}", r"(\w|\d)+$",
    r"(?:x+x+)+y", r"(?:[^\W\d_]|é)+!", r"(?:(?:ab)+)+c", r"(?s)(?:.|\s)*?Q", r"(?=(\w+))\1:",
    r"\w+\s+\w+", r"(?:€+)+$", r"foo(?:a|aa)+$", r"(?:a|b|ab)*c", r"(?:\w*)*", r"(?:a{0,9}){0,9}b",
    r"(\w+\s?)*$", r"x(?:(?:\w+)\W*)+y", r"\d+\d+x",
    # Not a pattern, or not one that scikit-learn takes.
    r"(\w", r"(\w)(\d)", r"*", "a" * 1001, r"(?P<n>\w", r"\w{99999999999}",
]  # fmt: skip


@pytest.mark.parametrize("pattern", SERVED)
def test_served(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused_at_once(pattern: str) -> None:
    with pytest.raises(UnsupportedModel, match="token_pattern"):
        check_pattern(pattern)


def test_a_slow_machine_alone_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {256: 0.01, 512: 0.02, 1024: 0.04, 2048: 0.08}
    monkeypatch.setattr(token_patterns, "_cost", lambda _, text: costs.get(len(text) - 1, 0.0) / 4)
    check_pattern(r"[a-z]+")
    monkeypatch.setattr(token_patterns, "_cost", lambda _, text: costs.get(len(text) - 1, 0.0) ** 2)
    with pytest.raises(UnsupportedModel, match="backtracks"):
        check_pattern(r"[a-z]+")


def test_known_patterns_cost_no_check_at_load() -> None:
    root = Path(analyzers.__file__).parent.parent
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import portable.text_classifier;"
        "print(*sorted(m for m in sys.modules if m.startswith('portable')))"
    )
    child = subprocess.run(
        [sys.executable, "-I", "-c", code, str(root)], capture_output=True, check=True, text=True
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

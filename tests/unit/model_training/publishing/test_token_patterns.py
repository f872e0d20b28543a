"""Which token patterns are served, and which are refused as too dear."""

import ast
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from portable.errors import UnsupportedModel
from portable.pickles.unpickler import loads
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from model_training.publishing import (
    artifacts,
    manifests,
    pattern_costs,
    pickling,
    runtimes,
    token_patterns,
)
from model_training.publishing.token_patterns import (
    KNOWN_LINEAR,
    SCIKIT_LEARNS,
    check_pattern,
    check_token_patterns,
)
from model_training.spam_or_ham import publish
from model_training.spam_or_ham.corpus import Corpus
from model_training.spam_or_ham.publish import CLASSIFIER, VECTORIZER
from model_training.spam_or_ham.recipes import TERM_PATTERN
from tests.unit.portable.small_models import TEXTS, TWO_LABELS, dumps, fitted_pair

SERVED = [
    *sorted(KNOWN_LINEAR),
    r"\b\w+\b", r"\w+(?:[-']\w+)*", r"[a-z]+", r"\S+", r"\w", r"", r"(?u)\b[a-zA-Z]{2,}\b",
    r"\b\w+@\w+", r"https?://\S+|\w+|[^\w\s]", r"(?i)\b[a-z]{3,15}\b", r"[#@]?\w+", r"\d+|\D",
    r"(?:\d{1,3},)*\d{1,3}", r"[\U0001F300-\U0001FAFF]|\w+", r"\b(\w\w+)\b", r"(?s:.)",
    r"(?<=\s)\w+", r"\w++(?:'\w++)?", r"(?>\w+)", r"\d+(?:\.\d+)?|\w+", r"\w{1,60}",
    r"\b[^\W_][\w'-]*[^\W_]\b", "|".join(f"word{at}" for at in range(80)),
]  # fmt: skip
EXPONENTIAL = [
    r"(a+)+$", r"(?:\w+)*\s!", r"(?:a?){40}a{40}", r"(?:x+x+)+y", r"(?:(?:ab)+)+c", r"(?:€+)+$",
    r"(?:\w*)*", r"(?:a{0,9}){0,9}b", r"(\w+\s?)*$", r"x(?:(?:\w+)\W*)+y",
]  # fmt: skip
REFERRING_BACK = [r"(\w)\1*x", r"(?=(\w+))\1:", r"(\w)?(?(1)a|b)"]
SUPERLINEAR = [
    r"(?:a|a)*b", r"\w+@", r".*.*x", r"(\w|\d)+$", r"(?:[^\W\d_]|é)+!", r"(?s)(?:.|\s)*?Q",
    r"\w+\s+\w+", r"foo(?:a|aa)+$", r"(?:a|b|ab)*c", r"\d+\d+x",
    # So cheap a character that only a long text shows it.
    r"(?<=\d)\w+x|\d+", r"[^a]+a", r".*a", r"%+x", r"=+>", r"<[^>]*>", r"foo.*bar", r"a.*b.*c",
    # What fails only where something follows what was pumped.
    r"(?<!\w)(?:\w')+\w(?!'?\w)", r"(?<![^\W_])[^\W_](?:[^\w\s][^\W_])+(?!'?[^\W_])",
    # Linear in the end, by a factor of thousands.
    r"\w{0,60}\w{0,60}\w{0,60}x",
]  # fmt: skip
# Of which each takes seconds until it is sure.
DEAR = (r"[^a]+a", r".*a", r"%+x", r"<[^>]*>", r"foo.*bar", r"a.*b.*c", r"(?<=\d)\w+x|\d+")
FOR_THE_NIGHT = [pytest.mark.judge]
# Not a pattern, or not one that scikit-learn takes.
NONE = [r"(\w", r"(\w)(\d)", r"*", "a" * 1001, r"(?P<n>\w", r"\w{99999999999}"]
QUADRATIC = r"[^a]+a"


@pytest.mark.parametrize("pattern", SERVED, ids=lambda pattern: pattern[:30])
def test_served(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *((pattern, "itself repeats") for pattern in EXPONENTIAL),
        *((pattern, "refers back") for pattern in REFERRING_BACK),
        *(
            pytest.param(pattern, "backtracks over", marks=FOR_THE_NIGHT if pattern in DEAR else [])
            for pattern in SUPERLINEAR
        ),
        *((pattern, "longer than|no regular|one group") for pattern in NONE),
    ],
    ids=lambda text: text[:30],
)
def test_refused(pattern: str, reason: str) -> None:
    with pytest.raises(UnsupportedModel, match=reason) as refusal:
        check_pattern(pattern)
    assert str(refusal.value).startswith("The token_pattern ")


HANGING = {
    "pattern": r"(?:a|a)*b",
    "reference": SCIKIT_LEARNS,
    "pumps": [("a" * 60, "a", "!")],
}
"""Sixty characters take 2^60 steps: only the end of the process ends that."""


def test_what_hangs_is_ended_by_the_limit_on_its_time() -> None:
    child = subprocess.run(
        [sys.executable, "-I", pattern_costs.__file__],
        input=json.dumps({**HANGING, "seconds": 1}).encode(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert child.returncode == -signal.SIGXCPU


def test_what_gets_no_time_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_patterns, "_SECONDS", 2)
    monkeypatch.setattr(token_patterns, "_BUSY", 0.5)
    monkeypatch.setattr(token_patterns, "pumps", lambda _: HANGING["pumps"])
    with pytest.raises(UnsupportedModel, match="backtracks over"):
        check_pattern(str(HANGING["pattern"]))


def test_what_cannot_be_tried_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(UnsupportedModel, match=r"could not be tried \(no message\)"):
        check_pattern(r"[a-z]+")


class Slow(pattern_costs.Scan):
    """A machine a thousand times as slow; instead of a pattern the power its costs grow with."""

    def __init__(self, power: str) -> None:
        self.power = float(power)

    def cost(self, pump: pattern_costs.Pump, size: int, *, tries: int = 1) -> float:
        del pump, tries
        return float(1e-5 * size**self.power)


@pytest.mark.parametrize(("power", "found"), [("1.0", None), ("1.8", ("", "a", ""))])
def test_a_slow_machine_alone_refuses_nothing(
    power: str, found: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pattern_costs, "Scan", Slow)
    assert pattern_costs.first_too_dear(power, "1.0", [("", "a", "")]) == found


@pytest.mark.parametrize(
    ("short", "long", "longest"),
    [
        # Linear, quadratic, and half of each at 16,384 characters.
        (1.0, 16.0, 64.0),
        (1.0, 256.0, 4096.0),
        (16.0 + 1.0, 256.0 + 256.0, 1024.0 + 4096.0),
        # Less than linear is no reason to expect less.
        (1.0, 8.0, 32.0),
    ],
)
def test_growth_is_told_apart_from_slowness(short: float, long: float, longest: float) -> None:
    assert pattern_costs.at_longest(short, long) == pytest.approx(longest)


@pytest.mark.judge
def test_every_pattern_in_a_model_is_judged() -> None:
    def read(model: object) -> object:
        return loads(pickling.dumps(model))

    hostile, words = CountVectorizer(token_pattern=QUADRATIC), CountVectorizer()
    inside = (read(words), read(hostile))
    for model in (read(hostile), read(make_pipeline(words, hostile)), [{"a": inside}]):
        with pytest.raises(UnsupportedModel, match="backtracks over"):
            check_token_patterns(model)
    check_token_patterns(read(make_pipeline(words, MultinomialNB())))
    # Nothing is ever split by it.
    check_token_patterns(read(CountVectorizer(token_pattern=QUADRATIC, analyzer="char")))


def test_a_model_that_refers_to_itself_is_walked_once() -> None:
    loop: list[object] = []
    loop.append(loop)
    check_token_patterns(loop)


def hostile_pair() -> tuple[TfidfVectorizer, MultinomialNB]:
    vectorizer = TfidfVectorizer(token_pattern=QUADRATIC)
    return vectorizer, MultinomialNB().fit(vectorizer.fit_transform(TEXTS), TWO_LABELS)


def test_it_is_not_published(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(manifests.ArtifactError, match=r"cannot serve this pair.*token_pattern"):
        publish.publish(tmp_path / "out", hostile_pair(), corpus.texts, {})
    assert not (tmp_path / "out").exists()


def test_it_is_refused_at_every_synthesis(model: Path, change: object) -> None:
    assert callable(change)
    content = dumps(hostile_pair()[0])
    (model / VECTORIZER).write_bytes(content)
    entries = manifests.describe({VECTORIZER: content})
    change(lambda manifest: manifest["artifacts"].update(entries))
    with pytest.raises(manifests.ArtifactError, match="backtracks over") as refusal:
        artifacts.verify(model)
    assert str(refusal.value).endswith("run: python -m model_training.spam_or_ham")


def test_the_usual_patterns_take_no_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TERM_PATTERN in KNOWN_LINEAR
    monkeypatch.setattr(token_patterns, "_tried", lambda *_: pytest.fail("tried"))
    vectorizer, classifier = fitted_pair()
    files = {VECTORIZER: dumps(vectorizer), CLASSIFIER: dumps(classifier)}
    runtimes.load(files, {"kind": "text", **artifacts.entries(files)})


def test_the_trial_needs_nothing_but_the_standard_library() -> None:
    """It runs apart from everything: a pattern is judged by no code of its model's."""
    tree = ast.parse(Path(pattern_costs.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {str(name).partition(".")[0] for name in names} <= sys.stdlib_module_names

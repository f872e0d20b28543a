"""The proof that the portable runtime answers as scikit-learn does, text by text.

scikit-learn is the oracle. Its Unicode tables are its Python's, so the proof runs under every
Python at hand: a Python with other tables is compared on the texts whose characters both know.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import Any

from portable.text_classifier import load

from model_training.publishing.generated_texts import generated_texts as generated_texts
from model_training.publishing.generated_texts import texts_for as texts_for

TOLERANCE = 1e-9
"""Largest difference of a probability that passes; equal arithmetic is within 1e-14."""
_BATCH = 512
"""Texts per call of scikit-learn: 512 dense rows of 16,000 columns are 64 MB."""
_CHILD_SECONDS = 600
_RUNTIME_ROOT = Path(__file__).resolve().parents[2] / "lambda_src"

Progress = Callable[[int], object]
"""Called with the number of texts done since the last call; tqdm's `update` fits."""


class ParityError(ValueError):
    """The portable runtime's answers are not scikit-learn's: the model must not be published."""


@dataclass(frozen=True)
class Answers:
    """One label and one row of probabilities (in the order of `classes_`) per text."""

    labels: list[str | float]
    probabilities: list[list[float]]


@dataclass(frozen=True)
class ParityReport:
    """What was compared, and how far apart the answers were."""

    texts: int
    label_mismatches: int
    max_abs_difference: float
    python: str
    unicode: str
    tolerance: float = TOLERANCE


def oracle(
    vectorizer: Any,
    classifier: Any,
    texts: Sequence[str],
    *,
    dense: bool | None = None,
    progress: Progress | None = None,
) -> Answers:
    """scikit-learn's own answers; `dense` rows by default where the classifier is GaussianNB."""
    if dense is None:
        dense = type(classifier).__name__ == "GaussianNB"
    answers = Answers([], [])
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        rows = vectorizer.transform(batch)
        if dense:
            rows = rows.toarray()
        answers.labels.extend(classifier.predict(rows).tolist())
        answers.probabilities.extend(classifier.predict_proba(rows).tolist())
        if progress is not None:
            progress(len(batch))
    return answers


def prove(
    vectorizer_bytes: bytes,
    classifier_bytes: bytes,
    sklearn_vectorizer: Any,
    sklearn_classifier: Any,
    texts: Sequence[str],
    *,
    dense: bool | None = None,
    progress: Progress | None = None,
    expected: Answers | None = None,
) -> ParityReport:
    """Compare the portable runtime on this Python with scikit-learn over `texts`.

    `expected` saves a second run of `oracle`. Raises ParityError on any label that differs or any
    probability further off than TOLERANCE, and UnsupportedModel if the pair cannot be loaded.
    """
    if expected is None:
        expected = oracle(
            sklearn_vectorizer, sklearn_classifier, texts, dense=dense, progress=progress
        )
    model = load(vectorizer_bytes, classifier_bytes)
    found = Answers([], [])
    for text in texts:
        label, probabilities = model.predict(text)
        found.labels.append(label)
        found.probabilities.append(probabilities)
    return compare(texts, expected, found, _version(sys.version), unicodedata.unidata_version)


def compare(
    texts: Sequence[Any],
    expected: Answers,
    found: Answers,
    python: str,
    unicode: str,
    what: str = "text",
) -> ParityReport:
    """Raise ParityError unless `found` equals `expected` within TOLERANCE; report the distance.

    `texts` are what was asked, named `what` in messages.
    """
    if not len(texts) == len(expected.labels) == len(found.labels):
        raise ParityError(
            f"{len(texts)} {what}s got {len(found.labels)} answers where scikit-learn gave "
            f"{len(expected.labels)}; run the proof again."
        )
    mismatches = 0
    furthest, worst = 0.0, 0
    for at, (theirs, ours) in enumerate(
        zip(expected.probabilities, found.probabilities, strict=True)
    ):
        mismatches += expected.labels[at] != found.labels[at]
        distances = [abs(a - b) for a, b in zip(theirs, ours, strict=True)]
        # NaN compares false with everything: it must not pass as near, nor be forgotten.
        distance = max(distances) if all(map(isfinite, distances)) else inf
        if distance > furthest:
            furthest, worst = distance, at
    if mismatches or furthest > TOLERANCE:
        raise ParityError(
            f"On Python {python} the portable runtime differs from scikit-learn in {mismatches} of "
            f"{len(texts)} labels and by up to {furthest:.3g} in a probability ({what} {worst}, "
            f"of length {len(texts[worst])}); allowed are 0 and {TOLERANCE:g}: do not publish it."
        )
    return ParityReport(len(texts), mismatches, furthest, python, unicode)


def answered_under(
    python: str | Path, script: str, files: Mapping[str, bytes], *arguments: str
) -> Any:
    """What a script prints as JSON, run by another interpreter.

    Its arguments are the folder that holds the runtime, a folder that holds `files`, and
    `arguments`. Raises ParityError with the last line it said where it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            child = subprocess.run(  # noqa: S603 - an interpreter of the caller's choice, our script
                [str(python), "-I", "-c", script, str(_RUNTIME_ROOT), folder, *arguments],
                capture_output=True,
                timeout=_CHILD_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = getattr(error, "strerror", None) or f"no answer in {_CHILD_SECONDS} s"
            raise ParityError(
                f"The portable runtime could not be asked under {python} ({reason}); fit a smaller "
                "model, or leave that Python off the path"
            ) from None
    if child.returncode != 0:
        reason = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise ParityError(f"The portable runtime failed under {python}: {reason[0][:300]}")
    return json.loads(child.stdout)


def prove_under(
    python: str | Path,
    vectorizer_bytes: bytes,
    classifier_bytes: bytes,
    texts: Sequence[str],
    expected: Answers,
    *,
    prepare: str | None = None,
) -> ParityReport:
    """As `prove`, with the portable runtime in a process of another interpreter.

    `expected` are `oracle`'s answers on this Python. Texts with a character that either Python's
    Unicode tables lack are left out: lower-casing and token_pattern rightly differ there. The
    report counts the texts compared and names that Python and its tables. `prepare` names, as
    `module:function` below lambda_src, what is done to each text there before it is classified;
    `oracle` was given the texts it makes here.
    """
    # Not escaped: JSON would join two lone surrogates in a row into one character.
    asked = json.dumps(list(texts), ensure_ascii=False).encode("utf-8", "surrogatepass")
    files = {
        "vectorizer.pkl": vectorizer_bytes,
        "classifier.pkl": classifier_bytes,
        "texts.json": asked,
    }
    answer = answered_under(python, _CHILD, files, prepare or "")
    kept = _known_to_both(texts, answer["unassigned"])
    return compare(
        [texts[at] for at in kept],
        _only(kept, expected),
        _only(kept, Answers(answer["labels"], answer["rows"])),
        answer["python"],
        answer["unicode"],
    )


_CHILD = """
import importlib, json, pathlib, sys, unicodedata
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from portable.text_classifier import load
folder = pathlib.Path(sys.argv[2])
model = load((folder / "vectorizer.pkl").read_bytes(), (folder / "classifier.pkl").read_bytes())
texts = json.loads((folder / "texts.json").read_text("utf-8", "surrogatepass"))
module, _, function = sys.argv[3].partition(":")
prepare = getattr(importlib.import_module(module), function) if module else str
answers = [model.predict(prepare(text)) for text in texts]
characters = sorted(set().union(*texts))
json.dump({
    "python": sys.version.split()[0],
    "unicode": unicodedata.unidata_version,
    "labels": [label for label, _ in answers],
    "rows": [row for _, row in answers],
    "unassigned": [c for c in characters if unicodedata.category(c) == "Cn"],
}, sys.stdout)
"""


def _only(kept: list[int], answers: Answers) -> Answers:
    return Answers([answers.labels[at] for at in kept], [answers.probabilities[at] for at in kept])


def _known_to_both(texts: Sequence[str], unassigned_there: Iterable[str]) -> list[int]:
    """The indices of the texts without a character that only one of the two tables has."""
    here = {char for char in set().union(*texts) if unicodedata.category(char) == "Cn"}
    only_one = here ^ set(unassigned_there)
    return [at for at, text in enumerate(texts) if only_one.isdisjoint(text)]


def pythons_at_hand() -> list[Path]:
    """This interpreter, then each other Python 3.11 to 3.14 on PATH or under pyenv that runs."""
    names = [f"python3.{minor}" for minor in range(11, 15)]
    found = [Path(path) for name in names if (path := shutil.which(name))]
    found += _under_pyenv()
    pythons = {_version(sys.version): Path(sys.executable)}
    for python in found:
        if (version := _runs(python)) is not None:
            pythons.setdefault(version, python)
    return list(pythons.values())


def _under_pyenv() -> list[Path]:
    """Each Python 3.11 to 3.14 that pyenv has; a note where its folder cannot be read."""
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    versions = Path(root) / "versions"
    try:
        names = sorted(os.listdir(versions))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        print(
            f"note: {versions} cannot be read ({error.strerror}); the Pythons in it are left out "
            "of the proof",
            file=sys.stderr,
        )
        return []
    return [versions / name / "bin" / "python" for name in names if re.match(r"3\.1[1-4]\.", name)]


def _runs(python: Path) -> str | None:
    """The version `python` reports, or None if it does not run (a shim without its Python)."""
    try:
        child = subprocess.run(  # noqa: S603 - a Python found by name, asked for its version
            [str(python), "--version"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(rb"Python (3\.1[1-4]\.\S+)", child.stdout)
    return match[1].decode() if child.returncode == 0 and match else None


def _version(text: str) -> str:
    return text.split()[0]

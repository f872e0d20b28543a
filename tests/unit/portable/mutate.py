"""Mutated pickles by the hundred thousand: `python -m tests.unit.portable.mutate --count 100000`.

Each mutant is a good pickle with bytes changed. Its digest must differ, which is what refuses it
in production. Then, the digest check bypassed, it is loaded: it must be refused with one of the
runtime's two errors, or be harmless data that still answers texts. Child processes with a memory
limit and a timeout do the work, so that a crash or a hang is counted instead of suffered.
"""

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from portable.errors import UnsafePickle, UnsupportedModel
from portable.model import load
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline

from tests.unit.portable.small_models import LABELS, TEXTS, dumps, fit

TEXTS_ASKED = ("", "free call now", "the cat sat on the mat", "x" * 500)
BATCH = 5_000
MEMORY_LIMIT = 3 * 1024**3
"""Bytes of address space; scikit-learn and numpy map about one gigabyte of it."""
SECONDS_PER_MUTANT = 1.0
_ROOT = Path(__file__).resolve().parents[3]


def good_models() -> list[tuple[bytes, ...]]:
    """Pairs and a pipeline of every kind of state that is read."""
    pairs = [
        (TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)), MultinomialNB(alpha=0.1)),
        (CountVectorizer(max_features=30, stop_words=["the"]), BernoulliNB()),
        (TfidfVectorizer(analyzer="char_wb", strip_accents="unicode"), GaussianNB()),
    ]
    models: list[tuple[bytes, ...]] = []
    for vectorizer, classifier in pairs:
        fit(vectorizer, classifier, LABELS)
        models.append((dumps(vectorizer), dumps(classifier)))
    pipeline = Pipeline([("words", clone(pairs[0][0])), ("bayes", clone(pairs[0][1]))])
    models.append((dumps(pipeline.fit(TEXTS, LABELS)),))
    return models


def mutant(source: random.Random, data: bytes, other: bytes) -> bytes:
    """`data` with one to four changes: bits, bytes, slices removed, repeated, moved or foreign."""
    changed = bytearray(data)
    for _ in range(source.choice((1, 1, 1, 2, 4))):
        at = source.randrange(len(changed) + 1)
        length = source.choice((1, 1, 2, 4, 8, 40))
        kind = source.randrange(9)
        if kind == 0 and at < len(changed):
            changed[at] ^= 1 << source.randrange(8)
        elif kind in (1, 2) and at < len(changed):
            changed[at] = source.randrange(256)
        elif kind == 3:
            changed[at : at + length] = source.randbytes(length)
        elif kind == 4:
            del changed[at : at + length]
        elif kind == 5:
            changed[at:at] = changed[at : at + length]
        elif kind == 6:
            start = source.randrange(len(other))
            changed[at : at + length] = other[start : start + length]
        elif kind == 7:
            # An opcode where it was not: the ones that can do harm among them.
            changed[at : at + 1] = bytes(
                [source.choice(b"()]}NRbcehijlopqrstuQPX\x80\x85\x86\x93")]
            )
        else:
            del changed[source.randrange(len(changed) // 2, len(changed) + 1) :]
    return bytes(changed)


def outcome(model: tuple[bytes, ...]) -> str:
    """How the runtime takes a model: "unsafe", "unsupported", "harmless", or what went wrong."""
    start = time.monotonic()
    try:
        classifier = load(*model)
        for text in TEXTS_ASKED:
            classifier.predict(text)
            classifier.explain(text)
        result = "harmless"
    except UnsafePickle:
        result = "unsafe"
    except UnsupportedModel:
        result = "unsupported"
    except Exception as error:  # what is counted is exactly that another error came out
        result = f"escaped: {type(error).__name__}"
    return result if time.monotonic() - start < SECONDS_PER_MUTANT else "slow"


def try_mutants(seed: int, start: int, count: int) -> Iterator[str]:
    """The outcomes of mutants number `start` to `start + count - 1`; the same for a seed."""
    models = good_models()
    for number in range(start, start + count):
        source = random.Random(f"{seed} {number}")  # noqa: S311 - reproducible, not secret
        model = list(source.choice(models))
        which = source.randrange(len(model))
        original = model[which]
        model[which] = mutant(source, original, source.choice(source.choice(models)))
        if model[which] == original:
            yield "unchanged"
            continue
        if hashlib.sha256(model[which]).digest() == hashlib.sha256(original).digest():
            yield "digest passed"
            continue
        yield outcome(tuple(model))


def _work(seed: int, start: int, count: int, progress: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    tally: Counter[str] = Counter()
    with progress.open("wb", buffering=0) as note:
        for number, result in enumerate(try_mutants(seed, start, count), start):
            tally[result] += 1
            note.seek(0)
            note.write(str(number + 1).encode())
    print(json.dumps(tally))


def run(count: int, seed: int = 1, module: str = "tests.unit.portable.mutate") -> Counter[str]:
    """Tally `count` mutants; a child that died or hung counts as "crashed" or "hung".

    `module` is what the children run: this one, or one that tries other models.
    """
    tally: Counter[str] = Counter()
    start = 0
    with tempfile.TemporaryDirectory() as folder:
        progress = Path(folder) / "next"
        while start < count:
            size = min(BATCH, count - start)
            progress.write_text(str(start))
            numbers = [str(number) for number in (seed, start, size)]
            command = [sys.executable, "-m", module, "--work", *numbers]
            try:
                child = subprocess.run(
                    [*command, str(progress)], capture_output=True, check=False,
                    cwd=_ROOT, timeout=60 + size * 0.02,
                )  # fmt: skip
                if child.returncode == 0:
                    tally.update(json.loads(child.stdout))
                    start += size
                    continue
                failure = "crashed"
            except subprocess.TimeoutExpired:
                failure = "hung"
            # The ones before it went well but their tally was lost with the child.
            reached = int(progress.read_text())
            tally["lost"] += reached - start
            tally[failure] += 1
            start = reached + 1
    return tally


def main(module: str = "tests.unit.portable.mutate") -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=4, metavar=("SEED", "START", "COUNT", "PROGRESS"))
    arguments = parser.parse_args()
    if arguments.work:
        seed, start, count = map(int, arguments.work[:3])
        _work(seed, start, count, Path(arguments.work[3]))
        return 0
    started = time.monotonic()
    tally = run(arguments.count, arguments.seed, module)
    print(f"{arguments.count} mutants in {time.monotonic() - started:.0f} s: {dict(tally)}")
    return 0 if set(tally) <= {"unsafe", "unsupported", "harmless", "unchanged"} else 1


if __name__ == "__main__":
    sys.exit(main())

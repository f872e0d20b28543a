"""The proof that the portable runtime answers as the library that trained the model does.

That library is the oracle. The proof runs under every Python at hand. Their Unicode tables differ:
a Python with other tables is compared on the texts whose characters both know.
"""

import json
import os
import subprocess
import sys
import tempfile
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from serving.runtimes import TOLERANCE
from tqdm import tqdm

from model_training.publishing import pythons, runtimes
from model_training.publishing.manifests import MANIFEST, ArtifactError, describe, encode, kind_of
from model_training.publishing.parity import Answers, ParityError, ParityReport, compare

GENERATED = 10_000
"""Inputs that no data set holds, made for each model."""
_BATCH = 512
"""Inputs per call of scikit-learn: 512 dense rows of 16,000 columns are 64 MB."""
CHILD = Path(__file__).with_name("proof_child.py")
_CHILD_SECONDS = 600
RUNTIME_ROOT = Path(__file__).resolve().parents[2] / "lambda_src"

Manifest = Mapping[str, Any]
Progress = Callable[[int], object]
"""Called with the number of inputs done since the last call; tqdm's `update` fits."""


def proven_entry(
    files: Mapping[str, bytes],
    manifest: Manifest,
    inputs: Sequence[Any],
    expected: Answers,
    *,
    tolerance: float = TOLERANCE,
) -> dict[str, Any]:
    """Prove the artifacts equal to an oracle on `inputs` under every Python at hand; the
    manifest's entry.

    `expected` are the oracle's answers. Raises `ArtifactError` if any answer differs.
    """
    interpreters = pythons.pythons_at_hand()
    try:
        with tqdm(total=len(interpreters), desc="proving", unit="Python", leave=False) as bar:

            def proven(python: Path) -> ParityReport:
                report = prove_under(python, files, manifest, inputs, expected, tolerance=tolerance)
                bar.update()
                return report

            # Each proof is a process of its own; the threads only wait for them.
            with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
                reports = list(pool.map(proven, interpreters))
    except ValueError as error:
        raise ArtifactError(str(error)) from None
    return {
        "texts" if manifest["kind"] == "text" else "rows": max(one.inputs for one in reports),
        "label_mismatches": sum(one.label_mismatches for one in reports),
        "max_abs_difference": max(one.max_abs_difference for one in reports),
        **({} if tolerance == TOLERANCE else {"tolerance": tolerance}),
        # In an order that does not depend on the search path.
        "pythons": sorted(one.python for one in reports),
    }


def oracle(
    estimators: Sequence[Any],
    manifest: Manifest,
    inputs: Sequence[Any],
    normalise: Callable[[str], str] = str,
    progress: Progress | None = None,
) -> Answers:
    """scikit-learn's own answers: those of fitted estimators in the order of the pipeline.

    `manifest` says what the inputs are, as the manifest of these estimators' model does.
    """
    import numpy as np
    from serving.runtimes.scikit_learn import ScikitLearnModel

    answers = Answers([], [])
    # scikit-learn adds all of a matrix up to see whether it is finite; the largest numbers are not.
    # And it warns of columns without the names that a data frame had.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ScikitLearnModel(estimators, manifest, normalise)
        for start in range(0, len(inputs), _BATCH):
            batch = inputs[start : start + _BATCH]
            answers.add(model.predict(batch))
            if progress is not None:
                progress(len(batch))
    return answers


def prove(
    files: Mapping[str, bytes], manifest: Manifest, inputs: Sequence[Any], expected: Answers
) -> ParityReport:
    """As `prove_under`, on this interpreter and in this process.

    `manifest` has the entries about the files. Raises `ValueError` or
    `serving.loading.LoadError` where the model cannot be loaded.
    """
    model, _ = runtimes.read(files, manifest)
    actual = Answers([], [])
    actual.add(model.predict(inputs))
    python = sys.version.split()[0]
    return compare(inputs, expected, actual, python, unicodedata.unidata_version, _noun(manifest))


def prove_under(
    python: str | Path,
    files: Mapping[str, bytes],
    manifest: Manifest,
    inputs: Sequence[Any],
    expected: Answers,
    *,
    tolerance: float = TOLERANCE,
) -> ParityReport:
    """Compare the portable runtime, in a process of another interpreter, with an oracle.

    `expected` are the oracle's answers on this Python. Texts with a character that either Python's
    Unicode tables lack are left out: lower-casing and token_pattern rightly differ there. The
    report counts the inputs compared and names that Python and its tables. Raises ParityError on
    any label that differs, or any number further off than `tolerance` (relative to the larger of 1
    and the largest expected).
    """
    answer = _answered_under(python, files, manifest, inputs)
    kept = _known_to_both(inputs, answer["unassigned"])
    return compare(
        [inputs[index] for index in kept],
        expected.only(kept),
        Answers(answer["predicted"], answer["numbers"]).only(kept),
        answer["python"],
        answer["unicode"],
        _noun(manifest),
        tolerance,
    )


def _answered_under(
    python: str | Path, files: Mapping[str, bytes], manifest: Manifest, inputs: Sequence[Any]
) -> Any:
    """What `proof_child` prints; raises ParityError with the last line it said where it fails."""
    described = {**manifest, "artifacts": describe(files)}
    # Not escaped: JSON would join two lone surrogates in a row into one character. And it writes
    # the shortest text that reads back as the same double.
    encoded_inputs = json.dumps(list(inputs), ensure_ascii=False, allow_nan=False)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {
            **files,
            MANIFEST: encode(described),
            "inputs.json": encoded_inputs.encode("utf-8", "surrogatepass"),
        }.items():
            (Path(folder) / name).write_bytes(content)
        reader = str(runtimes.reader("portable", described))
        # Isolated from what is installed there and from the caller's variables.
        command = [str(python), "-I", "-S", "-B", str(CHILD), str(RUNTIME_ROOT), folder, reader]
        try:
            child = subprocess.run(  # noqa: S603 - an interpreter of the caller's choice, our script
                command, capture_output=True, timeout=_CHILD_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = getattr(error, "strerror", None) or f"no answer in {_CHILD_SECONDS} s"
            raise ParityError(
                f"The portable runtime could not be asked under {python} ({reason}); fit a smaller "
                "model, or leave that Python off the path"
            ) from None
    if child.returncode != 0:
        said = child.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise ParityError(f"The portable runtime failed under {python}: {said[0][:300]}")
    return json.loads(child.stdout)


def _noun(manifest: Manifest) -> str:
    return kind_of(dict(manifest)).noun


def _known_to_both(inputs: Sequence[Any], unassigned_there: Iterable[str]) -> list[int]:
    """The places of the inputs that are no texts with a character that only one of the two tables
    has."""
    texts = [one if isinstance(one, str) else "" for one in inputs]
    here = {char for char in set().union(*texts) if unicodedata.category(char) == "Cn"}
    only_one = here ^ set(unassigned_there)
    return [index for index, text in enumerate(texts) if only_one.isdisjoint(text)]

"""Answers of a model by the scikit-learn that fitted it, where that is not this project's.

A pickle of another release loads with no more than a warning, and may answer otherwise. What the
release that fitted it says is what is proven and served.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model_training.adding.packed import content
from model_training.command_line import DataError, Refusal
from model_training.publishing import proof, pythons
from model_training.publishing.manifests import MANIFEST, encode
from model_training.publishing.parity import Answers

ENVIRONMENTS = Path(__file__).resolve().parents[2] / ".cache" / "fitted"
_CHILD = Path(__file__).with_name("fitted_with_child.py")
_OLDEST = (1, 3)
_NUMPY_2 = (1, 4, 2)
"""The first release that runs with numpy 2; not each before it says so to pip."""
_SECONDS = 600
_ARCHIVE = b"PK\x03\x04"


def answers(
    version: str,
    files: Sequence[Path],
    manifest: Mapping[str, Any],
    inputs: Sequence[Any],
    *,
    takes_sparse: bool,
) -> tuple[list[int], Answers]:
    """What a model says under the scikit-learn that fitted it: the places of the inputs that it
    answers, and the answers.

    `files` are its pickles in pipeline order, which have been found to hold nothing untrusted;
    `manifest` says what the inputs are, `takes_sparse` whether the last estimator takes sparse
    rows. Raises `Refusal`, one sentence, where that release cannot be had here or does not answer.
    """
    archives = [path for path in files if content(path)[:4] == _ARCHIVE]
    python = environment(version, ["skops"] if archives else [])
    request = {
        "files": [str(path.resolve()) for path in files],
        "manifest": dict(manifest),
        "takes_sparse": takes_sparse,
    }
    asked = json.dumps(list(inputs), ensure_ascii=False, allow_nan=False)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / MANIFEST).write_bytes(encode(request))
        (Path(folder) / "inputs.json").write_bytes(asked.encode("utf-8", "surrogatepass"))
        command = [str(python), "-I", "-B", str(_CHILD), str(proof.RUNTIME_ROOT), folder]
        try:
            child = subprocess.run(  # noqa: S603 - an environment of ours, and our script
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise DataError(
                f"scikit-learn {version}, which fitted the model, has not answered in {_SECONDS} "
                f"s; fit the model again with {_here()}"
            ) from None
    if child.returncode:
        said = (child.stderr.strip().splitlines() or ["no message"])[-1][:200]
        raise DataError(
            f"scikit-learn {version}, which fitted the model, cannot answer for it here ({said}); "
            f"fit the model again with {_here()}"
        )
    answer = json.loads(child.stdout)
    return answer["places"], Answers(answer["predicted"], answer["numbers"])


def environment(version: str, more: Sequence[str] = ()) -> Path:
    """The Python of an environment that has a release of scikit-learn, and `more` packages.

    It is made once, of wheels, by the oldest Python at hand that the release has one for. Raises
    `Refusal` where there is none, or what to install cannot be had.
    """
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < _OLDEST or not re.fullmatch(r"\d+(\.\d+)+(\.?(a|b|rc|post)\d+)?", version):
        raise DataError(
            f"the model was fitted with scikit-learn {version}, and only what 1.3 and later "
            f"releases fitted can be proven; fit the model again with {_here()}"
        )
    folder = ENVIRONMENTS / version
    python = folder / "bin" / "python"
    wanted = [f"scikit-learn=={version}", "pandas<3" if numbers < (1, 7) else "pandas", *more]
    if numbers < _NUMPY_2:
        wanted.append("numpy<2")
    done = folder / ".built"
    if done.is_file() and python.exists() and set(wanted) <= set(done.read_text().split()):
        return python
    print(
        f"the model was fitted with scikit-learn {version}: installing it (once)", file=sys.stderr
    )
    said = ""
    for candidate in sorted(pythons.pythons_at_hand(), key=pythons.order):
        said = _install(candidate, folder, wanted)
        if not said:
            done.write_text("\n".join(wanted))
            return python
        if "from versions: none" in said:
            break  # Nothing can be had at all, by whatever Python.
    raise Refusal(
        f"the model was fitted with scikit-learn {version}, which cannot be installed here to "
        f"prove the model against it ({said[:200]}); fit the model again with {_here()}"
    )


def _install(python: Path, folder: Path, wanted: Sequence[str]) -> str:
    """Make the environment; what went wrong, else nothing."""
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1")
    for command in (
        [str(python), "-m", "venv", "--clear", str(folder)],
        [str(folder / "bin" / "python"), *pip, "--only-binary", ":all:", *wanted],
    ):
        ran = subprocess.run(  # noqa: S603 - a Python at hand, and its own pip
            command, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            lines = [one for one in ran.stderr.splitlines() if one.startswith("ERROR: ")]
            last = (lines or ran.stderr.strip().splitlines() or ["no message"])[0]
            return " ".join(last.removeprefix("ERROR: ").split())
    return ""


def _here() -> str:
    import sklearn

    return f"scikit-learn {sklearn.__version__}"

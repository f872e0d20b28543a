"""A library that only some models need is installed on first need, from a lock with digests."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

from tools import PROJECT

CHILD = """
import sys
from pathlib import Path
from model_training.adding import libraries
from model_training.command_line import Refusal
libraries._LOCKS = Path(sys.argv[1])
try:
    print(libraries.imported("skops", "m.skops was written by skops").SAID)
except Refusal as refusal:
    print("refused:", refusal)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has pip and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    return folder / "bin" / "python"


def wheel(folder: Path) -> Path:
    """A wheel of a module skops that says hello."""
    path = folder / "skops-0.0.1-py3-none-any.whl"
    members = {
        "skops.py": b'SAID = "hello"\n',
        "skops-0.0.1.dist-info/METADATA": b"Metadata-Version: 2.1\nName: skops\nVersion: 0.0.1\n",
        "skops-0.0.1.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n",
    }
    record = ""
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        record += f"{name},sha256={digest},{len(content)}\n"
    members["skops-0.0.1.dist-info/RECORD"] = record.encode()
    with zipfile.ZipFile(path, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def asked(python: Path, locks: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(PROJECT), "PIP_NO_INDEX": "1"}
    command = [str(python), "-c", CHILD, str(locks)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True)


@pytest.mark.judge
def test_a_lock_of_another_digest_is_refused_and_the_right_one_installed(
    python: Path, tmp_path: Path
) -> None:
    made = wheel(tmp_path)
    lock = tmp_path / "skops.txt"
    lock.write_text(f"skops @ {made.as_uri()} --hash=sha256:{'0' * 64}\n")
    said = asked(python, tmp_path).stdout
    assert said.startswith("refused: m.skops was written by skops, and skops cannot be installed")
    assert said.count("\n") == 1
    assert f"-m pip install --require-hashes -r {lock}" in said
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    lock.write_text(f"skops @ {made.as_uri()} --hash=sha256:{digest}\n")
    ran = asked(python, tmp_path)
    assert ran.stdout == "hello\n"
    assert ran.stderr == "m.skops was written by skops: installing skops (once)\n"
    assert asked(python, tmp_path).stderr == ""


def test_every_library_has_a_lock_with_digests() -> None:
    from model_training.adding import libraries

    for module, name in libraries._LOCK_OF.items():
        text = (libraries._LOCKS / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text, module

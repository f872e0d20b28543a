"""`python -m tools.requires_python LOCK`: for which Pythons each package of a lock is, by pip.

uv resolves without heeding an upper bound of a package's Requires-Python; pip refuses to install
what is beyond one. So `make lock` keeps what pip reads of the packages, for a test to compare with
the Pythons that a lock is for. A package is kept where the lock installs it: on Linux, say.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import PROJECT

KEPT = PROJECT / "requirements" / "requires-python.json"


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def ask(lock: Path) -> dict[str, str]:
    """name==version → Requires-Python, empty where a package states none.

    Raises `CalledProcessError` where pip finds no wheel of a package; it has said so.
    """
    with tempfile.TemporaryDirectory() as scratch:
        plain, report = Path(scratch) / lock.name, Path(scratch) / "report.json"
        # With digests pip downloads every file; without, what the index says is enough for it.
        plain.write_text(re.sub(r" *\\\n +--hash=\S+", "", lock.read_text()))
        options = ["--dry-run", "--ignore-installed", "--ignore-requires-python", "--no-deps"]
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             *options, "--only-binary=:all:", "--report", report, "--requirement", plain],
            check=True,
        )  # fmt: skip
        packages = [each["metadata"] for each in json.loads(report.read_text())["install"]]
    return {
        f"{normal(each['name'])}=={each['version']}": each.get("requires_python", "")
        for each in packages
    }


def main(lock: Path) -> None:
    """Keep what pip says of a lock."""
    KEPT.write_text(json.dumps(ask(lock), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""`python -m tools.bench.loan_sizes`: the package's size at each step away from TensorFlow.

Measures what `make bench SERVICE=loan_grade` has installed: as pip leaves it and with byte code,
then without what nothing imports (byte code, tests, headers), then our own package.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tools import PROJECT
from tools.bench import packages

FOLDER = PROJECT / "build" / "bench" / "loan_grade"
TITLES = {
    "tensorflow": "TensorFlow and Keras",
    "onnx": "ONNX Runtime and numpy",
    "litert": "LiteRT and numpy",
    "numpy": "numpy alone",
}


def stripped(folder: Path) -> packages.Size:
    """The size of a copy without byte code, tests and headers."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(folder, copy, copy_function=_link)
        packages.prune(copy)
        for cache in sorted(copy.rglob("__pycache__")):
            shutil.rmtree(cache)
        return packages.measure(copy)


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def main() -> None:
    """Print a Markdown table: unzipped and zipped MB, as installed and stripped."""
    print("| step | installed MB | zipped | stripped MB | zipped |")
    print("|---|---:|---:|---:|---:|")
    kept = json.loads((FOLDER / "installed" / "sizes.json").read_text())
    for name, title in TITLES.items():
        small = stripped(FOLDER / "installed" / name)
        figures = [*kept[name], small.unzipped, small.zipped]
        print(f"| {title} | " + " | ".join(f"{value / 1e6:,.1f}" for value in figures) + " |")
    for name, title in (("ours", "our function, with byte code"), ("sources", "without")):
        own = packages.measure(FOLDER / name)
        print(f"| {title} | {own.unzipped / 1e6:.3f} | {own.zipped / 1e6:.3f} | | |")


if __name__ == "__main__":
    main()

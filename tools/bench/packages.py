"""Makes the folders that the functions run from, and the zip files they would be deployed as."""

from __future__ import annotations

import compileall
import json
import py_compile
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tools.bench.distributions import closure, copy

RUNTIME = ("awslambdaric", "boto3")
"""What AWS's runtime brings along: not counted in any function's package."""
_RUNTIME_ONLY = frozenset(
    ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
)
_PRUNED = frozenset(("__pycache__", "tests", "test", "testing_data", "datasets_data", "include"))
_PRUNED_SUFFIXES = (".pyi", ".pyx", ".pxd", ".h", ".hpp", ".c", ".cpp", ".a", ".tp", ".build")


@dataclass(frozen=True)
class Size:
    """Bytes of a function's package, as it lies on disk and as a zip file."""

    unzipped: int
    zipped: int

    def __add__(self, other: Size) -> Size:
        return Size(self.unzipped + other.unzipped, self.zipped + other.zipped)


def make_runtime(folder: Path, site: Path, base: Path = Path(sys.executable)) -> Path:
    """`base` again, with no packages but those that AWS's runtime has; returns its path."""
    python = folder / "bin" / "python"
    subprocess.run([base, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    own = next(folder.glob("lib/python3*/site-packages"))
    copy(closure(RUNTIME, site, frozenset()), own)
    for name in ("warm_calls.py", "timeline.py"):
        shutil.copyfile(Path(__file__).with_name(name), own / name)
    compile_with(python, own)
    return python


def compile_with(python: Path, folder: Path) -> None:
    """As `compile_folder`, by another interpreter; a source that it cannot compile stays one."""
    command: list[str | Path] = [python, "-m", "compileall", "-q", "-f", "-j", "0"]
    command += ["-s", folder, "-p", "/var/task"]
    subprocess.run(
        [*command, "--invalidation-mode", "unchecked-hash", folder],
        check=False,
        stdout=subprocess.DEVNULL,
    )


def compile_folder(folder: Path) -> None:
    """Ships byte code that is used without a look at its source's date.

    The CDK sets one date for every file of a zip, so byte code that names its source's date, as
    pip writes it, would count as stale in Lambda and be compiled again at every cold start.
    """
    compileall.compile_dir(
        str(folder),
        quiet=2,
        force=True,
        stripdir=str(folder),
        prependdir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def make_peer(folder: Path, handler: Path, needs: tuple[str, ...], site: Path) -> None:
    """A function's folder as `pip install --target` leaves it, with byte code."""
    folder.mkdir(parents=True)
    shutil.copyfile(handler, folder / "handler.py")
    if needs:
        copy(closure(needs, site, _RUNTIME_ONLY), folder)


def prune(folder: Path) -> None:
    """Removes what nothing imports at run time, then compiles the rest."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and path.name in _PRUNED:
            # numpy and scikit-learn import these two.
            if path.relative_to(folder).as_posix() not in ("numpy/_core/include",):
                shutil.rmtree(path)
        elif path.is_file() and path.suffix in _PRUNED_SUFFIXES:
            path.unlink()
    compile_folder(folder)


def measure(folder: Path) -> Size:
    """The sizes; the zip is written beside the folder once, and measured again only if gone."""
    archive = folder.with_suffix(".zip")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, file.read_bytes())
    size = Size(sum(file.stat().st_size for file in files), archive.stat().st_size)
    archive.unlink()
    return size


def remember(file: Path, sizes: dict[str, Size]) -> None:
    """Keeps sizes for the next run: zipping 270 MB takes longer than a quick benchmark."""
    file.write_text(json.dumps({name: [s.unzipped, s.zipped] for name, s in sizes.items()}))


def recall(file: Path) -> dict[str, Size]:
    """What `remember` kept."""
    return {name: Size(*pair) for name, pair in json.loads(file.read_text()).items()}

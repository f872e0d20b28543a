"""What is pinned, and which wheels run on which machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model_training.publishing import layer_contents
from stacks.packaging.layers.contents import wheel_files
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.keep import strip_folder, stripped
from stacks.packaging.layers.libraries import LIBRARIES, SCIKIT_LEARN, Libraries
from stacks.packaging.layers.lock import read_lock
from stacks.packaging.layers.size_gate import MOST_LAYERS
from stacks.packaging.layers.target import Target, target_named
from stacks.packaging.layers.wheels import checked_wheels, fits
from tests.unit.stacks.packaging.layers.small_wheels import lock, wheel, wheels
from tools import PROJECT

LAMBDA = target_named("lambda")
INTEL = Target(name="here", python="3.11", machine="x86_64", platforms=())


@pytest.mark.parametrize(
    ("tags", "fitting"),
    [
        ("cp314-cp314-manylinux_2_28_aarch64", True),
        ("cp314-cp314-manylinux_2_34_aarch64", True),
        ("cp314-cp314-manylinux2014_aarch64.manylinux_2_17_aarch64", True),
        ("cp39-abi3-manylinux_2_17_aarch64", True),
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        ("py3-none-manylinux_2_17_aarch64", True),
        ("cp314-cp314-manylinux_2_35_aarch64", False),
        ("cp314-cp314-manylinux_2_28_x86_64", False),
        ("cp314-cp314t-manylinux_2_28_aarch64", False),
        ("cp313-cp313-manylinux_2_28_aarch64", False),
        ("cp314-cp314-musllinux_1_2_aarch64", False),
        ("cp314-cp314-macosx_14_0_arm64", False),
        ("cp314-cp314-linux_aarch64", False),
        ("py2-none-any", False),
    ],
)
def test_tags_for_lambda(tags: str, fitting: bool) -> None:
    assert fits(f"package-1.0-{tags}.whl", LAMBDA) is fitting


@pytest.mark.parametrize(
    ("tags", "fitting"),
    [
        ("cp311-cp311-manylinux_2_28_x86_64", True),
        ("py3-none-any", True),
        ("cp311-cp311-manylinux_2_28_aarch64", False),
        ("cp314-cp314-manylinux_2_28_x86_64", False),
    ],
)
def test_tags_for_this_machine(tags: str, fitting: bool) -> None:
    assert fits(f"package-1.0-{tags}.whl", INTEL) is fitting


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("scipy.libs/libopenblas.so", True),
        ("scipy.libs/tests/a.h", True),
        ("scipy/tests/test_a.py", False),
        ("scipy/a/test/b.py", False),
        ("scipy/test.py", True),
        ("numpy/testing/__init__.py", True),
        ("sklearn/__pycache__/a.cpython-314.pyc", False),
        ("sklearn/a.pyc", False),
        ("sklearn/a.pyi", False),
        ("sklearn/_loss.pxd", False),
        ("sklearn/datasets/data/iris.csv", True),
        ("numpy-1.0.dist-info/RECORD", False),
        ("numpy-1.0.dist-info/METADATA", True),
        ("numpy-1.0.dist-info/licenses/LICENSE.txt", True),
        ("threadpoolctl.py", True),
        ("bin/f2py", False),
        ("numpy-1.0.dist-info/INSTALLER", False),
        ("ai_edge_litert/__init__.py", True),
        ("ai_edge_litert/_pywrap_litert_interpreter_wrapper.so", True),
        ("ai_edge_litert/libpywrap_litert_common.dylib", True),
        ("ai_edge_litert/libLiteRtWebGpuAccelerator.so", False),
        ("ai_edge_litert/tools/interpreter.py", False),
        ("ai_edge_litert-2.0.dist-info/METADATA", True),
    ],
)
def test_what_goes_into_a_layer(path: str, kept: bool) -> None:
    assert stripped(path) is kept


def test_a_path_out_of_the_wheel_is_refused(tmp_path: Path) -> None:
    bad = wheel(tmp_path, "joblib", {"../outside.py": b""})
    with pytest.raises(LayerError, match="leads out of its folder"):
        list(wheel_files(bad, stripped))


def test_wheels_are_compared_with_the_lock(tmp_path: Path) -> None:
    made = wheels(tmp_path / "made")
    pins = read_lock(lock(tmp_path / "lock.txt", made))
    assert set(checked_wheels(tmp_path / "made", pins, LAMBDA)) == set(pins)
    with pytest.raises(LayerError, match="no wheel of scipy"):
        checked_wheels(tmp_path / "made", {**pins, "scipy2": pins["scipy"]}, LAMBDA)
    with pytest.raises(LayerError, match="is not what the lock pins"):
        checked_wheels(tmp_path / "made", {"numpy": pins["numpy"]}, LAMBDA)
    with pytest.raises(LayerError, match=r"is not for Python 3\.11 on x86_64"):
        checked_wheels(tmp_path / "made", pins, INTEL)
    made[0].write_bytes(made[0].read_bytes() + b"x")
    with pytest.raises(LayerError, match="its SHA-256 differs"):
        checked_wheels(tmp_path / "made", pins, LAMBDA)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("numpy>=1.0 --hash=sha256:" + "0" * 64, "not pinned with =="),
        ("numpy==1.0\n", "no --hash"),
    ],
)
def test_what_is_not_pinned_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "lock.txt").write_text(text)
    with pytest.raises(LayerError, match=said):
        read_lock(tmp_path / "lock.txt")


def test_the_lock_pins_what_trains() -> None:
    trains = (PROJECT / "requirements.txt").read_text()
    versions = dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", trains, re.MULTILINE))
    pins = read_lock(SCIKIT_LEARN.lock)
    assert {"scikit-learn", "numpy", "scipy", "joblib"} <= set(pins)
    assert {name: pin.version for name, pin in pins.items()} == {
        name: versions[name] for name in pins
    }


@pytest.mark.parametrize("libraries", LIBRARIES.values(), ids=LIBRARIES)
def test_every_package_has_a_layer_and_there_are_few(libraries: Libraries) -> None:
    assert len(libraries.layers) <= MOST_LAYERS
    packages = read_lock(libraries.lock)
    assert {libraries.layer_of(name) for name in packages} == set(libraries.layers)


def test_pandas_is_the_one_that_is_tested_and_brings_nothing_that_is_there() -> None:
    tested = (PROJECT / "requirements-dev.txt").read_text()
    versions = dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", tested, re.MULTILINE))
    pins = read_lock(LIBRARIES["pandas"].lock)
    assert {name: pin.version for name, pin in pins.items()} == {
        name: versions[name] for name in ("pandas", "python-dateutil", "six")
    }
    assert not pins.keys() & read_lock(SCIKIT_LEARN.lock).keys()
    assert layer_contents.importable(frame=True) == {
        {"scikit-learn": "sklearn", "python-dateutil": "dateutil"}.get(name, name)
        for name in pins.keys() | read_lock(SCIKIT_LEARN.lock).keys()
    }


def test_litert_comes_without_what_its_interpreter_never_imports() -> None:
    pins = read_lock(LIBRARIES["litert"].lock)
    assert set(pins) == {"ai-edge-litert", "numpy", "pillow"}
    assert pins["numpy"].version == read_lock(SCIKIT_LEARN.lock)["numpy"].version


@pytest.mark.parametrize("environment", ["requirements-dev", "keras"])
def test_litert_serves_with_the_versions_it_is_tested_and_trained_with(environment: str) -> None:
    names = (environment, "requirements")
    text = "\n".join((PROJECT / "requirements" / f"{name}.in").read_text() for name in names)
    versions = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    for name in ("ai-edge-litert", "pillow"):
        assert read_lock(LIBRARIES["litert"].lock)[name].version == versions[name]


def test_an_installed_folder_is_stripped_by_the_same_rule(tmp_path: Path) -> None:
    """As the image's build does it: one file, without this project."""
    made = {
        "numpy/a.py": True,
        "numpy/tests/deep/b.py": False,
        "numpy.libs/tests/c.so": True,
        "bin/f2py": False,
        "numpy-1.0.dist-info/RECORD": False,
    }
    for path in made:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    strip_folder(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {
        "numpy", "numpy/a.py", "numpy.libs", "numpy.libs/tests", "numpy.libs/tests/c.so",
    }  # fmt: skip

"""The layers of the runtimes, from real wheels: sizes, contents, and that they work."""

from __future__ import annotations

import shutil
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stacks.packaging.layers.build import build
from stacks.packaging.layers.built import CACHE, BuiltLayers, layer_folder
from stacks.packaging.layers.compiled import interpreter
from stacks.packaging.layers.contents import wheel_files
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.keep import everything
from stacks.packaging.layers.libraries import LIBRARIES, LITERT, SCIKIT_LEARN, Libraries
from stacks.packaging.layers.proof import prove
from stacks.packaging.layers.size_gate import UNZIPPED_LIMIT, ZIPPED_LIMIT, TooLarge, megabytes
from stacks.packaging.layers.target import Target, target_named
from stacks.packaging.layers.wheels import fits
from tests.integration.layers import layers_of_this_machine

HERE = target_named("here")
LAMBDA = target_named("lambda")
INTEL = target_named("lambda", "x86_64")
AARCH64, X86_64 = 183, 62


def say(line: str) -> None:
    print(line)


@pytest.fixture(scope="module")
def here() -> BuiltLayers:
    """For this machine's Python: as the local AWS gets them."""
    return layers_of_this_machine()


@pytest.fixture(scope="module")
def for_lambda() -> BuiltLayers:
    """For AWS: as `make deploy` uploads them."""
    return build(SCIKIT_LEARN, target=LAMBDA, cache=CACHE, say=say)


def with_wheels(folder: Path, target: Target, libraries: Libraries = SCIKIT_LEARN) -> Path:
    """A cache that holds the downloaded wheels and nothing that was built from them."""
    name = layer_folder(CACHE, libraries, target).name
    shutil.copytree(CACHE / "wheels" / name, folder / "wheels" / name)
    return folder


def files(built: BuiltLayers) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for layer in built.layers:
        with zipfile.ZipFile(layer.file) as archive:
            assert not contents.keys() & set(archive.namelist())
            contents |= {name: archive.read(name) for name in archive.namelist()}
    return contents


def test_this_machine_s_layers_work_in_a_clean_process(here: BuiltLayers) -> None:
    prove(here)


def test_layers_that_lack_a_bundled_library_are_found_out(
    here: BuiltLayers, tmp_path: Path
) -> None:
    """The proof is able to fail."""
    numpy = here.layers[0]
    with zipfile.ZipFile(numpy.file) as whole, zipfile.ZipFile(tmp_path / "n.zip", "w") as broken:
        for name in whole.namelist():
            if not name.startswith("python/numpy.libs/"):
                broken.writestr(name, whole.read(name))
    layers = (replace(numpy, file=tmp_path / "n.zip"), *here.layers[1:])
    with pytest.raises(LayerError, match="do not work on this machine"):
        prove(replace(here, layers=layers))
    with pytest.raises(LayerError, match="do not work on this machine"):
        prove(replace(here, layers=here.layers[:2]))


def test_pandas_works_beside_them_and_all_fit() -> None:
    """A model chooses columns of a frame by name."""
    framed = layers_of_this_machine("pandas")
    assert [layer.name for layer in framed.layers] == ["numpy", "scipy", "scikit-learn", "pandas"]
    assert sum(framed.parts.values()) < UNZIPPED_LIMIT
    assert all(layer.zipped < ZIPPED_LIMIT for layer in framed.layers)
    prove(framed)


@pytest.mark.judge
def test_without_the_layer_of_pandas_it_is_found_out() -> None:
    framed = layers_of_this_machine("pandas")
    with pytest.raises(LayerError, match="No module named 'pandas'"):
        prove(replace(framed, layers=framed.layers[:3]))


def test_every_shared_object_for_lambda_is_for_its_machine(for_lambda: BuiltLayers) -> None:
    objects = {
        name: content
        for name, content in files(for_lambda).items()
        if name.endswith(".so") or ".so." in name
    }
    assert len(objects) > 200
    machines = {struct.unpack_from("<4s14xH", content) for content in objects.values()}
    assert machines == {(b"\x7fELF", AARCH64)}


def test_every_wheel_for_lambda_fits_its_python(for_lambda: BuiltLayers) -> None:
    wheels = [
        content.decode()
        for name, content in files(for_lambda).items()
        if name.endswith(".dist-info/WHEEL")
    ]
    assert len(wheels) == len(for_lambda.packages)
    for wheel in wheels:
        tags = [line.removeprefix("Tag: ") for line in wheel.splitlines() if line[:5] == "Tag: "]
        assert any(fits(f"package-1.0-{tag}.whl", LAMBDA) for tag in tags), tags


def test_for_lambda_there_is_what_runs_and_nothing_else(for_lambda: BuiltLayers) -> None:
    names = set(files(for_lambda))
    assert all(name.startswith("python/") for name in names)
    assert not [name for name in names if "/tests/" in name or name.endswith((".pyx", ".h"))]
    packed = files(for_lambda)
    folder = CACHE / "wheels" / layer_folder(CACHE, SCIKIT_LEARN, LAMBDA).name
    bundled = dict(
        library
        for wheel in folder.glob("*.whl")
        for library in wheel_files(wheel, lambda path: ".libs/" in path)
    )
    assert {name.partition("/")[0] for name in bundled} == {
        "numpy.libs", "scipy.libs", "scikit_learn.libs",
    }  # fmt: skip
    assert {name: packed[f"python/{name}"] for name in bundled} == bundled, "byte for byte"


@pytest.mark.parametrize("which", ["here", "for_lambda"])
def test_they_fit(which: str, request: pytest.FixtureRequest) -> None:
    built: BuiltLayers = request.getfixturevalue(which)
    assert len(built.layers) == 3
    assert all(layer.zipped < ZIPPED_LIMIT for layer in built.layers)
    assert sum(built.parts.values()) < UNZIPPED_LIMIT
    unzipped = sum(layer.unzipped for layer in built.layers)
    assert unzipped == sum(map(len, files(built).values()))


# The gate is tested with every change, on layers of a few bytes.
@pytest.mark.judge
def test_unstripped_as_pip_installs_them_they_do_not(here: BuiltLayers, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match=r"scipy\.libs") as refused:
        build(
            SCIKIT_LEARN, target=HERE, cache=with_wheels(tmp_path, HERE), say=say, keep=everything
        )
    print(f"\nunstripped: {refused.value}\nours: {megabytes(sum(here.parts.values()))}")


@pytest.mark.parametrize(
    "runtime", ["litert", pytest.param("scikit-learn", marks=pytest.mark.judge)]
)
def test_building_again_gives_the_same_bytes(runtime: str, tmp_path: Path) -> None:
    here, libraries = layers_of_this_machine(runtime), LIBRARIES[runtime]
    again = build(libraries, target=HERE, cache=with_wheels(tmp_path, HERE, libraries), say=say)
    for first, second in zip(here.layers, again.layers, strict=True):
        assert first.content == second.content
        assert first.file.read_bytes() == second.file.read_bytes()


def test_without_an_interpreter_of_its_version_lambda_gets_sources(
    for_lambda: BuiltLayers,
) -> None:
    compiled = any(name.endswith(".pyc") for name in files(for_lambda))
    assert compiled is (interpreter(LAMBDA.python) is not None)


@pytest.fixture(scope="module")
def litert_for_lambda() -> BuiltLayers:
    """For AWS, of the machine that clothes runs on."""
    return build(LITERT, target=INTEL, cache=CACHE, say=say)


def test_litert_works_in_a_clean_process_from_its_layers_alone() -> None:
    """It imports, runs a model and decodes pictures: nothing that its wheel also asks for is
    missed."""
    prove(layers_of_this_machine("litert"))


@pytest.mark.parametrize("left_out", ["numpy", "litert"])
def test_without_one_of_its_layers_litert_is_found_out(left_out: str) -> None:
    here = layers_of_this_machine("litert")
    layers = tuple(layer for layer in here.layers if layer.name != left_out)
    with pytest.raises(LayerError, match="do not work on this machine"):
        prove(replace(here, layers=layers))


def test_litert_for_lambda_is_for_its_machine_and_fits(litert_for_lambda: BuiltLayers) -> None:
    contents = files(litert_for_lambda)
    objects = {name: content for name, content in contents.items() if ".so" in name}
    machines = {struct.unpack_from("<4s14xH", content) for content in objects.values()}
    assert machines == {(b"\x7fELF", X86_64)}
    assert all(layer.zipped < ZIPPED_LIMIT for layer in litert_for_lambda.layers)
    assert sum(litert_for_lambda.parts.values()) < UNZIPPED_LIMIT / 2


def test_of_litert_there_is_its_interpreter_and_nothing_else(
    litert_for_lambda: BuiltLayers,
) -> None:
    folder = "python/ai_edge_litert/"
    names = {name for name in files(litert_for_lambda) if name.startswith(folder)}
    assert {name.removeprefix(folder) for name in names if "__pycache__" not in name} == {
        "__init__.py",
        "interpreter.py",
        "metrics_interface.py",
        "metrics_portable.py",
        "_pywrap_litert_interpreter_wrapper.so",
        "libpywrap_litert_common.so",
    }

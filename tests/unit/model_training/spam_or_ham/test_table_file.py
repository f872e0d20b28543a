"""What the CSV and TSV reader takes, and what it says about the rest."""

import csv
import io
from pathlib import Path

import pytest

from model_training.command_line import DataError
from model_training.spam_or_ham.table_file import Table, parse, read_file


def rows(table: Table) -> list[tuple[str, str]]:
    return list(zip(table.labels, table.texts, strict=True))


def test_uci_tsv_keeps_quotation_marks_and_does_not_merge_rows() -> None:
    content = b'ham\t"Oh, she said\nspam\tWIN "now"\nham\tbye"\n'
    assert rows(parse(content, "f")) == [
        ("ham", '"Oh, she said'),
        ("spam", 'WIN "now"'),
        ("ham", 'bye"'),
    ]


def test_tabs_commas_and_odd_line_ends_inside_a_tsv_text_belong_to_it() -> None:
    content = "ham\ta\tb, c\x85d\u2028e\r\nspam\tx\r\n\r\n".encode()
    assert rows(parse(content, "f")) == [("ham", "a\tb, c\x85d\u2028e"), ("spam", "x")]


def test_kaggle_file_is_latin_1_with_empty_extra_columns() -> None:
    head = b'v1,v2,,,\r\nham,"Hi, ""you""",,,\r\nspam,Win \xa31000,,,\r\nham,a,b," c",\r\n'
    table = parse(head, "spam.csv")
    # The article reads v2 alone.
    assert rows(table) == [("ham", 'Hi, "you"'), ("spam", "Win £1000"), ("ham", "a")]
    assert table.notes == ()


def test_kaggles_damaged_characters_are_counted_not_hidden() -> None:
    content = "v1,v2,,,\nspam,Win å£1000,,,\nham,fine,,,\n".encode("latin-1")
    (note,) = parse(content, "spam.csv").notes
    assert note.startswith("1 texts hold characters that were decoded wrongly")


@pytest.mark.parametrize(
    "content",
    [
        b"label,text\nHAM,hello\nspam,win\n",
        b"text,label\nhello,ham\nwin,spam\n",
        b"id,Message,Category\n1,hello,ham\n2,win, spam \n",
        b"\xef\xbb\xbflabel\ttext\nham\thello\nspam\twin\n",
        b"ham,hello\nspam,win",
        b"\r\nham\thello\r\nspam\twin\r\n",
    ],
)
def test_header_order_case_and_byte_order_mark_do_not_matter(content: bytes) -> None:
    assert rows(parse(content, "f")) == [("ham", "hello"), ("spam", "win")]


def test_a_quoted_csv_text_may_hold_line_breaks() -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([("label", "text"), ("ham", "a\nb"), ("spam", 'c "d"')])
    assert rows(parse(stream.getvalue().encode(), "f")) == [("ham", "a\nb"), ("spam", 'c "d"')]


def test_a_named_encoding_is_used() -> None:
    assert rows(parse("ham\t£5\n".encode("utf-16"), "f", "utf-16")) == [("ham", "£5")]
    assert rows(parse(b"ham\t\xa35\n", "f", "latin-1")) == [("ham", "£5")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "f: the file is empty"),
        (b" \r\n\n", "f: the file is empty"),
        (b"ham\thi\nspam\t\xa3100\n", "f, line 2: byte 0xa3 is not valid UTF-8; expected UTF-8"),
        ("ham\thi\n".encode("utf-16"), "f, line 1: UTF-16; expected UTF-8"),
        (b"ham\thi\nspma\twin\n", "f, line 2: the label is 'spma'; expected ham or spam"),
        (b"label,text\nham,a\n,b\n", "f, line 3: the label is ''; expected ham or spam"),
        (b"ham\n", "f, line 1: one column; expected a label and a text"),
        (b"ham\thi\nspam\n", "f, line 2: 1 column(s); expected a label and a text"),
        (b"label,content\nham,x\n", "f, line 1: found the columns 'label', 'content'; expected a"),
        (b"text\nhello\n", "f, line 1: found the columns 'text'; expected a header"),
        (b"ham,hello\nspam,win, now\n", "f, line 2: 3 columns; expected 2"),
        (b'label,text\nham,"hello\nspam,win\nham,x\n', "f, line 2: a quotation mark is never"),
        (b"label,text\nham," + b"x" * 1_000_001 + b"\n", "f, line 2: not a CSV row (field larger"),
        (b"PK\x03\x04\x00\x00", "f, line 1: found the columns"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content: bytes, sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        parse(content, "f")
    assert str(refusal.value).startswith(sentence)


def test_the_csv_field_limit_is_put_back() -> None:
    before = csv.field_size_limit()
    parse(b"label,text\nham,x\n", "f")
    assert csv.field_size_limit() == before
    with pytest.raises(DataError):
        parse(b"label,text\nham,x\nneither,y\nham,z\n", "f")
    assert csv.field_size_limit() == before


def test_an_unknown_encoding_name_is_refused() -> None:
    with pytest.raises(DataError, match="no encoding called 'klingon'"):
        parse(b"ham\thi\n", "f", "klingon")


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or directory; expected a readable CSV"):
        read_file(tmp_path / "absent.csv")
    with pytest.raises(DataError, match="is a directory"):
        read_file(tmp_path)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(DataError, match="larger than 100,000,000 bytes"):
        read_file(huge)

"""What becomes of a row: answered as over HTTP, or named with its line and the problem's words."""

from __future__ import annotations

import csv
import gzip
import json

import pytest
from serving.service import ModelService

from tests.unit.batch.conftest import Answered
from tools.local_aws.events import rest


def over_http(service: ModelService, body: str) -> dict[str, object]:
    event = rest(body, "application/json", resource="/texts", path="/texts")
    answer: dict[str, object] = json.loads(service.handler(event, None)["body"])
    return answer


BAD = {
    "broken": (b"{", "invalid-json"),
    "twice": (b'{"text": "a", "text": "b"}', "invalid-json"),
    "not a number": (b'{"text": "a", "n": NaN}', "invalid-json"),
    "a list": (b'["a", "b"]', "unexpected-json"),
    "no text": (b'{"id": 1}', "unexpected-json"),
    "blank text": (b'" "', "empty-body"),
    "half a pair": (b'"\\ud800"', "undecodable-text"),
    "not UTF-8": (b'"\xff"', "undecodable-text"),
    "too long": (b'"' + b"x" * 70_000 + b'"', "body-too-large"),
    "an id that is none": (b'{"text": "a", "id": [1]}', "unexpected-json"),
}


def test_a_row_is_answered_as_over_http_to_the_last_bit(
    service: ModelService, answered: Answered
) -> None:
    texts = [f"call {word} now {number}" for number in range(300) for word in ("me", "free")]
    content = "".join(f"{json.dumps(text)}\n" for text in texts).encode()
    kept = answered({"a.jsonl": content}, range_bytes=1000)
    rows = [json.loads(line) for line in kept.lines("part")]
    assert [row["line"] for row in rows] == [*range(1, 601)]
    for text, row in zip(texts, rows, strict=True):
        answer = over_http(service, json.dumps(text))
        assert [row["prediction"]] == answer["predictions"]
        assert [row["probabilities"]] == answer["probabilities"]
        assert row["model_version"] == "1" * 12


def test_every_bad_row_is_named_and_no_other_is_lost(answered: Answered) -> None:
    lines = [b'{"id": "good", "text": "free"}']
    for line, _ in BAD.values():
        lines += [line, b"", b'"see you"']
    kept = answered({"a.jsonl": b"\n".join(lines)}, range_bytes=200, chunk=33)
    errors = [json.loads(line) for line in kept.lines("errors")]
    assert [(error["line"], error["type"]) for error in errors] == [
        (2 + 3 * index, f"/problems/{slug}") for index, (_, slug) in enumerate(BAD.values())
    ]
    answers = [json.loads(line) for line in kept.lines("part")]
    assert answers[0]["id"] == "good"
    assert "line" not in answers[0]
    assert [answer["line"] for answer in answers[1:]] == [
        4 + 3 * index for index in range(len(BAD))
    ]
    summaries = [json.loads(kept.objects[name]) for name in kept.objects if "summaries" in name]
    assert sum(one["blank"] for one in summaries) == len(BAD)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_forms_give_the_same_answers(answered: Answered, pack: object) -> None:
    texts = ["free prize", "see you, at noon", 'a "quoted" word', "zwölf"]
    forms = {
        "jsonl": "".join(f"{json.dumps(text)}\n" for text in texts),
        "csv": "id,text\n" + "".join(f'{n},"{t.replace(chr(34), chr(34) * 2)}"\r\n'
                                     for n, t in enumerate(texts)),
        "txt": "\ufeff" + "\n".join(texts),
    }  # fmt: skip
    assert callable(pack)
    ending = ".gz" if pack is gzip.compress else ""
    found = {}
    for form, text in forms.items():
        kept = answered({f"a.{form}{ending}": pack(text.encode())})
        assert kept.lines("errors") == []
        rows = [json.loads(line) for line in kept.lines("part")]
        found[form] = [row["probabilities"] for row in rows]
    assert found["jsonl"] == found["csv"] == found["txt"]


def test_csv_names_the_lines_of_a_row_and_its_problem(answered: Answered) -> None:
    content = (
        b'id,text\r\n1,"two\nlines"\n2,short,more\n3,"\xff"\n4,"bad" quote\n5,fine\n6,"never ends\n'
    )
    kept = answered({"a.csv": content})
    errors = [json.loads(line) for line in kept.lines("errors")]
    assert [(error["line"], error["type"].rpartition("/")[2]) for error in errors] == [
        (4, "invalid-csv"), (5, "undecodable-text"), (6, "invalid-csv"), (8, "invalid-csv"),
    ]  # fmt: skip
    assert [json.loads(line)["id"] for line in kept.lines("part")] == ["1", "5"]


def test_columns_are_kept_on_request_and_answers_are_csv_on_request(answered: Answered) -> None:
    content = b'id,text,day\n1,"free, now",Monday\n2,see you,Tuesday\n'
    kept = answered({"a.csv": content}, keep=["day"], form="csv")
    rows = list(csv.DictReader(kept.lines("part")))
    assert [(row["id"], row["prediction"], row["input_day"]) for row in rows] == [
        ("1", "spam", "Monday"), ("2", "ham", "Tuesday"),
    ]  # fmt: skip
    assert all(0 <= float(row["probability_spam"]) <= 1 for row in rows)
    (first, _) = (json.loads(line) for line in answered(
        {"a.csv": content}, keep=["day"], named=True).lines("part"))  # fmt: skip
    assert (first["input"], first["file"]) == ({"day": "Monday"}, "a.csv")


def test_a_file_that_is_damaged_further_on_keeps_what_was_good(answered: Answered) -> None:
    content = gzip.compress(b'"free"\n' * 1000)[:-10]
    kept = answered({"a.jsonl.gz": content})
    [error] = [json.loads(line) for line in kept.lines("errors")]
    answers = kept.lines("part")
    assert error["type"] == "/problems/damaged-input"
    assert error["line"] == len(answers) + 1 > 1


def test_a_row_that_the_model_fails_on_costs_no_other(
    service: ModelService, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict = service.model.predict

    def failing(texts: list[str]) -> object:
        if any("poison" in text for text in texts):
            raise ZeroDivisionError
        return predict(texts)

    monkeypatch.setattr(service.model, "predict", failing)
    rows = ["free"] * 600
    rows[300] = rows[7] = "poison"
    kept = answered({"a.txt": "\n".join(rows).encode()})
    errors = [json.loads(line) for line in kept.lines("errors")]
    assert [(error["line"], error["type"]) for error in errors] == [
        (8, "/problems/internal-error"), (301, "/problems/internal-error"),
    ]  # fmt: skip
    assert len(kept.lines("part")) == 598


def test_a_file_without_rows_has_a_summary_and_no_part(answered: Answered) -> None:
    kept = answered({"a.jsonl": b"", "b.csv": b"id,text\n", "c.txt": b"\n\n"})
    assert [*kept.objects] == ["summaries/000000-0000.json"]
    assert json.loads(kept.objects["summaries/000000-0000.json"])["rows"] == 0

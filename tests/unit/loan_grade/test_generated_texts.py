"""Bodies that are almost loans, character by character: answered or refused, never failed on."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.harness.small_records_model import LOANS
from tests.unit.loan_grade.conftest import Ask

TEXT = json.dumps(LOANS)
PIECES = st.sampled_from(
    ["", '"', "{", "}", "[", "]", ",", ":", "null", "NaN", "1e999", "-", "\\ud800", "\x00", "é",
     '"home": "RENT",', "{}", "9" * 5_000]
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), PIECES), min_size=1, max_size=4
)


def edited(edits: list[tuple[int, int, str]]) -> str:
    """The loans with pieces of the text replaced."""
    text = TEXT
    for start, length, replacement in edits:
        text = text[:start] + replacement + text[start + length :]
    return text


@given(text=EDITS.map(edited) | st.text(max_size=40), explained=st.booleans())
def test_every_text_is_answered(ask: Ask, text: str, explained: bool) -> None:
    query = {"explain": "true"} if explained else None
    answer = ask(text, queryStringParameters=query)
    assert answer["statusCode"] in (200, 400), answer
    body = json.loads(answer["body"])
    assert answer["body"].isascii()
    if answer["statusCode"] == 200:
        assert len(body["predictions"]) == len(body["probabilities"])
    else:
        assert body["status"] == 400

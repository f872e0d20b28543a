"""A form is read as its sender wrote it, and what is no form as the text it is."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving.http.media_types import FORM
from serving.http.problems import Problem
from serving.http.request import Request
from serving.inputs.form import text_of
from serving.inputs.text import Inputs


def _read(body: str, declared: str = FORM) -> list[str]:
    request = Request({"body": body, "headers": {"Content-Type": declared}})
    texts: list[str] = Inputs().read(request).values
    return texts


_SHOWN = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(
    lambda text: not text.isspace() and not text.startswith("\ufeff")
)


@given(_SHOWN)
def test_any_text_comes_through_a_form(text: str) -> None:
    assert _read(urlencode({"text": text})) == [text]
    # Space as %20, and the marks that a browser's encodeURIComponent leaves.
    assert _read("text=" + quote(text, safe="~()*!.'")) == [text]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("text=free+prize%21", "free prize!"),
        ("text=a=b==", "a=b=="),
        ("text=https://a.example/?b=c", "https://a.example/?b=c"),
        ("text=%e2%82%AC", "\u20ac"),
        ("text=%2525", "%25"),
        ("text=%EF%BB%BFa", "a"),
    ],
)
def test_a_value_is_decoded_once(body: str, text: str) -> None:
    assert _read(body) == [text]


def test_a_value_is_in_the_declared_character_set() -> None:
    assert _read("text=caf%e9", f"{FORM}; charset=iso-8859-1") == ["caf\u00e9"]


@pytest.mark.parametrize(
    "text",
    [
        "WINNER!! Claim your \u00a31000 prize now, call 09061234567",
        "100% free",
        "1 + 1 = 2",
        "text = free",
        "text=free prize",
        "text=caf\u00e9",
        "text=a\nb=c",
        "R&D",
        "free%20prize",
        "https://a.example/?b=c&d=e",
        "{a=b}",
        "=)",
        "<a",
        '{"text":"a=b"}',
    ],
)
def test_what_is_no_form_is_text(text: str) -> None:
    assert _read(text) == [text]


def test_what_is_declared_as_text_is_text() -> None:
    assert _read("text=a%20b", "text/plain") == ["text=a%20b"]


@pytest.mark.parametrize(
    "body", ["a=b", "text=a&b=c", "text=a&", "text=%", "text=%f", "text=%g0", "TEXT=a", "a[b]=c"]
)
def test_another_form_is_told_what_to_send(body: str) -> None:
    with pytest.raises(Problem) as refused:
        text_of(body)
    assert refused.value.type.slug == "unexpected-form"
    for way in ("text=", "text/plain", "application/json"):
        assert way in refused.value.detail

"""Hypothesis strategies for events: all that a runtime may hand over, from noise to requests."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st

MARKER = "qzxmarkerqzx"
"""Part of every text that a request carries; no answer and no log line may hold it."""

# Half surrogates too: JSON can write them, and they have killed a runtime.
_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
# What the normalisation takes off, alone and in any mixture.
_DISGUISES = (
    *(
        "f r e e",
        "f.r.e.e",
        "f-r_e e",
        "fr33",
        "ｆｒｅｅ",
        "frее",
        "f\u200br\u200be",
        "fre\u0301\u0301e",
    ),
    *("<b>", "</b>", "<!--", "<", ">", "&#102;", "&amp;lt;", "&", "\u202e", "ﬀ", " "),
)
_DISGUISED = st.lists(st.sampled_from(_DISGUISES), max_size=12).map("".join)
_AROUND = _ANY_TEXT | _DISGUISED
marked_text = st.builds(lambda before, after: before + MARKER + after, _AROUND, _AROUND)
# Objects' keys are not marked: they are where a request's known members are looked for.
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | marked_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)

_METHODS = st.sampled_from(["GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS", "get", ""])
_PATHS = st.sampled_from(
    ["/spamorham", "/", "/openapi.json", "/spamorham/", "/../etc/passwd", "/{proxy+}", ""]
)
_CONTENT_TYPES = st.sampled_from(
    [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain; charset=iso-8859-1",
        'text/plain; charset="UTF-8"',
        "text/plain;charset=utf-16",
        "text/plain; charset=zip",
        "application/json",
        "Application/JSON; charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "text/html",
        "text/plain, application/json",
        ";;;",
        "",
    ]
)
_ACCEPTS = st.sampled_from(
    [
        "*/*",
        "application/json",
        "text/plain",
        "text/*;q=0.5, application/json;q=0.1",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/problem+json",
        "image/png",
        "*/*;q=0",
        "text/plain;q=nan, application/json;q=-1",
        ",,,",
    ]
)


def _or_noise(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what belongs there, sometimes text of a stranger, sometimes another type."""
    return st.one_of(strategy, strategy, strategy, strategy, marked_text, json_values)


def _any_case(names: list[str]) -> st.SearchStrategy[str]:
    change = st.sampled_from([str.lower, str.title, str.upper])
    return st.builds(lambda name, case: case(name), st.sampled_from(names), change)


_HEADERS = st.one_of(
    st.none(),
    st.dictionaries(_any_case(["content-type"]), _or_noise(_CONTENT_TYPES), min_size=1, max_size=2),
    st.dictionaries(
        _any_case(["content-type", "accept", "content-encoding", "content-length", "x-other"]),
        _or_noise(_CONTENT_TYPES | _ACCEPTS | st.sampled_from(["gzip", "identity", "br"])),
        max_size=6,
    ),
)
_MULTI_HEADERS = st.one_of(
    st.none(),
    st.dictionaries(
        _any_case(["content-type", "accept"]),
        st.lists(_or_noise(_CONTENT_TYPES | _ACCEPTS), max_size=3),
        max_size=2,
    ),
)
_TEXTS = st.lists(marked_text, max_size=4)
_JSON_BODIES = st.one_of(
    st.builds(json.dumps, marked_text),
    st.builds(json.dumps, _TEXTS),
    st.builds(
        lambda key, texts: json.dumps({key: texts}),
        st.sampled_from(["instances", "inputs", "texts"]),
        _TEXTS,
    ),
    st.builds(json.dumps, json_values),
    st.builds(lambda value, cut: json.dumps(value)[:cut], json_values, st.integers(0, 80)),
    st.integers(1, 3_000).map(lambda depth: "[" * depth + MARKER),
)
_BYTES = st.one_of(
    st.binary(max_size=60),
    marked_text.map(lambda text: text.encode("utf-8", "surrogatepass")),
    marked_text.map(lambda text: text.encode("utf-16", "surrogatepass")),
    _JSON_BODIES.map(lambda text: text.encode("utf-8", "surrogatepass")),
)
_BASE64 = _BYTES.map(lambda data: base64.b64encode(data).decode())
_FORM_BODIES = st.one_of(
    st.builds(
        lambda fields: urlencode(fields, errors="surrogatepass"),
        st.dictionaries(st.sampled_from(["text", "a"]), marked_text),
    ),
    st.builds(lambda text: f"text={text}", marked_text),
)
_BODIES = st.one_of(
    marked_text,
    _FORM_BODIES,
    _JSON_BODIES,
    _BASE64,
    _BASE64.map(lambda text: text.replace("=", "")),
    st.sampled_from(["", " \r\n\t", "\ufeff", "\x00", "a" * 65_536, "ä" * 32_769]),
    st.none(),
)
_QUERIES = st.one_of(
    st.none(),
    st.dictionaries(
        st.sampled_from(["explain", "Explain", "x"]),
        _or_noise(st.sampled_from(["true", "false", "1", ""])),
        max_size=2,
    ),
)
rest_events: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"httpMethod": _or_noise(_METHODS), "body": _or_noise(_BODIES)},
    optional={
        "resource": _or_noise(_PATHS),
        "path": _or_noise(_PATHS),
        "headers": _or_noise(_HEADERS),
        "multiValueHeaders": _or_noise(_MULTI_HEADERS),
        "queryStringParameters": _or_noise(_QUERIES),
        "multiValueQueryStringParameters": _or_noise(st.none()),
        "pathParameters": _or_noise(st.none()),
        "stageVariables": _or_noise(st.none()),
        "requestContext": st.one_of(st.none(), st.integers(), st.just({"requestId": "id-1"})),
        "isBase64Encoded": _or_noise(st.booleans()),
    },
)
http_events: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {"version": st.just("2.0"), "rawPath": _or_noise(_PATHS), "body": _or_noise(_BODIES)},
    optional={
        "rawQueryString": marked_text,
        "cookies": st.lists(marked_text, max_size=2),
        "headers": _or_noise(_HEADERS),
        "queryStringParameters": _or_noise(_QUERIES),
        "requestContext": st.fixed_dictionaries(
            {"http": _or_noise(st.fixed_dictionaries({"method": _or_noise(_METHODS)}))}
        ),
        "isBase64Encoded": _or_noise(st.booleans()),
    },
)
events: st.SearchStrategy[Any] = st.one_of(rest_events, rest_events, http_events, json_values)
"""What a handler may be called with: proxy events of both versions, and any JSON value."""

"""Mixed traffic with the answer each request must get: the same for the same seed, for ever."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from tools.reliability.hostile import Sent, hostile_requests

_ODD = (
    "f r e e",
    "fr33",
    "p\u0433ize",
    "wi\u200bn",
    "£1000",
    "http://a.example/?b=c&d",
    "naïve",
    "ﬀ",
    "\u200b",
    "🎉",
    "<b>",
    "İstanbul",
    "\x00",
)
_LONGEST = 2_000


def _event(**members: object) -> dict[str, Any]:
    return {
        "resource": "/spamorham",
        "path": "/spamorham",
        "httpMethod": "POST",
        "headers": {"Host": "api.example", "User-Agent": "load/1"},
        "multiValueHeaders": None,
        "queryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "stage": "v1"},
        "isBase64Encoded": False,
        **members,
    }


def _sent(
    texts: Sequence[str], *, plain: bool = False, explained: bool = False, **members: object
) -> Sent:
    event = _event(**members)
    return Sent(json.dumps(event).encode(), 200, tuple(texts), plain, explained)


def _raw(_rng: random.Random, texts: list[str]) -> Sent:
    return _sent(texts[:1], body=texts[0])


_FORM_HEADERS = {"content-type": "application/x-www-form-urlencoded", "accept": "*/*"}


def _declared_a_form(_rng: random.Random, texts: list[str]) -> Sent:
    text = f"{texts[0]} ok"  # with a space, whatever the word: no form
    return _sent([text], body=text, headers=_FORM_HEADERS)


def _form(_rng: random.Random, texts: list[str]) -> Sent:
    return _sent(texts[:1], body=urlencode({"text": texts[0]}), headers=_FORM_HEADERS)


def _plain(_rng: random.Random, texts: list[str]) -> Sent:
    headers = {"Content-Type": "text/plain; charset=utf-8", "ACCEPT": "text/plain"}
    return _sent(texts[:1], body=texts[0], headers=headers, plain=True)


def _base64(_rng: random.Random, texts: list[str]) -> Sent:
    body = base64.b64encode(texts[0].encode()).decode()
    return _sent(texts[:1], body=body, isBase64Encoded=True)


def _latin(_rng: random.Random, texts: list[str]) -> Sent:
    data = texts[0].encode("latin-1", "ignore") + b" ok"
    headers = {"Content-Type": "text/plain; charset=ISO-8859-1"}
    body = base64.b64encode(data).decode()
    return _sent([data.decode("latin-1")], body=body, isBase64Encoded=True, headers=headers)


def _json(rng: random.Random, texts: list[str]) -> Sent:
    forms: list[object] = [texts, {"instances": texts}, {"inputs": texts}]
    body = json.dumps(rng.choice(forms), ensure_ascii=rng.random() < 0.5)
    return _sent(texts, body=body, headers={"Content-Type": "application/json"})


def _explained(_rng: random.Random, texts: list[str]) -> Sent:
    query = {"explain": "true"}
    return _sent(texts[:1], body=texts[0], queryStringParameters=query, explained=True)


def _version_two(_rng: random.Random, texts: list[str]) -> Sent:
    event = {
        "version": "2.0",
        "rawPath": "/spamorham",
        "headers": {"content-type": "text/plain"},
        "requestContext": {"http": {"method": "POST", "path": "/spamorham"}},
        "body": texts[0],
        "isBase64Encoded": False,
    }
    return Sent(json.dumps(event).encode(), 200, tuple(texts[:1]))


def _description(_rng: random.Random, _texts: list[str]) -> Sent:
    return Sent(json.dumps(_event(httpMethod="GET", body=None)).encode(), 200)


Form = Callable[[random.Random, list[str]], Sent]
_FORMS: tuple[tuple[Form, int], ...] = (
    (_raw, 25),
    (_declared_a_form, 15),
    (_form, 5),
    (_plain, 5),
    (_base64, 20),
    (_latin, 2),
    (_json, 20),
    (_explained, 4),
    (_version_two, 3),
    (_description, 1),
)


def _text(rng: random.Random, vocabulary: Sequence[str]) -> str:
    count = rng.randint(1, 25) if rng.random() < 0.99 else rng.randint(26, _LONGEST)
    words = rng.choices(vocabulary, k=count)
    if rng.random() < 0.2:
        words.insert(rng.randrange(count), rng.choice(_ODD))
    return " ".join(words).lstrip("\ufeff")


def traffic(seed: str, *, count: int, hostile: float, vocabulary: Sequence[str]) -> Iterator[Sent]:
    """`count` requests of which a share of `hostile` is meant to do harm."""
    rng = random.Random(seed)  # noqa: S311 - traffic must repeat, not be unguessable
    attacks = hostile_requests()
    forms, weights = zip(*_FORMS, strict=True)
    for _ in range(count):
        if rng.random() < hostile:
            yield rng.choice(attacks)
        else:
            texts = [_text(rng, vocabulary) for _ in range(rng.choice((1, 1, 1, 2, 5)))]
            form: Form = rng.choices(forms, weights)[0]
            yield form(rng, texts)

"""What a text is pumped through: every pattern alone, every step alone, and whole predictions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress

from portable.feature_extraction import accents
from serving.http.media_types import FORM, JSON, TEXT, content_type, negotiate
from serving.http.problems import Problem
from serving.http.request import Request
from serving.http.strict_json import decode, decode_leniently, encode
from serving.inputs.text import Inputs
from spam_or_ham.handler import runtime
from spam_or_ham.obfuscation import characters, leet, markup, spacing

from model_training.publishing.token_patterns import KNOWN_LINEAR
from tools.reliability.models import Generation
from tools.reliability.pumps.patterns import text_patterns

Target = Callable[[str], object]


def every_target(model: Generation) -> dict[str, Target]:
    """All of them by name; the whole predictions, which take longest, are the last two."""
    return {
        **text_patterns(),
        **{
            f"token pattern {pattern}": re.compile(pattern).findall
            for pattern in sorted(KNOWN_LINEAR)
        },
        **_steps(),
        **_requests(),
        **whole(model),
    }


def whole(model: Generation) -> dict[str, Target]:
    """A text's way through `model`, with and without its explanation."""
    files = dict(model.files)
    manifest = json.loads(files.pop("manifest.json"))
    loaded = runtime()(files, manifest)
    return {
        "predict": lambda text: loaded.predict([text]),
        "explain": lambda text: loaded.predict_and_explain([text]),
    }


def _steps() -> dict[str, Target]:
    """The steps between a text and its terms, each on the text itself: what comes before a step
    changes the text, and may hide from it what would make it slow."""
    return {
        "markup": markup.render,
        "characters": characters.plain,
        "spacing": spacing.join,
        "leet": leet.spell,
        "accents to ASCII": accents.strip_to_ascii,
        "accents": accents.strip_combining,
        "lower case": str.lower,
    }


def _requests() -> dict[str, Target]:
    """The text as each part of a request that is parsed."""

    def header(name: str, before: str) -> Target:
        def parse(text: str) -> None:
            request = Request({"body": "a", "headers": {name: before + text}})
            with suppress(Problem):
                content_type(request, (TEXT, JSON))
            with suppress(Problem):
                negotiate(request, (TEXT, JSON))

        return parse

    def read(declared: str, before: str = "", after: str = "") -> Target:
        def parse(text: str) -> None:
            body = before + text + after
            request = Request({"body": body, "headers": {"content-type": declared}})
            with suppress(Problem):
                Inputs().read(request)

        return parse

    def base64(text: str) -> None:
        with suppress(Problem):
            Request({"body": text, "isBase64Encoded": True}).content(2**20)

    def lenient(text: str) -> None:
        with suppress(Problem):
            decode_leniently(text)

    def strings(text: str) -> None:
        decode(encode([text, {text: text}]))

    return {
        "content type": header("content-type", ""),
        "content type's parameters": header("content-type", "text/plain;"),
        "accept": header("accept", ""),
        "accept's parameters": header("accept", "text/plain;"),
        "text body": read(TEXT),
        "form body": read(FORM),
        "form field": read(FORM, "text="),
        "JSON body": read(JSON),
        "JSON string": read(JSON, '"', '"'),
        "lenient JSON": lenient,
        "strings encoded and decoded": strings,
        "base64 body": base64,
    }

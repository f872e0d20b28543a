"""What leaves the service is ASCII, whatever is in it."""

from __future__ import annotations

import json

import pytest
from serving.http.strict_json import encode


@pytest.mark.parametrize("text", ["é", "🎉", "\ud800", "\u2028"])
def test_what_is_encoded_is_ascii_and_comes_back(text: str) -> None:
    encoded = encode({"text": text})
    assert encoded.isascii()
    assert json.loads(encoded) == {"text": text}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(number)

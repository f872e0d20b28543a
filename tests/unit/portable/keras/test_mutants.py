"""Damaged artifacts: refused with a sentence, or still a classifier; nothing else ever happens."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from portable.errors import UnsupportedModel
from portable.keras.classifier import load

from tests.unit.portable.keras.artifacts import LOAN, artifact, as_bytes

ODD: list[Any] = [None, True, 0, -1, 7, 1e308, "", "A", "\ud800", [], {}, [[]], float("nan")]


def survives(data: bytes) -> bool:
    """Whether it is read; then it answers with probabilities."""
    try:
        model = load(data)
    except UnsupportedModel:
        return False
    label, chances = model.predict(LOAN)
    assert label in model.classes_
    assert len(chances) == len(model.classes_)
    return True


@pytest.mark.parametrize("seed", range(4))
def test_flipped_and_lost_bytes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    whole = as_bytes(artifact())
    read = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data))
            if chance.random() < 0.3:
                del data[at : at + chance.randint(1, 40)]
            else:
                data[at] = chance.randrange(256)
        read += survives(bytes(data))
    # Some only change a weight: the digest, checked before, is what refuses those.
    assert 0 < read < 400


@pytest.mark.parametrize("seed", range(4))
def test_members_of_another_kind(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    for _ in range(300):
        document = json.loads(as_bytes(artifact()))
        place: Any = document
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = chance.choice(keys)
            if not isinstance(place[key], dict | list) or not place[key] or chance.random() < 0.2:
                place[key] = chance.choice(ODD)
                break
            place = place[key]
        survives(as_bytes(document))

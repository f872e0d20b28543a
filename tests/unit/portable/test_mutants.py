"""A sample of what `python -m tests.unit.portable.mutate --count 100000` does."""

import pytest

from tests.unit.portable import mutate

SAMPLE = 1_000


def test_every_mutant_is_refused_or_harmless() -> None:
    tally = mutate.run(SAMPLE, seed=20)
    assert sum(tally.values()) == SAMPLE
    assert set(tally) <= {"unsafe", "unsupported", "harmless", "unchanged"}
    assert tally["unsafe"] > tally["harmless"] > 0


def test_a_crash_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate.sys, "executable", "/bin/false")
    tally = mutate.run(3)
    assert tally == {"crashed": 3, "lost": 0}


def test_another_error_is_not_taken_for_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_model: bytes) -> object:
        raise KeyError

    monkeypatch.setattr(mutate, "load", broken)
    assert mutate.outcome((b"", b"")) == "escaped: KeyError"

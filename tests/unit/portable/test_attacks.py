"""Hostile pickles, their digest check bypassed: none executes, every one is refused."""

import copyreg
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from portable.errors import UnsafePickle, UnsupportedModel
from portable.model import load
from portable.pickles.arrays import reconstruct, scalar
from portable.pickles.unpickler import MAX_BYTES, loads

from tests.unit.portable.attacks import attacks
from tests.unit.portable.small_models import dumps, fitted_pair

NAMES = sorted(attacks("/nonexistent/trace"))


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacks") / "executed"


@pytest.fixture(scope="module")
def hostile(trace: Path) -> dict[str, Callable[[], bytes]]:
    return attacks(str(trace))


@pytest.fixture(scope="module")
def good() -> tuple[bytes, bytes]:
    vectorizer, classifier = fitted_pair()
    return dumps(vectorizer), dumps(classifier)


def test_there_are_many() -> None:
    assert len(NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_refused_wherever_it_stands(
    name: str, hostile: dict[str, Callable[[], bytes]], good: tuple[bytes, bytes], trace: Path
) -> None:
    data = hostile[name]()
    for attempt in (
        lambda: load(data, good[1]),
        lambda: load(good[0], data),
        lambda: load(data),
    ):
        with pytest.raises(UnsupportedModel) as refusal:
            attempt()
        message = str(refusal.value)
        assert message.endswith(".")
        assert len(message) < 400
    assert not trace.exists()


def test_the_attacks_work_on_pickle_itself(
    hostile: dict[str, Callable[[], bytes]], trace: Path
) -> None:
    assert not trace.exists()
    pickle.loads(hostile["os.system"]())
    assert trace.exists()
    trace.unlink()


def test_the_unpickler_alone_refuses_code(hostile: dict[str, Callable[[], bytes]]) -> None:
    for name in ("os.system", "eval", "dotted name", "hidden in an object array"):
        data = hostile[name]()
        with pytest.raises(UnsafePickle, match=r"does not load|cannot be read"):
            loads(data)


def test_the_size_is_capped() -> None:
    with pytest.raises(UnsafePickle, match="at most"):
        loads(b"\x80\x04" + bytes(MAX_BYTES))


def test_stand_ins_keep_no_state(hostile: dict[str, Callable[[], bytes]]) -> None:
    for name in ("state for an allow-listed function", "state for an allow-listed class"):
        data = hostile[name]()
        with pytest.raises(UnsupportedModel):
            loads(data)
    for function in (reconstruct, scalar):
        assert not hasattr(function, "__dict__")


@pytest.fixture(autouse=True, scope="module")
def _forget_extension() -> object:
    yield
    if 240 in copyreg._inverted_registry:  # type: ignore[attr-defined]  # no public reader
        copyreg.remove_extension("os", "system", 240)

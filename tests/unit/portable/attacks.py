"""Hostile pickles. Each would run code, eat memory, hang or mislead if it were simply loaded.

Those that run code create the file whose path they are given: a test can tell whether they did.
"""

import bz2
import copyreg
import gzip
import io
import os
import pickle
import struct
import subprocess
import zlib
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tests.unit.portable.costly_attacks import NAMES, costly
from tests.unit.portable.pickle_pieces import P4, array, dtype, name, text
from tests.unit.portable.small_models import dumps, fitted_pair

COSTLY_PIECES = 60_000


class Call:
    """Pickles as a call."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.parts = function, arguments

    def __reduce__(self) -> Any:
        return self.parts


class WithState:
    """Pickles as a call whose result is then given a state."""

    def __init__(self, function: Any, arguments: tuple[Any, ...], state: Any) -> None:
        self.parts = function, arguments, state

    def __reduce__(self) -> Any:
        return self.parts


def in_classifier(value: bytes) -> bytes:
    """A MultinomialNB whose classes_ is `value`."""
    state = b"}(" + text("classes_") + value + text("_sklearn_version") + text("1.9.1") + b"u"
    return P4 + name("sklearn.naive_bayes", "MultinomialNB") + b")\x81" + state + b"b."


def hash_bomb(opcode: bytes) -> bytes:
    """A dict key whose hash takes 2**60 steps: each tuple holds the one before it twice."""
    body = b"K\x01\x85\x94"
    for at in range(60):
        body += b"h" + bytes([at]) + b"h" + bytes([at]) + opcode + b"\x94"
    return P4 + b"}" + b"(" + body + b"t" + b"K\x01s."


def extension() -> bytes:
    """An extension code that is registered and cached in this process, as a library might."""
    code = 240
    if code not in copyreg._inverted_registry:  # type: ignore[attr-defined]  # no public reader
        copyreg.add_extension("os", "system", code)
    pickle.loads(b"\x80\x02\x82" + bytes([code]) + b".")
    return P4 + b"\x82" + bytes([code]) + text("true") + b"\x85R."


def joblib_bytes(model: Any, compress: int = 0) -> bytes:
    stream = io.BytesIO()
    joblib.dump(model, stream, compress=compress)
    return stream.getvalue()


def tampered(**attributes: Any) -> bytes:
    """A vectorizer that is whole but for some attributes."""
    vectorizer, _ = fitted_pair()
    vectorizer.__dict__.update(attributes)
    return dumps(vectorizer)


def custom(value: str) -> list[str]:
    return value.split()


@cache
def good() -> bytes:
    """A vectorizer's pickle that is read."""
    return dumps(fitted_pair()[0])


def attacks(trace: str) -> dict[str, Callable[[], bytes]]:
    """What makes each attack, by name; `trace` is the file that executed code would leave behind.

    Some are megabytes, and take a while to make.
    """
    touch = f"touch {trace}"
    source = f"open({trace!r}, 'w').close()"
    executing: dict[str, Callable[[], bytes]] = {
        "os.system": lambda: dumps(Call(os.system, touch)),
        "eval": lambda: dumps(Call(eval, source)),
        "exec": lambda: dumps(Call(exec, source)),
        "subprocess": lambda: dumps(Call(subprocess.Popen, ["touch", trace])),
        "open": lambda: dumps(Call(open, trace, "w")),
        "import": lambda: dumps(Call(__import__, "antigravity")),
        "getattr": lambda: dumps(Call(getattr, "x", "upper")),
        "protocol 0": lambda: f"cos\nsystem\n(S'{touch}'\ntR.".encode(),
        "protocol 2": lambda: pickle.dumps(Call(os.system, touch), protocol=2),
        "protocol 5": lambda: pickle.dumps(Call(os.system, touch), protocol=5),
        "GLOBAL under protocol 4": lambda: P4 + b"cos\nsystem\n" + text(touch) + b"\x85R.",
        "INST": lambda: P4 + b"(" + text(touch) + b"ios\nsystem\n.",
        "OBJ": lambda: P4 + b"(cos\nsystem\n" + text(touch) + b"o.",
        "NEWOBJ_EX": lambda: P4 + name("os", "system") + b")}\x92.",
        "dotted name": lambda: P4 + name("sklearn.naive_bayes", "np.os.system") + text(touch)
        + b"\x85R.",
        "numpy's exec": lambda: P4 + name("numpy.testing._private.utils", "runstring") + b").",
        "operator chain": lambda: P4 + name("operator", "attrgetter") + text("system") + b"\x85R.",
        "hidden in a state": lambda: tampered(stop_words=Call(os.system, touch)),
        "hidden in a vocabulary": lambda: tampered(vocabulary_={"a": Call(os.system, touch)}),
        "hidden in an object array": lambda: dumps(
            np.array([Call(os.system, touch)], dtype=object)
        ),
        "nested object array": lambda: dumps(np.array([[Call(os.system, touch)], 1], dtype=object)),
        "joblib's NumpyArrayWrapper": lambda: joblib_bytes(
            np.array([Call(os.system, touch)], dtype=object)
        ),
        "extension code": extension,
        "extension code, unregistered": lambda: P4 + b"\x84\xff\xff\xff\x7f.",
        "persistent id": lambda: P4 + text("id") + b"Q.",
        "persistent id, text": lambda: P4 + b"Pid\n.",
    }  # fmt: skip
    wasteful: dict[str, Callable[[], bytes]] = {
        "huge memo index": lambda: P4 + b"Nr\xff\xff\xff\x7f.",
        "huge memo index, PUT": lambda: P4 + b"Np2147483647\n.",
        "huge bytearray": lambda: P4 + b"\x96" + struct.pack("<Q", 1 << 40) + b".",
        "huge bytes": lambda: P4 + b"\x8e" + struct.pack("<Q", 1 << 40) + b".",
        "huge string": lambda: P4 + b"X\xff\xff\xff\x7fabc.",
        "huge frame": lambda: P4 + b"\x95" + struct.pack("<Q", 1 << 62) + b"N.",
        "huge integer as text": lambda: P4 + b"L" + b"9" * 100_000 + b"L\n.",
        "huge shape": lambda: P4 + array(b"J\xff\xff\xff\x7f\x85") + b".",
        "huge shape of nothing": lambda: (
            P4 + array(b"J\xff\xff\xff\x7fK\x00\x86", raw=b"C\x01x") + b"."
        ),
        "negative shape": lambda: P4 + array(b"J\xff\xff\xff\xff\x85") + b".",
        "hash bomb of pairs": lambda: hash_bomb(b"\x86"),
        "hash bomb of frozensets": lambda: P4 + b"(K\x01\x91\x94(h\x00K\x02\x91\x94h\x01K\x01s.",
        "deep tuples": lambda: P4 + b"}" + b")" + b"\x85" * 200_000 + b"K\x01s.",
        "deep lists": lambda: P4 + b"]" * 200_000 + b"a" * 199_999 + b".",
        "deep marks": lambda: P4 + b"(" * 200_000 + b".",
        "zip bomb": lambda: zlib.compress(bytes(10_000_000)),
        "gzip": lambda: gzip.compress(good()),
        "bz2": lambda: bz2.compress(good()),
        "joblib, compressed": lambda: joblib_bytes(TfidfVectorizer(), compress=3),
    }
    wasteful |= {key: partial(costly, key, COSTLY_PIECES) for key in NAMES}
    misleading: dict[str, Callable[[], bytes]] = {
        "empty": lambda: b"",
        "one byte": lambda: b"\x80",
        "HTML": lambda: b"<html>Not Found</html>",
        "truncated": lambda: good()[:-20],
        "truncated in the vocabulary": lambda: good()[: len(good()) // 2],
        "two pickles": lambda: good() + good(),
        "stack underflow": lambda: P4 + b"R.",
        "no object": lambda: P4 + b".",
        "unmatched mark": lambda: P4 + b"u.",
        "unknown opcode": lambda: P4 + b"\xff.",
        "dtype with fields": lambda: P4
        + array(b"K\x00\x85", dtype("V8", b"K\x03" + text("|") + b"N)}K\x08K\x01K\x10")) + b".",
        "dtype with metadata": lambda: P4
        + array(b"K\x00\x85", dtype("f8", b"K\x04" + text("<") + b"NNNK\x08K\x08K\x00}")) + b".",
        "big-endian": lambda: P4
        + array(b"K\x00\x85", dtype("f8", b"K\x03" + text(">") + b"NNNK\x08K\x08K\x00")) + b".",
        "dtype that lies": lambda: P4
        + array(b"K\x01\x85", dtype("U9", b"K\x03" + text("<") + b"NNNK\x04K\x04K\x08"),
                raw=b"C\x04aaaa") + b".",
        "object dtype of bytes": lambda: in_classifier(
            array(b"K\x01\x85", dtype("O8", b"K\x03" + text("|") + b"NNNJ\xff\xff\xff\xff"
                  b"J\xff\xff\xff\xffK?"), raw=b"C\x08" + bytes(8))),
        "object array in an object array": lambda: in_classifier(
            array(b"K\x01\x85", dtype("O8", b"K\x03" + text("|") + b"NNNJ\xff\xff\xff\xff"
                  b"J\xff\xff\xff\xffK?"), raw=b"](" + array(b"K\x00\x85") + b"e")),
        "state for an allow-listed function": lambda: P4
        + name("numpy._core.multiarray", "scalar") + b"N}" + text("__defaults__") + b")s\x86b.",
        "state for an allow-listed class": lambda: P4
        + name("sklearn.naive_bayes", "MultinomialNB") + b"N}" + text("__setstate__")
        + b"Ns\x86b.",
        "state for a dtype option": lambda: P4 + name("numpy", "float64") + b"}b.",
        "calling a dtype option": lambda: P4 + name("numpy", "float64") + b"K\x01\x85R.",
        "second state": lambda: P4 + name("sklearn.naive_bayes", "MultinomialNB")
        + b")\x81}b}b.",
        "slot state": lambda: P4 + name("sklearn.naive_bayes", "MultinomialNB")
        + b")\x81N}" + text("state") + b"Ns\x86b.",
        "class instead of its instance": lambda: P4 + name("sklearn.naive_bayes", "MultinomialNB")
        + b".",
        "plain value": lambda: dumps({"model": "good"}),
        "another estimator": lambda: dumps(LogisticRegression()),
        "not fitted": lambda: dumps(TfidfVectorizer()),
        "callable tokenizer": lambda: tampered(tokenizer=custom),
        "callable analyzer": lambda: tampered(analyzer=str.split),
        "vocabulary beyond its weights": lambda: tampered(vocabulary_={"a": 10**9}),
    }  # fmt: skip
    return {**executing, **wasteful, **misleading}

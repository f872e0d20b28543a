"""Unpickles fitted scikit-learn estimators into inert objects of our own."""

from _io import BytesIO

# The C class itself: importing pickle.py as well would cost more than unpickling a model.
from _pickle import Unpickler

from portable.errors import UnsafePickle, UnsupportedModel
from portable.pickles.arrays import Array, DType, reconstruct, scalar

MAX_BYTES = 64 * 1024 * 1024
"""Largest pickle read. A 280,000-term model with two classes has about 16 MB."""


class Estimator:
    """A fitted estimator: the attributes scikit-learn pickled, read and checked by its reader."""

    __slots__ = ("state",)

    def __setstate__(self, state: dict[str, object]) -> None:
        if type(state) is not dict or hasattr(self, "state"):
            raise UnsafePickle("An estimator's state is not a plain dict; write the file again.")
        self.state = state


class CountVectorizer(Estimator):
    __slots__ = ()


class TfidfVectorizer(Estimator):
    __slots__ = ()


class TfidfTransformer(Estimator):
    __slots__ = ()


class MultinomialNB(Estimator):
    __slots__ = ()


class ComplementNB(Estimator):
    __slots__ = ()


class BernoulliNB(Estimator):
    __slots__ = ()


class GaussianNB(Estimator):
    __slots__ = ()


class Pipeline(Estimator):
    __slots__ = ()


_TEXT = "sklearn.feature_extraction.text"
_BAYES = "sklearn.naive_bayes"
Globals = dict[tuple[str, str], object]
_GLOBALS: Globals = {
    (_TEXT, "CountVectorizer"): CountVectorizer,
    (_TEXT, "TfidfVectorizer"): TfidfVectorizer,
    (_TEXT, "TfidfTransformer"): TfidfTransformer,
    (_BAYES, "MultinomialNB"): MultinomialNB,
    (_BAYES, "ComplementNB"): ComplementNB,
    (_BAYES, "BernoulliNB"): BernoulliNB,
    (_BAYES, "GaussianNB"): GaussianNB,
    ("sklearn.pipeline", "Pipeline"): Pipeline,
    ("numpy", "ndarray"): Array,
    ("numpy", "dtype"): DType,
    # The module was numpy.core before numpy 2.
    ("numpy._core.multiarray", "_reconstruct"): reconstruct,
    ("numpy.core.multiarray", "_reconstruct"): reconstruct,
    ("numpy._core.multiarray", "scalar"): scalar,
    ("numpy.core.multiarray", "scalar"): scalar,
    # The vectorizers' dtype option; a string can neither be called nor given a state.
    ("numpy", "float64"): "float64",
    ("numpy", "float32"): "float32",
    ("numpy", "int64"): "int64",
    ("numpy", "int32"): "int32",
    ("builtins", "float"): "float64",
    ("builtins", "int"): "int64",
}


class _ModelUnpickler(Unpickler):
    """Resolves the globals of `more` and of _GLOBALS and nothing else; nothing is ever imported."""

    def __init__(self, data: bytes, more: Globals) -> None:
        super().__init__(BytesIO(data))
        self._more = more

    def find_class(self, module: str, name: str) -> object:
        found = self._more.get((module, name)) or _GLOBALS.get((module, name))
        if found is None:
            raise _refused_global(module, name)
        return found


def _refused_global(module: str, name: str) -> UnsupportedModel:
    is_estimator = module.partition(".")[0] == "sklearn" and "." not in name
    kind = UnsupportedModel if is_estimator else UnsafePickle
    return kind(
        f"The pickle refers to {f'{module}.{name}'[:100]!r}, which the portable runtime does not "
        "load: it reads certain estimators of scikit-learn, and nothing of anybody else's."
    )


def loads(data: bytes, more: Globals | None = None, *, scanned: bool = False) -> object:
    """Read a plain protocol 4 pickle; estimators come back as `Estimator`s, arrays as `Array`s.

    `more` adds globals to those of text models, or replaces them: (module, name) to a stand-in.
    The caller has checked the SHA-256 of `data`. `scanned` says that it is the digest of bytes
    whose opcodes were scanned when they were published: that takes a fifth of a load's time.
    Raises UnsupportedModel for an estimator or layout that cannot be served, and its subclass
    UnsafePickle for anything that is not the plain pickle of one.
    """
    if data[:1] != b"\x80":
        raise UnsafePickle(
            "The file is not a pickle (its first byte is not 0x80; it may be compressed or another "
            "format); write it with pickle.dump(model, file, protocol=4)."
        )
    if data[1:2] != b"\x04":
        raise UnsafePickle(
            f"The pickle has protocol {data[1:2].hex() or 'none'}; only protocol 4 is read: "
            "write it with pickle.dump(model, file, protocol=4)."
        )
    if len(data) > MAX_BYTES:
        raise UnsafePickle(f"The pickle has {len(data)} bytes; at most {MAX_BYTES} are read.")
    if not scanned:
        from portable.pickles.opcodes import check_opcodes

        check_opcodes(data)
    try:
        return _ModelUnpickler(data, more or {}).load()
    except UnsupportedModel:
        raise
    except Exception as error:
        # Whatever the C unpickler or a stand-in says of malformed bytes is one refusal for us.
        raise UnsafePickle(
            f"The pickle cannot be read ({type(error).__name__}); write the file again."
        ) from error

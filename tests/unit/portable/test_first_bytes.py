"""What is no pickle of the one protocol is refused by its first two bytes, before anything reads
it: later checks would refuse it too, but for reasons that help nobody."""

import bz2
import zlib

import pytest
from portable.errors import UnsafePickle
from portable.pickles.unpickler import loads

from tests.unit.portable.small_models import dumps, fitted_pair


@pytest.mark.parametrize("compress", [zlib.compress, bz2.compress, lambda data: b"\x1f\x8b" + data])
def test_a_compressed_pickle_is_told_from_a_pickle(compress: object) -> None:
    assert callable(compress)
    with pytest.raises(UnsafePickle, match="first byte is not 0x80"):
        loads(compress(dumps(fitted_pair()[0])))


@pytest.mark.parametrize("protocol", [b"\x02", b"\x03", b"\x05", b""])
def test_another_protocol_is_named(protocol: bytes) -> None:
    with pytest.raises(UnsafePickle, match="only protocol 4"):
        loads(b"\x80" + protocol)

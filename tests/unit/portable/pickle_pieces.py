"""Pieces of protocol 4 pickles, opcode by opcode, to build hostile ones of."""

P4 = b"\x80\x04"


def text(value: str) -> bytes:
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data


def name(module: str, attribute: str) -> bytes:
    """STACK_GLOBAL of module.attribute."""
    return text(module) + text(attribute) + b"\x93"


ARRAY = (
    name("numpy._core.multiarray", "_reconstruct")
    + name("numpy", "ndarray") + b"K\x00\x85C\x01b\x87R"
)  # fmt: skip


def dtype(code: str, state: bytes) -> bytes:
    return name("numpy", "dtype") + text(code) + b"\x89\x88\x87R(" + state + b"tb"


F8 = dtype("f8", b"K\x03" + text("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00")


def array(shape: bytes, kind: bytes = F8, fortran: bytes = b"\x89", raw: bytes = b"C\x00") -> bytes:
    return ARRAY + b"(K\x01" + shape + kind + fortran + raw + b"tb"

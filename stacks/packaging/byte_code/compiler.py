"""`python -X no_debug_ranges compiler.py FOLDER PACKAGE`: replaces a folder's modules by byte code.

Runs in the interpreter that the function will run on, so it needs nothing but the standard
library. Of line numbers the log has those where functions begin; docstrings and assertions are not
kept.
"""

import marshal
import shutil
import sys
from pathlib import Path
from types import CodeType

# An entry of a table of lines (cpython/Objects/locations.md) that says of the next eight
# instructions that they are on the line of the one before, and of no column.
_SAME_LINE = bytes((0b1_1101_111, 0))
_OF_INSTRUCTION = 2
_OF_ENTRY = 8


def main(folder: Path, package: str) -> None:
    """Write modules.bin of every module in `folder`, remove them, and place the loader."""
    codes = {}
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder)
        is_package = path.name == "__init__.py"
        parts = path.parent.parts if is_package else path.with_suffix("").parts
        code = compile(file.read_bytes(), path.as_posix(), "exec", dont_inherit=True, optimize=2)
        codes[".".join(parts)] = (is_package, marshal.dumps(on_first_lines(code)))
        file.unlink()
    content = f"{sys.implementation.cache_tag}\n".encode() + marshal.dumps(codes)
    (folder / "modules.bin").write_bytes(content)
    shutil.copyfile(Path(__file__).with_name("loader.py"), folder / package / "__init__.py")


def on_first_lines(code: CodeType) -> CodeType:
    """The code with every instruction on the line where its function begins.

    Line by line the tables are an eighth of a zipped package.
    """
    entries = -(-len(code.co_code) // (_OF_INSTRUCTION * _OF_ENTRY))
    constants = tuple(
        on_first_lines(one) if isinstance(one, CodeType) else one for one in code.co_consts
    )
    return code.replace(co_consts=constants, co_linetable=_SAME_LINE * entries)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

"""`python -X no_debug_ranges compiler.py FOLDER PACKAGE`: replaces a folder's modules by byte code.

Runs in the interpreter that the function will run on, so it needs nothing but the standard
library. Line numbers are kept, for the log; docstrings, assertions and columns are not.
"""

import marshal
import shutil
import sys
from pathlib import Path


def main(folder: Path, package: str) -> None:
    """Write modules.bin of every module in `folder`, remove them, and place the loader."""
    codes = {}
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder)
        is_package = path.name == "__init__.py"
        parts = path.parent.parts if is_package else path.with_suffix("").parts
        code = compile(file.read_bytes(), path.as_posix(), "exec", dont_inherit=True, optimize=2)
        codes[".".join(parts)] = (is_package, marshal.dumps(code))
        file.unlink()
    content = f"{sys.implementation.cache_tag}\n".encode() + marshal.dumps(codes)
    (folder / "modules.bin").write_bytes(content)
    shutil.copyfile(Path(__file__).with_name("loader.py"), folder / package / "__init__.py")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

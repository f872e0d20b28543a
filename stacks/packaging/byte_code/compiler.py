"""`python -X no_debug_ranges compiler.py FOLDER PACKAGE`: replaces a folder's modules by byte code.

Runs in the interpreter that the function will run on, so it needs nothing but the standard
library. Of line numbers the log has those where functions begin; docstrings and assertions are not
kept.
"""

import ast
import marshal
import py_compile
import shutil
import sys
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType
from typing import Any

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
        tree = _WithoutTypes().visit(ast.parse(file.read_bytes(), path.as_posix()))
        code = compile(tree, path.as_posix(), "exec", dont_inherit=True, optimize=2)
        codes[".".join(parts)] = (is_package, marshal.dumps(on_first_lines(code)))
        file.unlink()
    content = f"{sys.implementation.cache_tag}\n".encode() + marshal.dumps(codes)
    (folder / "modules.bin").write_bytes(content)
    loader = folder / package / "__init__.py"
    shutil.copyfile(Path(__file__).with_name("loader.py"), loader)
    # Used by this version of Python whatever the source's date, and by no other: that compiles the
    # source, which then says what is wrong.
    py_compile.compile(
        str(loader),
        cache_from_source(str(loader), optimization=""),
        dfile=loader.relative_to(folder).as_posix(),
        doraise=True,
        optimize=2,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


class _WithoutTypes(ast.NodeTransformer):
    """Leaves out annotations, and what is imported for the type checker alone: nothing reads them,
    and they are a tenth of a zipped package."""

    def _function(self, node: Any) -> ast.AST:
        node.returns = None
        every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        for argument in (*every, node.args.vararg, node.args.kwarg):
            if argument is not None:
                argument.annotation = None
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815 - ast's names

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        plain = ast.Assign(targets=[node.target], value=self.visit(node.value))
        return ast.copy_location(plain, node)

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" and not node.orelse:
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)


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

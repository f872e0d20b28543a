"""The table of what a pickle may name, as a function's package has it: its own model's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..lambda_source import constants

NAME = "portable/supported.py"
"""Where the table lies in a function's package."""


def table_of(modules: Iterable[str]) -> bytes:
    """The table with those rows alone whose modules of `portable` the package holds.

    All that other models may hold would be a twentieth of a small package, and read at each start.
    """
    supported = constants(NAME)
    held = {module.removeprefix("portable.") for module in modules}
    estimators = _rows(supported["ESTIMATORS"], held)
    stand_ins = _rows(supported["STAND_INS"], {f"portable.{module}" for module in held})
    return (
        f"ESTIMATORS = {estimators!r}\nHELD = {supported['HELD']!r}\n"
        f"NAMES = {supported['NAMES']!r}\nSTAND_INS = {stand_ins!r}\n"
    ).encode()


def _rows(table: Mapping[str, Mapping[str, str]], held: set[str]) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = {}
    for source, rows in table.items():
        for name, row in rows.items():
            if row.partition(":")[0] in held:
                kept.setdefault(source, {})[name] = row
    return kept

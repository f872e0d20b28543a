"""Parquet as JSON lines, written by DuckDB in memory that does not grow with the file."""

from __future__ import annotations

from pathlib import Path

from batch.errors import Refused

from model_training.adding import libraries
from model_training.command_line import Refusal, in_one_line
from tools.batch.folder import LocalInput, local_input


def as_lines(one: LocalInput, folder: Path) -> LocalInput:
    """An input in Parquet as one of JSON lines in `folder`, made where it is not there yet; any
    other input as it is. Raises `Refused`."""
    if one.path.suffix != ".parquet":
        return one
    target = folder / f"{one.path.stem}-{one.etag}.jsonl"
    if not target.exists():
        try:
            duckdb = libraries.imported("duckdb", f"{one.path} is Parquet")
        except Refusal as refusal:
            raise Refused(str(refusal)) from None
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with duckdb.connect(config={"preserve_insertion_order": True}) as connection:
            try:
                rows = connection.read_parquet(str(one.path))
                connection.execute(
                    f"COPY (SELECT * FROM rows) TO '{_quoted(part)}' (FORMAT json)"  # noqa: S608
                )
            except duckdb.Error as error:
                raise Refused(
                    f"{one.path} cannot be read as Parquet ({in_one_line(error)})."
                ) from None
            finally:
                del rows
        part.replace(target)
    return local_input(target, key=f"{one.key}.jsonl", etag=one.etag)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")

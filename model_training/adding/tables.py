"""DATA: a table of what a model was trained on, or of what it will be asked."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_training.adding import libraries
from model_training.command_line import DataError, in_one_line

if TYPE_CHECKING:
    from pandas import DataFrame

LARGEST = 2 * 1024**3
"""Bytes of a file that is read whole."""
_FORMS = "CSV, TSV, JSON lines or Parquet (.csv, .tsv, .jsonl, .parquet, or with .gz after it)"


def read(path: Path) -> DataFrame:
    """The table in a file, by the file's ending. Raises `DataError`, one sentence."""
    pandas = libraries.imported("pandas", f"{path} is a table")
    ending = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path}: more than {LARGEST:,} bytes; give a sample of its rows")
        frame = _read(pandas, path, ending)
    except DataError:
        raise
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file; give {_FORMS}") from None
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: byte {error.start} is not UTF-8; save the table as UTF-8"
        ) from None
    # What pandas and its readers raise of a damaged file is of many types.
    except Exception as error:
        raise DataError(
            f"{path}: it cannot be read as .{ending} ({in_one_line(error)}); give {_FORMS}"
        ) from None
    return _checked(path, frame)


def _read(pandas: Any, path: Path, ending: str) -> Any:
    if ending in ("csv", "tsv", "tab"):
        return _separated(pandas, path, "," if ending == "csv" else "\t")
    if ending in ("jsonl", "ndjson"):
        # Not by pandas, which makes numbers of words that look like some.
        opened = gzip.open if path.name.lower().endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            return _example(pandas, [json.loads(line) for line in lines if line.strip()], path)
    if ending in ("parquet", "pq"):
        libraries.imported("pyarrow", f"{path} is Parquet")
        return pandas.read_parquet(path)
    if ending == "json":
        return _example(pandas, json.loads(path.read_text(encoding="utf-8")), path)
    raise DataError(f"{path}: its name says no form of table; give {_FORMS}")


def _separated(pandas: Any, path: Path, separator: str) -> Any:
    """A table of lines; one of a single column whose name holds semicolons is separated by them."""
    header = pandas.read_csv(
        path, sep=separator, encoding="utf-8-sig", header=None, nrows=1, dtype=str
    )
    names = [str(name).strip() for name in header.iloc[0]]
    if separator == "," and len(names) == 1 and ";" in names[0]:
        return _separated(pandas, path, ";")
    # pandas gives the second of two alike another name.
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise DataError(f"{path}: two columns are called {repeated!r}; name each once")
    return pandas.read_csv(path, sep=separator, encoding="utf-8-sig")


def _example(pandas: Any, value: Any, path: Path) -> Any:
    """A list of records, or what MLflow writes as an input example: {"columns", "data"}."""
    if isinstance(value, dict) and {"columns", "data"} <= value.keys():
        return pandas.DataFrame(value["data"], columns=value["columns"])
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return pandas.DataFrame(value)
    raise DataError(f"{path}: it is no list of records; give {_FORMS}")


def _checked(path: Path, frame: Any) -> Any:
    if not len(frame) or not len(frame.columns):
        raise DataError(f"{path}: it holds no rows; give rows like those the model was trained on")
    frame.columns = [str(name).strip() for name in frame.columns]
    repeated = frame.columns[frame.columns.duplicated()].tolist()
    if repeated:
        raise DataError(f"{path}: two columns are called {repeated[0]!r}; name each once")
    return frame

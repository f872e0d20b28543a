"""Rows answered by a service's own model, in blocks, and worded as the parts of a job."""

from __future__ import annotations

from serving.http import log
from serving.http.problems import INTERNAL_ERROR, Problem
from serving.http.request import Request
from serving.http.strict_json import encode
from serving.inputs import Received
from serving.service import Answer

from batch.forms import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from serving.runtimes import Prediction
    from serving.service import ModelService

    from batch.forms import Row

    Json = dict[str, Any]

BLOCK = 256
"""Rows that the model is asked about at once."""
BINS = 20
"""Of the histogram of the predicted class's probability, from 0 to 1."""
_FAILED = Problem(INTERNAL_ERROR, "The model failed on this row.")
# No kind looks into the request where the values are at hand.
_REQUEST = Request({"body": None})


class Scorer:
    """Answers rows by a service whose model is loaded.

    `options` are the job's: `keep`, columns to copy; `named`, whether rows name their input; `form`
    of the answers, jsonl or csv.
    """

    def __init__(self, service: ModelService, options: Json) -> None:
        self._service = service
        self._named = bool(options.get("named"))
        entries = service.manifest.get("fields")
        self._of_texts = service.manifest.get("kind", "fields" if entries else "text") == "text"
        fields = None if self._of_texts else {entry["name"]: entry for entry in entries or ()}
        self._keep: Sequence[str] = options.get("keep", ())
        self.form: str = options.get("form", "jsonl")
        self.reader = Reader(fields, self._keep, service.inputs.max_bytes)
        self.version: str = str(service.named["version"])
        self._class_names = [str(label) for label in service.labels.values()]

    def part(self) -> Part:
        """A new part, in the form that the job asked for."""
        return Part() if self.form == "jsonl" else CsvPart(self._class_names, self._keep)

    def answer(self, rows: Sequence[Row], part: Part) -> None:
        """Adds the answers to the rows of one block to a part."""
        good, values = [], []
        for row in rows:
            if row.problem is None:
                try:
                    values.append(self._input(row.value))
                    good.append(row)
                except Problem as problem:
                    row.problem = problem
        predictions = iter(self._predicted(good, values))
        for row in rows:
            prediction = next(predictions) if row.problem is None else None
            # Which prediction failed is known only now.
            if prediction is None:
                self._refuse(row, part)
            else:
                self._add(row, prediction, part)

    def _input(self, value: object) -> Any:
        inputs = self._service.inputs
        received = inputs.received(value) if self._of_texts else Received([value], "one")
        (checked,) = inputs.inputs(received, _REQUEST)
        return checked

    def _predicted(self, rows: Sequence[Row], values: Sequence[Any]) -> list[Prediction]:
        """The predictions of the rows that have one; each other row gets its problem."""
        if not values:
            return []
        try:
            return self._service.model.predict(values)
        except Exception as error:
            if len(values) > 1:
                # Half by half, so that one row costs the others little.
                half = len(values) // 2
                first = self._predicted(rows[:half], values[:half])
                return first + self._predicted(rows[half:], values[half:])
            if not isinstance(error, Problem):
                log.write("ERROR", "row failed", error=type(error).__name__, line=rows[0].line)
            rows[0].problem = error if isinstance(error, Problem) else _FAILED
            return []

    def _add(self, row: Row, prediction: Prediction, part: Part) -> None:
        (label,) = Answer("one", (prediction,), self._service.labels, {}).labels
        answer = {**self._place(row), "prediction": label}
        for numbers in ("probabilities", "scores"):
            values = getattr(prediction, numbers)
            if values is not None:
                answer[numbers] = dict(zip(self._class_names, values, strict=True))
        answer["model_version"] = self.version
        if row.kept:
            answer["input"] = row.kept
        part.add(answer, str(label) if self._class_names else None, prediction.probabilities)

    def _refuse(self, row: Row, part: Part) -> None:
        problem = row.problem or _FAILED
        line = {"line": row.line}
        if row.last_line != row.line:
            line["last_line"] = row.last_line
        part.refuse({
            **self._place(row), **line, "type": f"/problems/{problem.type.slug}",
            "title": problem.type.title, "detail": problem.detail,
        })  # fmt: skip

    def _place(self, row: Row) -> Json:
        """What a row is known by: its `id` or its line, and its input where there are several."""
        place: Json = {"file": row.file} if self._named else {}
        if row.id is None:
            place["line"] = row.line
        else:
            place["id"] = row.id
        return place


class Part:
    """Answers and refusals in the order of their rows, and what they sum to."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.errors: list[str] = []
        self.records = 0
        self.blank = 0
        self.size = 0
        self._rows = 0
        self._classes: dict[str, int] = {}
        self._confidence = [0] * BINS
        self._has_confidence = False

    def add(self, answer: Json, label: str | None, probabilities: Sequence[float] | None) -> None:
        """Takes an answer; `label` is its class, None where there are no classes."""
        self.write(answer)
        self.size += len(self.answers[-1])
        self._rows += 1
        if label is not None:
            self._classes[label] = self._classes.get(label, 0) + 1
        if probabilities is not None:
            self._has_confidence = True
            self._confidence[min(BINS - 1, int(max(probabilities) * BINS))] += 1

    def write(self, answer: Json) -> None:
        """Appends an answer as a line of JSON."""
        self.answers.append(encode(answer) + "\n")

    def refuse(self, error: Json) -> None:
        """Takes a row's problem."""
        line = encode(error) + "\n"
        self.errors.append(line)
        self.size += len(line)

    def summary(self) -> Json:
        """Rows and errors, how often each class was predicted, and how surely."""
        return {
            "records": self.records,
            "rows": self._rows,
            "errors": len(self.errors),
            "blank": self.blank,
            "classes": self._classes,
            "confidence": self._confidence if self._has_confidence else None,
        }


class CsvPart(Part):
    """A part whose answers are CSV with a header; errors stay JSON lines."""

    def __init__(self, classes: Sequence[str], keep: Sequence[str]) -> None:
        super().__init__()
        self._names, self._keep = classes, keep

    def write(self, answer: Json) -> None:
        """Appends an answer as a line of CSV, after the header where it is the first."""
        row = {name: answer.get(name) for name in ("file", "id", "line", "prediction")}
        if "file" not in answer:
            del row["file"]
        for numbers, column in (("probabilities", "probability"), ("scores", "score")):
            if numbers in answer:
                row |= {f"{column}_{name}": answer[numbers][name] for name in self._names}
        row["model_version"] = answer["model_version"]
        row |= {f"input_{name}": answer.get("input", {}).get(name) for name in self._keep}
        if not self.answers:
            self.answers.append(_csv_line([*row]))
        self.answers.append(_csv_line([*row.values()]))


def _csv_line(cells: Sequence[object]) -> str:
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else encode(value)
    # Half of a surrogate pair is no UTF-8.
    text = text.encode("utf-8", "replace").decode()
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if any(mark in text for mark in ',"\r\n') else text

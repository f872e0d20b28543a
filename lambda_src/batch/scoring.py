"""Rows answered by a service's own model, in blocks, and worded as the parts of a job."""

from __future__ import annotations

from serving.http import write_log
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
_INFINITE = float("inf")
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
        self._class_json = [*map(encode, self._class_names)]
        self._version_json = f',"model_version":{encode(self.version)}'
        self._worded = self._json_line if self.form == "jsonl" else self._csv_row

    def part(self) -> Part:
        """A new part, in the form that the job asked for."""
        return Part() if self.form == "jsonl" else Part(header=self._csv_header())

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
        predictions = self._predicted(good, values)
        labels = Answer("list", predictions, self._service.labels, {}).labels
        answers = zip(labels, predictions, strict=True)
        for row in rows:
            # Which prediction failed is known only now.
            if row.problem is not None:
                self._refuse(row, part)
                continue
            label, prediction = next(answers)
            try:
                line = self._worded(row, label, prediction)
            except ValueError:  # a number that JSON does not have
                row.problem = _FAILED
                self._refuse(row, part)
                continue
            name = str(label) if self._class_names else None
            part.add(line, name, prediction.probabilities)

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
                write_log("ERROR", "row failed", error=type(error).__name__, line=rows[0].line)
            rows[0].problem = error if isinstance(error, Problem) else _FAILED
            return []

    def _json_line(self, row: Row, label: object, prediction: Prediction) -> str:
        # Put together by hand: encoding a dictionary costs a third of what the answer itself does.
        if self._named or row.id is not None:
            line = encode(self._place(row))[:-1]
        else:
            line = f'{{"line":{row.line}'
        line += f',"prediction":{encode(label)}'
        probabilities = prediction.probabilities
        if probabilities is not None and sum(probabilities) < _INFINITE:
            numbers = map(float.__repr__, probabilities)
            pairs = zip(self._class_json, numbers, strict=True)
            line += ',"probabilities":{' + ",".join([f"{name}:{number}" for name, number in pairs])
            line += "}"
        elif probabilities is not None:
            raise ValueError("a probability is no number")
        if prediction.scores is not None:
            scores = zip(self._class_names, prediction.scores, strict=True)
            line += f',"scores":{encode(dict(scores))}'
        line += self._version_json
        return f'{line},"input":{encode(row.kept)}}}\n' if row.kept else f"{line}}}\n"

    def _csv_row(self, row: Row, label: object, prediction: Prediction) -> str:
        cells: list[object] = [row.file] if self._named else []
        cells += [row.id, None if row.id is not None else row.line, label]
        cells += [*(prediction.probabilities or ()), *(prediction.scores or ()), self.version]
        cells += [row.kept.get(name) for name in self._keep]
        return csv_line(cells)

    def _csv_header(self) -> str:
        model = self._service.model
        # Which numbers a model gives is told by an answer; its golden ones are at hand.
        golden = self._service.inputs.golden(self._service.manifest["golden"][0]["input"])
        (prediction,) = model.predict([golden])
        columns = ["file"] if self._named else []
        columns += ["id", "line", "prediction"]
        for numbers, column in (("probabilities", "probability"), ("scores", "score")):
            if getattr(prediction, numbers) is not None:
                columns += [f"{column}_{name}" for name in self._class_names]
        return csv_line([*columns, "model_version", *(f"input_{name}" for name in self._keep)])

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
    """Answers and refusals in the order of their rows, and what they sum to. `header` stands before
    the first answer, if there is one."""

    def __init__(self, header: str = "") -> None:
        self._header = header
        self._answers: list[str] = []
        self.errors: list[str] = []
        self.records = 0
        self.blank = 0
        self.size = 0
        self._classes: dict[str, int] = {}
        self._confidence = [0] * BINS
        self._has_confidence = False

    def add(self, line: str, label: str | None, probabilities: Sequence[float] | None) -> None:
        """Takes a worded answer; `label` is its class, None where there are no classes."""
        self._answers.append(line)
        self.size += len(line)
        if label is not None:
            self._classes[label] = self._classes.get(label, 0) + 1
        if probabilities is not None:
            self._has_confidence = True
            self._confidence[min(BINS - 1, int(max(probabilities) * BINS))] += 1

    def answers(self) -> bytes:
        """The content of the part; nothing where every row was refused."""
        if not self._answers:
            return b""
        return (self._header + "".join(self._answers)).encode()

    def refuse(self, error: Json) -> None:
        """Takes a row's problem."""
        line = encode(error) + "\n"
        self.errors.append(line)
        self.size += len(line)

    def summary(self) -> Json:
        """Rows and errors, how often each class was predicted, and how surely."""
        return {
            "records": self.records,
            "rows": len(self._answers),
            "errors": len(self.errors),
            "blank": self.blank,
            "classes": self._classes,
            "confidence": self._confidence if self._has_confidence else None,
        }


def csv_line(cells: Sequence[object]) -> str:
    """A row of CSV, with its line end."""
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else encode(value)
    # Half of a surrogate pair is no UTF-8.
    text = text.encode("utf-8", "replace").decode()
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if any(mark in text for mark in ',"\r\n') else text

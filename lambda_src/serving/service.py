"""A model service: the whole life of a request, whatever the model predicts."""

from __future__ import annotations

import math
import os
from importlib import import_module
from json import loads

from serving.http import CLASSES
from serving.http.media_types import JSON, TEXT, negotiate
from serving.http.router import Response, Router, format_problem
from serving.http.static import Document, Page, PageOrJson
from serving.http.strict_json import encode
from serving.loading import LoadError
from serving.loading.model_loader import LoadTimeouts, ModelLoader
from serving.runtimes import MANIFEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from serving.http.request import Request
    from serving.http.router import FormatProblem, Routes
    from serving.inputs import Form, InputKind
    from serving.loading.model_loader import Build
    from serving.runtimes import Load, Model, Prediction

    Json = dict[str, object]
    FormatAnswer = Callable[["Answer"], Json]

GOLDEN_SAMPLE = 5
"""So many golden inputs, evenly spread, show that this interpreter computes what the publisher's
did; more would only take longer."""

_DESCRIBED = (
    "labels", "classes", "target", "fields", "ignored", "input", "recipe", "normalisation",
    "trained_with", "data", "metrics",
)  # fmt: skip


class Answer:
    """What a request is answered: predictions in the order of the inputs, the labels of their
    classes, explanations where they were asked for, and `notes`, further members of the body.

    `form` is how the inputs came, `model` the members that name the model.
    """

    __slots__ = ("explanations", "form", "labels", "model", "names", "notes", "predictions")

    def __init__(
        self, form: Form, predictions: Sequence[Prediction], labels: Mapping[Any, Any], model: Json
    ) -> None:
        self.form = form
        self.predictions = predictions
        # Where there are no classes a prediction may be a list, which no dictionary has as a key.
        self.labels = [
            labels.get(one.predicted, one.predicted) if labels else one.predicted
            for one in predictions
        ]
        self.names = labels.values()
        self.model = model
        self.explanations: list[Json] | None = None
        self.notes: Json = {}

    def by_label(self, numbers: Sequence[float]) -> dict[str, float]:
        """A number for each class, by its label."""
        return dict(zip(map(str, self.names), numbers, strict=True))


def format_answer(answer: Answer) -> Json:
    """Words an answer in the envelope that every service has."""
    body: Json = {"predictions": answer.labels}
    predictions, first, by_label = answer.predictions, answer.predictions[0], answer.by_label
    if first.probabilities is not None:
        body["probabilities"] = [by_label(one.probabilities or ()) for one in predictions]
    if first.scores is not None:
        body["scores"] = [by_label(one.scores or ()) for one in predictions]
    if answer.explanations is not None:
        body["explanations"] = answer.explanations
    body.update(answer.notes)
    body["model"] = answer.model
    return body


class ModelService:
    """One model behind one path; `handler` answers Lambda's events.

    A service is handed how a body becomes inputs (`inputs`), what imports the runtime and gives
    what reads the model (`runtime`), and how answers and problems are worded. `page` is what the
    root shows a browser, also where the root is the path that predicts. `routes` are those of its
    own, beside these and the OpenAPI document. What else varies is in `environ`: MODEL_NAME,
    MODEL_VERSION, RESPONSE_HEADERS (a JSON object), SERVICE_INVOCATIONS (`yes` opens the door of
    `serving.invocations`) and what `ModelLoader` reads.
    """

    def __init__(
        self,
        path: str,
        inputs: InputKind,
        runtime: Callable[[], Load],
        environ: Mapping[str, str] = os.environ,
        *,
        timeouts: LoadTimeouts | None = None,
        format_answer: FormatAnswer = format_answer,
        format_problem: FormatProblem = format_problem,
        page: Page | None = None,
        routes: Routes | None = None,
    ) -> None:
        self.loader = ModelLoader(self.prepare, environ, timeouts)
        self.inputs = inputs
        others = dict(routes or {})
        if environ.get("SERVICE_INVOCATIONS") == "yes":
            # By name: only a function that is told so has the module in its package.
            invocations = import_module("serving.invocations")
            self.inputs = invocations.Inputs(inputs)
            others.update(invocations.routes(self))
        self._runtime = runtime
        self._format_answer = format_answer
        self._version = environ.get("MODEL_VERSION", "unknown")
        self.named: Json = {
            "name": environ.get("MODEL_NAME", path.rpartition("/")[2]), "version": self._version,
        }  # fmt: skip
        self._headers: dict[str, str] = loads(environ.get("RESPONSE_HEADERS", "{}"))
        self.model: Model
        self.manifest: dict[str, Any]
        self.labels: dict[Any, Any]
        self._metrics: dict[str, str]
        self._nothing: Sequence[float] | None = None
        page = page or Page()
        describe = self.describe if path != "/" else PageOrJson(page, self.describe)
        self.handler = Router(
            {
                path: {"GET": describe, "POST": self.predict},
                **({} if path == "/" else {"/": {"GET": page}}),
                "/openapi.json": {"GET": Document()},
                **others,
            },
            default_path=path,
            headers=_response_headers(environ, self._version),
            format_problem=format_problem,
            dimensions={
                "service": str(self.named["name"]),
                "function_version": environ.get("AWS_LAMBDA_FUNCTION_VERSION", "none"),
            },
        )

    def start(self, environ: Mapping[str, str] = os.environ) -> None:
        """Loads the model where there is one to load: in an execution environment, at its init,
        which is not a caller's time."""
        if "AWS_LAMBDA_FUNCTION_NAME" in environ:
            self.loader.start()

    def prepare(self) -> Build:
        """Imports the runtime; what it returns keeps the model of verified files."""
        load = self._runtime()

        def build(files: dict[str, bytes]) -> None:
            self._keep(load, files)

        return build

    def _keep(self, load: Load, files: dict[str, bytes]) -> None:
        """Keeps the model of verified files. Raises `LoadError` or `ValueError`."""
        manifest = _object(files.pop(MANIFEST, b""))
        self.inputs.configure(manifest)
        model = load(files, manifest)
        labels = read_labels(manifest, model)
        check_golden(manifest, model, self.inputs)
        self.model, self.manifest, self.labels = model, manifest, labels
        self._metrics = dict(zip(map(str, labels.values()), CLASSES, strict=False))
        if manifest.get("kind") == "text":
            # What it knows nothing of is answered as this.
            self._nothing = model.predict([self.inputs.golden("")])[0].probabilities

    def _loaded(self, request: Request) -> Model:
        request.log_fields["model_version"] = self._version
        self.loader.ensure(request.remaining)
        if self.loader.milliseconds:
            request.log_fields["cold_ms"] = self.loader.milliseconds
            self.loader.milliseconds = 0.0
        return self.model

    def predict(self, request: Request) -> Response:
        """`POST`: a prediction for each input, as JSON or, for texts, as one label a line."""
        media_type = negotiate(request, self.inputs.answers)
        received = self.inputs.read(request)
        request.log_fields["inputs"] = len(received.values)
        model = self._loaded(request)
        inputs = self.inputs.inputs(received, request)
        explanations = None
        if media_type == JSON and request.query("explain") == "true":
            predictions, explanations = model.predict_and_explain(inputs)
        else:
            predictions = model.predict(inputs)
        answer = Answer(received.form, predictions, self.labels, self.named)
        answer.explanations = explanations
        answer.notes = self.inputs.notes(inputs)
        self._count(answer, request.log_fields)
        if media_type == TEXT:
            lines = "".join(f"{label}\n" for label in answer.labels)
            return Response(lines, "text/plain; charset=utf-8", self._headers)
        return Response(encode(self._format_answer(answer)), JSON, self._headers)

    def _count(self, answer: Answer, fields: Json) -> None:
        """Adds the predictions by label, and the metrics of them."""
        counts: dict[str, int] = {}
        fields["predictions"] = counts
        if not self.labels:
            return
        for label in map(str, answer.labels):
            counts[label] = counts.get(label, 0) + 1
        for label, count in counts.items():
            if label in self._metrics:
                fields[self._metrics[label]] = count
        certain = [one.probabilities for one in answer.predictions if one.probabilities]
        if certain:
            fields["confidence"] = round(sum(map(max, certain)) / len(certain), 4)
        if self._nothing is not None:
            fields["unknown"] = certain.count(self._nothing)

    def describe(self, request: Request) -> Response:
        """`GET`: what this model is, from its own manifest, and the limits."""
        negotiate(request, (JSON,))
        model = self._loaded(request)
        # Not where a request to predict needs it.
        from serving.examples import examples

        body = {
            "model": self.named,
            **{key: self.manifest[key] for key in _DESCRIBED if key in self.manifest},
            "runtime": model.runtime,
            "limits": self.inputs.limits(),
            "reads": self.inputs.reads,
            "answers": self.inputs.answers,
            "examples": examples(self.manifest, self.labels),
        }
        return Response(encode(body), JSON, {"Cache-Control": "public, max-age=60"})


def model_service(environ: Mapping[str, str] = os.environ, **own: Any) -> ModelService:
    """The service that a function's variables describe: SERVICE_PATH, INPUT_KIND (a module of
    `serving.inputs`) and MODEL_READER (a module of `serving.runtimes`).

    `own` is what else `ModelService` takes, of a service that words something itself.
    """

    def runtime() -> Load:
        return read_with(environ.get("MODEL_READER", "none"))

    # Where a handler is only imported, there are none of these variables, and no model.
    inputs = import_module(f"serving.inputs.{environ.get('INPUT_KIND', 'fields')}").Inputs()
    return ModelService(environ.get("SERVICE_PATH", "/"), inputs, runtime, environ, **own)


def read_with(reader: str) -> Load:
    """What the module of `serving.runtimes` with this name reads a model by. Raises `LoadError`."""
    try:
        load: Load = import_module(f"serving.runtimes.{reader}").load
    except ModuleNotFoundError as error:
        raise LoadError(f"MODEL_READER: {error.name} is not in the package") from error
    return load


def _object(content: bytes) -> dict[str, Any]:
    """The manifest in a file's content. Raises `LoadError` where there is none."""
    try:
        manifest = loads(content)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict):
        raise LoadError("the model has no manifest, or it is not a JSON object")
    return manifest


def read_labels(manifest: Mapping[str, Any], model: Model) -> dict[Any, Any]:
    """The label of each class: what the manifest's `classes` say it means, or itself. Raises
    `LoadError` where manifest and model have other classes."""
    if list(model.classes) != list(manifest.get("labels") or ()):
        raise LoadError("the manifest's labels are not the model's")
    meanings = manifest.get("classes")
    if meanings is None:
        return {class_: class_ for class_ in model.classes}
    if not isinstance(meanings, dict) or not all(
        isinstance(meanings.get(str(class_)), str) for class_ in model.classes
    ):
        raise LoadError("the manifest does not say what each of the model's classes means")
    return {class_: meanings[str(class_)] for class_ in model.classes}


def check_golden(manifest: Mapping[str, Any], model: Model, inputs: InputKind) -> None:
    """Raises `LoadError` unless a few of the manifest's golden inputs are answered as recorded."""
    golden = manifest.get("golden")
    if not isinstance(golden, list) or not golden:
        raise LoadError("the manifest holds no golden answers")
    # Some take long, for what they import or compute: a publisher may mark those that do not.
    sample = [entry for entry in golden if entry.get("at_load")]
    wrong = golden_mismatch(
        sample or golden[:: max(1, len(golden) // GOLDEN_SAMPLE)], model, inputs
    )
    if wrong is not None:
        raise LoadError("the model does not give its golden answers on this runtime")


def golden_mismatch(
    golden: Sequence[Mapping[str, Any]], model: Model, inputs: InputKind
) -> tuple[int, Any] | None:
    """Place and prediction of the first golden input that is not answered as recorded, within the
    model's tolerance."""
    predictions = model.predict([inputs.golden(entry["input"]) for entry in golden])
    names = list(map(str, model.classes))
    for index, (entry, prediction) in enumerate(zip(golden, predictions, strict=True)):
        if names:
            same = prediction.predicted == entry["prediction"]
        else:
            same = _is_near_number(entry["prediction"], prediction.predicted, model.tolerance)
        for name in ("probabilities", "scores"):
            if name in entry:
                numbers = getattr(prediction, name) or ()
                same = same and is_near(entry[name], names, numbers, model.tolerance)
        if not same:
            return index, prediction.predicted
    return None


def is_near(
    expected: Mapping[str, float], names: Sequence[str], numbers: Sequence[float], tolerance: float
) -> bool:
    """Whether numbers, by name, are the expected ones, within a tolerance relative to the larger of
    1 and the largest expected."""
    largest = max(1.0, *map(abs, expected.values()))
    return (
        math.isfinite(largest)
        and expected.keys() == set(names)
        and len(numbers) == len(names)
        and all(
            abs(expected[name] - number) <= tolerance * largest
            for name, number in zip(names, numbers, strict=True)
        )
    )


def _is_near_number(expected: Any, number: Any, tolerance: float) -> bool:
    """As `is_near`, of one number or of a list of a model's several outputs."""
    outputs = expected if isinstance(expected, list) else [expected]
    predicted = number if isinstance(number, list) else [number]
    if any(isinstance(output, str) for output in outputs):
        return bool(outputs == predicted)
    names = list(map(str, range(len(outputs))))
    return is_near(dict(zip(names, outputs, strict=True)), names, predicted, tolerance)


def _response_headers(environ: Mapping[str, str], version: str) -> dict[str, str]:
    """The headers of every answer: the model's version, and who may read it in a browser."""
    headers = {"X-Model-Version": version}
    origin = environ.get("CORS_ALLOW_ORIGIN")
    if origin:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "Retry-After, X-Model-Version"
    headers["Vary"] = "Accept" if origin in (None, "", "*") else "Accept, Origin"
    return headers

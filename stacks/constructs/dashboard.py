"""One dashboard for a stage: a row of graphs for each of its services."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from ..config.budget import dearest_request
from ..config.model_service import ModelService
from ..config.published_model import PublishedModel
from ..lambda_source import CLASSES, DIMENSIONS
from .log_metrics import log_metric
from .monitoring import PERIOD

_HEIGHT = 6


class Dashboard(Construct):
    """What the log's lines say of each service: traffic and errors, latency, cold starts, shares of
    classes and confidence beside the expected ones, and what it has cost at most."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        services: Sequence[tuple[ModelService, PublishedModel]],
    ) -> None:
        super().__init__(scope, id_)
        self.dashboard = cloudwatch.Dashboard(
            self, "Dashboard", widgets=[_row(service, model) for service, model in services]
        )


def _row(service: ModelService, model: PublishedModel) -> list[cloudwatch.IWidget]:
    own = {DIMENSIONS[0]: service.name}

    def metric(name: str, statistic: str = "Sum", label: str | None = None) -> cloudwatch.Metric:
        found = log_metric(name, own, PERIOD, statistic)
        return found if label is None else found.with_(label=label)

    requests = metric("duration_ms", "SampleCount", "requests")
    expected = model.reference
    return [
        _graph(
            f"{service.name}: requests",
            [requests, metric("client_error"), metric("server_error")],
        ),
        _graph(
            "latency, ms", [metric("duration_ms", each, each) for each in ("p50", "p90", "p99")]
        ),
        _graph(
            "cold starts",
            [metric("cold_ms", "SampleCount", "how many"), metric("cold_ms", "p90", "p90, ms")],
        ),
        _graph(
            "shares of classes",
            [
                cloudwatch.MathExpression(
                    expression=f"FILL({name}, 0) / n",
                    using_metrics={name: metric(name), "n": metric("inputs")},
                    period=PERIOD,
                    label=model.class_labels.get(name, name),
                )
                for name in CLASSES
                if name in model.class_labels
            ],
            [
                cloudwatch.HorizontalAnnotation(
                    value=share, label=f"{model.class_labels[name]} expected"
                )
                for name, share in (expected.shares.items() if expected else ())
            ],
        ),
        _graph(
            "confidence",
            [metric("confidence", "Average")],
            [
                cloudwatch.HorizontalAnnotation(value=mean, label="expected")
                for mean, _ in ([expected.confidence] if expected and expected.confidence else ())
            ],
        ),
        _graph(
            "dollars at most, since the graph begins",
            [
                cloudwatch.MathExpression(
                    expression=f"RUNNING_SUM(requests * {dearest_request(service):.9f})",
                    using_metrics={"requests": requests},
                    period=PERIOD,
                    label="dollars",
                )
            ],
        ),
    ]


def _graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    annotations: Sequence[cloudwatch.HorizontalAnnotation] = (),
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title, left=list(metrics), left_annotations=list(annotations), width=4, height=_HEIGHT
    )

"""The Lambda entry that answers one item of a plan, by the service whose package this is.

SERVICE_HANDLER names the module of the service's own handler: the same loader, the same model.
"""

from __future__ import annotations

import os
from importlib import import_module

from serving.http import write_log

from batch.errors import Refused, Unfinished, told
from batch.parts import run
from batch.s3 import Bucket, Prefix
from batch.scoring import Scorer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from serving.service import ModelService

    Json = dict[str, Any]

LEFT_SECONDS = 180.0
"""Of an invocation's four minutes: with less, no further part is begun. The map's children end
after five, with all that was tried again."""


def loaded() -> ModelService | None:
    """The service, loading its model at init; None where this module is only imported."""
    module = os.environ.get("SERVICE_HANDLER")
    if not module:
        return None
    service: ModelService = import_module(module).service
    return service


service = loaded()


def handler(event: Json, context: Any) -> Json:
    """Answers what is not answered yet of `event["item"]`, of the job `event["job"]`, or a part of
    it at least.

    Returns the sums of its rows; or `unfinished`; or `refused`, why, and `error`, which refusal.
    """
    try:
        if service is None:
            raise Refused("SERVICE_HANDLER is not set: there is no model to answer by.")
        service.loader.ensure()
        left = context.get_remaining_time_in_millis
        return answer(service, event, os.environ, lambda: left() / 1e3)
    except Unfinished as unfinished:
        write_log("INFO", "item unfinished", reason=str(unfinished))
        return {"unfinished": True}
    except Refused as refusal:
        write_log("ERROR", "item refused", error=type(refusal).__name__)
        return told(refusal)


def answer(service: ModelService, event: Json, environ: Mapping[str, str], left: Any) -> Json:
    """The sums of the rows of an item; `left` gives the seconds that are left.

    Raises `Refused`, `InputChanged`, `Unfinished`, `Unanswered`.
    """
    job, item = event["job"], event["item"]
    scorer = Scorer(service, job["options"])
    if scorer.version != job["model_version"]:
        raise Refused(
            f"The job was begun with model {job['model_version']} and this is {scorer.version}."
        )
    source = Bucket(job["input_bucket"], environ)
    results = Prefix(Bucket(job["bucket"], environ), job["prefix"])

    def read(piece: Json) -> Iterable[bytes]:
        return source.read(piece["key"], piece["start"], piece["end"], piece["etag"])

    done = run(item, scorer, read, results, lambda: bool(left() < LEFT_SECONDS))
    sums: Json = {name: sum(one[name] for one in done) for name in ("rows", "errors", "blank")}
    sums["classes"], sums["confidence"] = _added(done)
    write_log("INFO", "item answered", item=item["item"], parts=len(done), rows=sums["rows"],
              errors=sums["errors"])  # fmt: skip
    return sums


def _added(done: list[Json]) -> tuple[dict[str, int], list[int] | None]:
    classes: dict[str, int] = {}
    for one in done:
        for label, count in one["classes"].items():
            classes[label] = classes.get(label, 0) + count
    histograms = [one["confidence"] for one in done if one["confidence"] is not None]
    return classes, [sum(bin_) for bin_ in zip(*histograms, strict=True)] or None

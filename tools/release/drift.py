"""How far each day's answers are from the expected ones: the population stability index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from typing import Any

from serving.http import DIMENSIONS, NAMESPACE

from model_training.publishing import manifests, reference
from tools.release.failure import ReleaseFailed
from tools.release.logs import log_group
from tools.release.places import Place
from tools.release.versions import LiveService

FEWEST_ANSWERS = 1000
"""Of fewer, a day says nothing."""
SHIFTED, DRIFTED = 0.1, 0.25
"""The usual bounds of the index: from the first on look at it, from the second on train again."""
_SMALLEST_SHARE = 1e-4
_BAR = 40


@dataclass(frozen=True)
class Day:
    """`counts` is the metric of a class → its predictions, of `answers` in all."""

    date: str
    answers: int
    counts: Mapping[str, int]


def stability_index(expected_shares: Mapping[str, float], day: Day) -> float:
    """The population stability index of a day against shares that may leave out rare classes: what
    has none is one class more."""
    expected = dict(expected_shares)
    found = {name: day.counts.get(name, 0) / day.answers for name in expected_shares}
    rest = 1 - sum(expected_shares.values())
    if rest > _SMALLEST_SHARE:
        expected["others"], found["others"] = rest, 1 - sum(found.values())
    pairs = ((max(expected[n], _SMALLEST_SHARE), max(found[n], _SMALLEST_SHARE)) for n in expected)
    return sum((share - was) * log(share / was) for was, share in pairs)


def lines(expected_shares: Mapping[str, float], days: list[Day]) -> Iterator[str]:
    """A line for each day: how many answers, the index, and a bar as long as it is."""
    for day in days:
        if day.answers < FEWEST_ANSWERS:
            yield f"{day.date}  {day.answers:>9,} answers, fewer than {FEWEST_ANSWERS:,}"
            continue
        index = stability_index(expected_shares, day)
        bar = "█" * min(_BAR, round(index / DRIFTED * _BAR / 2))
        word = "drifted" if index >= DRIFTED else "shifted" if index >= SHIFTED else "as expected"
        yield f"{day.date}  {day.answers:>9,} answers  {index:.3f}  {word:<11} {bar}".rstrip()


def reference_of(place: Place, live: LiveService) -> dict[str, float]:
    """The shares of classes that the live model's manifest knows. Raises `ReleaseFailed`."""
    pinned = live.live.files[manifests.MANIFEST]
    if live.live.bucket is None:
        raise ReleaseFailed(
            f"The model of {live.service.name} travels in its package: there is no manifest of it "
            "to read here."
        )
    found = place.client("s3").get_object(Bucket=live.live.bucket, Key=pinned["key"])
    known = reference.read(json.loads(found["Body"].read()))
    if known is None or not known.shares:
        raise ReleaseFailed(
            f"The manifest of {live.service.name} does not say how often the model answers each "
            f"class ({reference.ENTRY}.answers), so there is nothing to compare with."
        )
    return known.shares


def days_of(
    place: Place, live: LiveService, names: list[str], days: int, now: datetime | None = None
) -> list[Day]:
    """The last days, the oldest first: by CloudWatch's metrics, or on a local AWS, which makes none
    of the log's lines, by these lines."""
    end = (now or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    start = end - timedelta(days=days - 1)
    counted = (_by_logs if place.endpoint else _by_metrics)(place, live, names, start)
    return [
        Day(date, counts.get("inputs", 0), counts)
        for date in ((start + timedelta(days=each)).strftime("%Y-%m-%d") for each in range(days))
        for counts in [counted.get(date, {})]
    ]


def _by_metrics(
    place: Place, live: LiveService, names: list[str], start: datetime
) -> dict[str, dict[str, int]]:
    dimensions = [{"Name": DIMENSIONS[0], "Value": live.service.name}]
    queries = [
        {
            "Id": f"m{index}",
            "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions},
                "Period": 86_400,
                "Stat": "Sum",
            },
        }
        for index, name in enumerate(["inputs", *names])
    ]
    pages = (
        place.client("cloudwatch")
        .get_paginator("get_metric_data")
        .paginate(MetricDataQueries=queries, StartTime=start, EndTime=datetime.now(UTC))
    )
    counted: dict[str, dict[str, int]] = {}
    for result in (result for page in pages for result in page["MetricDataResults"]):
        name = ["inputs", *names][int(result["Id"][1:])]
        for time, value in zip(result["Timestamps"], result["Values"], strict=True):
            _add(counted, time.strftime("%Y-%m-%d"), name, int(value))
    return counted


def _by_logs(
    place: Place, live: LiveService, names: list[str], start: datetime
) -> dict[str, dict[str, int]]:
    pages = (
        place.client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=log_group(place, live), startTime=int(start.timestamp() * 1000))
    )
    counted: dict[str, dict[str, int]] = {}
    for event in (event for page in pages for event in page["events"]):
        line = _request_line(event["message"])
        # A request that was refused has inputs and no predictions.
        if line.get("predictions"):
            for name in ("inputs", *names):
                _add(counted, line["timestamp"][:10], name, line.get(name, 0))
    return counted


def _request_line(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _add(counted: dict[str, dict[str, int]], date: str, name: str, count: int) -> None:
    day = counted.setdefault(date, {})
    day[name] = day.get(name, 0) + count

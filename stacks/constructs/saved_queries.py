"""The queries that people who operate a stage ask its logs, saved where they ask them."""

from __future__ import annotations

from aws_cdk import aws_logs as logs
from constructs import Construct

QUERIES = {
    "Errors": 'fields @timestamp, @message | filter level = "ERROR" or '
    "@message like /Task timed out|Runtime/ | sort @timestamp desc | limit 50",
    "Throttles": 'filter message = "request" | '
    "stats count(*) as requests, avg(duration_ms) as ms by bin(1m)",
    "Slow": 'filter message = "request" | stats pct(duration_ms, 99) as p99, '
    "max(inputs) as inputs, max(bytes) as bytes, sum(cold) as cold by bin(5m)",
    "ServerErrors": 'filter message = "request" and status >= 500 | '
    "stats count(*) as answers by problem, model_version, function_version",
    "Shares": 'filter message = "request" and status = 200 | stats sum(class_0), sum(class_1), '
    "sum(class_2), sum(inputs), avg(confidence), sum(unknown) by bin(5m)",
    "Spending": 'filter message = "request" | stats count(*) as requests by route, bin(5m)',
    "Release": 'filter message = "request" and function_version = "12" | '
    "stats count(*) as answers, avg(confidence) as confidence by problem, status",
}
"""Alarm → query of Logs Insights, over the log group of a service's function."""


class SavedQueries(Construct):
    """`QUERIES` under `folder`, for whichever log groups one chooses: they are the same for every
    service, so there is one set in a stage."""

    def __init__(self, scope: Construct, id_: str, *, folder: str) -> None:
        super().__init__(scope, id_)
        for name, query in QUERIES.items():
            logs.CfnQueryDefinition(self, name, name=f"{folder}/{name}", query_string=query)

"""The results of the long runs, kept as JSON, and docs/reliability.md, which is made of them."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools import PROJECT

RESULTS = PROJECT / "build" / "reliability"
FUZZED = Path(__file__).with_name("fuzzed.json")
"""The one run of the fuzzer is kept with the code: it needs an environment of its own."""

DOCUMENT = PROJECT / "docs" / "reliability.md"
_DEAREST = 8

Facts = dict[str, Any]


def keep(name: str, facts: Mapping[str, Any], *, command: str) -> None:
    """Keeps the facts of a run, with what they depend on, until the next run of that name."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    versions = (
        f"Python {platform.python_version()}, awslambdaric {version('awslambdaric')}, "
        f"hypothesis {version('hypothesis')}"
    )
    _write(RESULTS / f"{name}.json", facts, command, versions)


def keep_fuzzing(log: str) -> None:
    """Keeps what the log of a fuzzing run says, until the next; raises `ValueError`."""
    command = "python -m tools.reliability.fuzz -max_total_time=600 build/reliability/corpus"
    facts = _fuzz_facts(log)
    _write(FUZZED, facts, command, facts.pop("versions"))


def _write(file: Path, facts: Mapping[str, Any], command: str, versions: str) -> None:
    system = f"{os.cpu_count()} logical processors, {platform.system()} {platform.machine()}"
    entry = {"command": command, "machine": f"{system}, {versions}", "facts": facts}
    file.write_text(json.dumps(entry, indent=1) + "\n", encoding="utf-8")


def _fuzz_facts(log: str) -> Facts:
    """What libFuzzer says at the end of a run; raises `ValueError` where it has not ended well."""
    done = re.search(r"^Done (\d+) runs in (\d+) second", log, re.MULTILINE)
    versions = re.search(r"^fuzzing with (.+)$", log, re.MULTILINE)
    covered = re.findall(r" cov: (\d+) ft: (\d+) corp: (\d+)/", log)
    if done is None or versions is None or not covered:
        raise ValueError("this is not the log of a run that ended with libFuzzer's `Done … runs`")
    branches, features, corpus = map(int, covered[-1])
    return {
        "versions": versions[1],
        "inputs": int(done[1]),
        "seconds": int(done[2]),
        "branches": branches,
        "features": features,
        "corpus": corpus,
        "findings": log.count("Test unit written to"),
    }


def _read() -> dict[str, Facts]:
    files = [*sorted(RESULTS.glob("*.json")), FUZZED]
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files}


def _table(header: str, rows: list[str]) -> str:
    columns = header.count("|") - 1
    return "\n".join([header, "|" + " --- |" * columns, *rows])


def _load(results: Mapping[str, Facts]) -> str:
    titles = {
        "steady": "all processes left alone",
        "soak": "one process gets every request",
        "killed": "processes killed at random",
        "published": "a new model published meanwhile",
    }
    rows = []
    for name, title in titles.items():
        if f"load-{name}" not in results:
            continue
        facts = results[f"load-{name}"]["facts"]
        times = facts["latency_ms"]
        memory = f"{max(facts['growth_kb'])} kB" if name in ("steady", "soak") else "–"
        rows.append(
            f"| {title} | {facts['requests']:,} | {facts['processes']} | {facts['wrong']} "
            f"| {facts['restarts']} | {facts['killed']} | {facts['lost']} | {memory} "
            f"| {times['p50']} / {times['p90']} / {times['p99']} | {facts['per_second']:,} |"
        )
    header = (
        "| run | requests | processes | wrong answers | unexpected ends | killed | lost "
        "| largest growth | p50 / p90 / p99, ms | per second |"
    )
    return _table(header, rows)


def _statuses(statuses: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} × {status}" for status, count in statuses.items())


def _caught(row: Facts) -> str:
    """Rules and test by their names, without the parameters."""
    names = [*row["rules"], row["test"] or ""]
    tests = dict.fromkeys(f"`{name.partition('[')[0]}`" for name in names if name)
    return ", ".join(tests) or "**nothing**"


def _pumps(facts: Facts) -> str:
    """The section on the pump test, where there was one."""
    dearest = sorted(facts["served_ms"].items(), key=lambda item: -item[1]["explained"])
    rows = [
        f"| `{shape}` | {found['plain']} | {found['explained']} |"
        for shape, found in dearest[:_DEAREST]
    ]
    header = "| text of 64 KiB | ms of CPU | with `explain` |"
    return _PUMPS.format(
        **{name: f"{facts[name]:,}" for name in ("shapes", "targets")},
        superlinear=len(facts["superlinear"]),
        table=_table(header, rows),
    )


def watching(facts: Facts) -> str:
    """The section on what is seen of changed answers, and after how long."""
    rows = [
        f"| {row['what']} | {row['answers']} | {row['change']} | {row['seen']} of {row['months']} "
        f"| {_after(row['median'])} | {_after(row['longest'])} |"
        for row in facts["rows"]
    ]
    header = "| by | answers | change | months in which it was seen | after, median | at most |"
    return _WATCHING.format(table=_table(header, rows))


def _after(minutes: float | None) -> str:
    if minutes is None:
        return "–"
    return f"{minutes:.0f} min" if minutes < 24 * 60 else f"{minutes / (24 * 60):.1f} days"


def _defects(facts: Facts) -> str:
    rows = [f"| {row['kind']} | {row['name']} | {_caught(row)} |" for row in facts["defects"]]
    return _table("| where | defect | caught by |", rows)


def _named_cases() -> dict[str, int]:
    from tools.reliability.hostile_events import BAD, GOOD

    return {"good": len(GOOD), "bad": len(BAD)}


def render(results: Mapping[str, Facts]) -> str:
    """The document. Runs that have not been made are not told about."""
    cases = _named_cases()
    machines = dict.fromkeys(entry["machine"] for entry in results.values())
    events, fuzz = results["events"]["facts"], results["fuzzed"]["facts"]
    defects = results["defects"]["facts"]
    steady = results["load-steady"]["facts"]
    commands = dict.fromkeys(entry["command"] for entry in results.values())
    parts = [
        _HEAD.format(
            machines="\n".join(machines),
            commands="\n".join(commands),
        ),
        _LOAD.format(table=_load(results), hostile=f"{steady['hostile']:.0%}"),
        f"Answers of the first run: {_statuses(steady['statuses'])}. The longest took "
        f"{steady['latency_ms']['longest']} ms; no process was larger than "
        f"{steady['largest_kb'] / 1000:.0f} MB.\n",
        _HOSTILE.format(**cases, total=cases["good"] + cases["bad"]),
        _EVENTS.format(count=events["events"], statuses=_statuses(events["statuses"])),
    ]
    parts.append(_FUZZ.format(**fuzz, minutes=round(fuzz["seconds"] / 60)))
    if "pumps" in results:
        parts.append(_pumps(results["pumps"]["facts"]))
    if "watching" in results:
        parts.append(watching(results["watching"]["facts"]))
    caught = len(defects["defects"]) - len(defects["survivors"])
    parts.append(
        _DEFECTS.format(count=len(defects["defects"]), caught=caught, table=_defects(defects))
    )
    return "\n".join(parts)


def write() -> None:
    """Writes docs/reliability.md; raises `KeyError` where a run it needs was never made."""
    DOCUMENT.write_text(render(_read()), encoding="utf-8")


_HEAD = """\
# Reliability

Written by `make reliability`; do not edit it by hand. Counts are asserted by the commands, which
fail where one is wrong; times are only reported. `make test` runs a sample of each.

{machines}

```
{commands}
```
"""
_LOAD = """\
## Load
Mixed requests, {hostile} of them hostile, go through AWS's own runtime client to the handler, each
process with one request at a time. Every answer is compared with what it must be: its status and
form, and for valid texts the labels and probabilities to the last bit, computed by the driver with
the model that the answer names. Hostile requests are the named cases below.

{table}

A request is lost only when its process was killed while it was in flight. Growth is between the
end of the warm-up (the first fifth) and the end of the run, in medians of the resident size; at
most 2,000 kB are allowed. (glibc's threshold for `mmap` is fixed at 1 MiB for this: otherwise what
it keeps after a body of 6 MB hides everything else.) While a new model is published, old and new
processes answer side by side, and each answer is one model's and names it.
"""
_HOSTILE = """\
## Named cases
{total} named requests ({good} odd ones that are answered, {bad} that are refused) run in the test's
process and through the runtime client; named faults of S3, of its answers and of the
settings meet the loading of the model. They are in `tools/reliability/hostile_events.py`,
`tests/contract/test_recovery.py` and `tests/unit/serving/`.
"""
_EVENTS = """\
## Arbitrary events
{count:,} events that hypothesis made, from proxy events with junk in them to any JSON value: no
exception, every answer a documented status in the documented form, nothing of the request in an
answer or in the log. {statuses}.
"""
_FUZZ = """\
## Coverage-guided fuzzing
atheris (libFuzzer) tried {inputs:,} inputs in {minutes} minutes, starting from the named cases; it
reached {branches} branches and kept {corpus} inputs. Findings: {findings}. This is one run, kept in
`tools/reliability/fuzzed.json`; `tools/reliability/fuzz.py` says how to repeat it.
"""
_PUMPS = """\
## Pumped texts
{shapes} shapes of text: a prefix, a unit over and over, a suffix; every unit of one or two of 36
pieces with each of 5 prefixes and 9 suffixes, then longer units. Each goes through {targets}
targets (every regular expression of a text's way, every step, the parsing of a request, whole
predictions with and without explanation). CPU time for 64 KiB may be 48 times that for 4 KiB; a
quadratic pattern takes 256 times as much. More than linear: {superlinear}.

What the dearest texts cost the function's process, asked through AWS's runtime client. (A tenth of
the timeout of 15 s is 435 ms of a core, where 512 MB have 29 % of one.)

{table}
"""
_WATCHING = """\
## Watching answers
Months of answers drawn at random, in windows of five minutes: the expressions of the alarms (three
windows in a row beyond four standard deviations, from a hundred answers in a window on) and the
day's population stability index of `make drift`, from 0.1 on. Shares are of a class that is 13 % of
the answers, confidence is that of the loan grades; each month has a reference of its own, of 2,000
answers. Of the quiet months none may raise anything. So the alarms find jumps, smaller ones the
more traffic there is; slow drift the index finds, even with a thousand answers a day.

{table}
"""
_DEFECTS = """\
## Planted defects
{count} deliberate mistakes, one at a time; {caught} are caught. In templates: by the gates that
guard every synthesis (cdk-nag, CloudFormation's own rules, ours in `stacks/rules/`) and by our
assertions, snapshots left aside because they notice any change. In code: by the named test.

{table}
"""

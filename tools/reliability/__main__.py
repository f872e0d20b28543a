"""Long runs of what the tests run a sample of: `python -m tools.reliability COMMAND`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tools.reliability import report


def _load(options: argparse.Namespace) -> list[str]:
    from tools.reliability.load import Plan, complaints, drive
    from tools.reliability.models import successor, trained

    first = trained()
    complained = []
    for name in options.runs:
        whole = name in ("steady", "soak")
        plan = Plan(
            generations=[first] if name != "published" else [first, successor(first)],
            # What a kill or a new model does shows in fewer requests than a leak.
            requests=options.requests if whole else max(1_000, options.requests // 5),
            # What a process keeps of 100,000 requests shows in one that gets them all.
            processes=1 if name == "soak" else options.processes,
            hostile=options.hostile,
            kills=max(1, options.requests // 2_000) if name == "killed" else 0,
            seed=options.seed,
        )
        print(f"load, {name}: {plan.requests} requests, {plan.processes} processes", flush=True)
        outcome = drive(plan)
        memory = whole and plan.requests >= 20_000 * plan.processes
        complained_here = complaints(outcome, memory=memory)
        print(json.dumps({k: v for k, v in outcome.items() if k != "examples"}, indent=1))
        report.keep(
            f"load-{name}", {**outcome, "complaints": complained_here}, command=_command(options)
        )
        complained += complained_here
    return complained


def _events(options: argparse.Namespace) -> list[str]:
    from tools.reliability.events import run

    outcome = run(options.count, options.seed)
    print(json.dumps(outcome, indent=1))
    report.keep("events", outcome, command=_command(options))
    return []


def _pumps(options: argparse.Namespace) -> list[str]:
    from tools.reliability.models import trained
    from tools.reliability.pumps.run import complaints, run

    outcome = run(trained(), count=options.shapes, seed=options.seed, processes=options.processes)
    print(json.dumps(outcome, indent=1))
    report.keep("pumps", outcome, command=_command(options))
    return complaints(outcome)


def _batch(options: argparse.Namespace) -> list[str]:
    from tools.reliability.batch_faults import complaints, run

    outcome = run(rows=options.rows, objects=options.objects)
    print(json.dumps(outcome, indent=1))
    report.keep("batch", outcome, command=_command(options))
    return complaints(outcome)


def _plan(options: argparse.Namespace) -> list[str]:
    from tools.reliability.small_objects import complaints, run

    outcome = run(options.objects)
    print(json.dumps(outcome, indent=1))
    report.keep("plan", outcome, command=_command(options))
    return complaints(outcome)


def _defects(options: argparse.Namespace) -> list[str]:
    from tools.reliability.defects.suite import run

    outcome = run(options.only)
    if not options.only:
        report.keep("defects", outcome, command=_command(options))
    return [f"{name} survives" for name in outcome["survivors"]]


def _watching(options: argparse.Namespace) -> list[str]:
    from tools.reliability.watching import complaints, run

    outcome = run(options.months, options.seed)
    print(json.dumps(outcome, indent=1))
    report.keep("watching", outcome, command=_command(options))
    return complaints(outcome)


def _fuzzed(options: argparse.Namespace) -> list[str]:
    report.keep_fuzzing(options.log.read_text(encoding="utf-8", errors="replace"))
    return []


def _report(_options: argparse.Namespace) -> list[str]:
    report.write()
    return []


def _command(options: argparse.Namespace) -> str:
    return "python -m tools.reliability " + " ".join(options.arguments)


def main(arguments: list[str]) -> int:
    """Exit status 1 if anything went wrong, with one line on each."""
    parser = argparse.ArgumentParser(prog="python -m tools.reliability", description=__doc__)
    commands = parser.add_subparsers(required=True)
    load = commands.add_parser("load", help="mixed requests over several processes")
    load.add_argument("--requests", type=int, default=100_000)
    load.add_argument("--processes", type=int, default=4)
    load.add_argument("--hostile", type=float, default=0.15)
    load.add_argument("--seed", type=int, default=1)
    runs = ("steady", "soak", "killed", "published")
    load.add_argument("--runs", nargs="+", choices=runs, default=runs)
    load.set_defaults(run=_load)
    events = commands.add_parser("events", help="arbitrary events")
    events.add_argument("--count", type=int, default=100_000)
    events.add_argument("--seed", type=int, default=1)
    events.set_defaults(run=_events)
    pumps = commands.add_parser("pumps", help="texts that make patterns backtrack")
    pumps.add_argument("--shapes", type=int, default=60_000)
    pumps.add_argument("--processes", type=int, default=2)
    pumps.add_argument("--seed", type=int, default=1)
    pumps.set_defaults(run=_pumps)
    batch = commands.add_parser("batch", help="a job on the local AWS with faults all along")
    batch.add_argument("--rows", type=int, default=200_000)
    batch.add_argument("--objects", type=int, default=100_000, help="small ones, to be planned")
    batch.set_defaults(run=_batch)
    plan = commands.add_parser("plan", help="a plan of very many small objects")
    plan.add_argument("--objects", type=int, default=100_000)
    plan.set_defaults(run=_plan)
    watching = commands.add_parser("watching", help="months of answers, quiet and drifting")
    watching.add_argument("--months", type=int, default=20, help="of each kind")
    watching.add_argument("--seed", type=int, default=1)
    watching.set_defaults(run=_watching)
    defects = commands.add_parser("defects", help="deliberate mistakes, each to be caught")
    defects.add_argument("--only", help="those whose name contains this")
    defects.set_defaults(run=_defects)
    fuzzed = commands.add_parser("fuzzed", help="keep what the log of a fuzzing run says")
    fuzzed.add_argument("log", type=Path)
    fuzzed.set_defaults(run=_fuzzed)
    commands.add_parser("report", help="write docs/reliability.md").set_defaults(run=_report)
    options = parser.parse_args(arguments)
    options.arguments = arguments
    complaints: list[str] = options.run(options)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

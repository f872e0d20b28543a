"""One run's figures: every function's medians, their ratios, and what they were taken on."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench import steps
from tools.bench.conditions import Condition
from tools.bench.cost import per_million
from tools.bench.measure import Effort, Laboratory, spread, summary
from tools.bench.variants import ARTICLE, KERAS, NOOP, OURS, TUNED, Workbench

_NAMED = (
    "awslambdaric",
    "boto3",
    "scikit-learn",
    "numpy",
    "joblib",
    "onnxruntime",
    "skl2onnx",
    "keras",
    "tensorflow-cpu",
)

_PEERS = (ARTICLE, TUNED, KERAS)

Figures = dict[str, Any]


def figures(
    service: str,
    bench: Workbench,
    lab: Laboratory,
    parity: Mapping[str, Any],
    effort: Effort,
    conditions: Sequence[Condition],
) -> Figures:
    """What build/bench.json holds: the ratios over TLS by the names agreed on, then all they come
    from, and the cold starts under each other condition by its name."""
    functions: dict[str, Figures] = {}
    for variant in bench.variants:
        size = bench.sizes[variant.name]
        functions[variant.name] = {
            "title": variant.title,
            **summary(lab.samples[variant.name]),
            "unzipped_bytes": size.unzipped,
            "zipped_bytes": size.zipped,
        }
    # What a request costs beyond the handler's call: the same client for all, so the no-op's.
    noop = functions[NOOP]
    overhead_ms = 1000 / noop["answers_per_second"] - noop["warm_p50_ms"]
    for one in functions.values():
        one["dollars_per_million"] = per_million(one["cold_ms"], one["warm_p50_ms"] + overhead_ms)
    ours = functions[OURS]

    def ratio(theirs: str, key: str) -> float:
        return float(functions[theirs][key] / ours[key])

    peers = [name for name in _PEERS if name in functions]
    _, *others = conditions
    return {
        **_cold_ratios(functions),
        **{f"warm_ratio_{name}": ratio(name, "warm_p50_ms") for name in peers},
        "rss_ratio_article": ratio(ARTICLE, "memory_mb"),
        "memory_mb_ours": ours["memory_mb"],
        "zip_bytes_ours": ours["zipped_bytes"],
        "parity_max_abs_diff": parity["max_abs_diff"],
        "parity_label_mismatches": parity["label_mismatches"],
        "service": service,
        "message": bench.message,
        "parity_texts": parity["texts"],
        "client_overhead_ms": overhead_ms,
        "cold_rounds": effort.cold_rounds,
        "other_rounds": effort.other_rounds,
        "warm_rounds": effort.warm_rounds,
        "functions": functions,
        **{condition.name: _under(condition, lab) for condition in others},
        "steps": steps.summary(lab.timelines),
        "onnx": dict(bench.onnx),
    }


def _cold_ratios(functions: Mapping[str, Figures]) -> dict[str, float]:
    """Theirs by ours of each peer that the service has, and ours by the floor's."""
    ours = functions[OURS]["cold_ms"]
    return {
        **{
            f"cold_ratio_{name}": functions[name]["cold_ms"] / ours
            for name in _PEERS
            if name in functions
        },
        "cold_ratio_noop": ours / functions[NOOP]["cold_ms"],
    }


def _under(condition: Condition, lab: Laboratory) -> Figures:
    """The cold starts under a condition that is not the headline's, with the keys of those."""
    functions = {
        name: {"cold_ms": median(cold), "quartiles": {"cold_ms": spread(cold)}}
        for name, samples in lab.samples.items()
        if (cold := samples.others.get(condition.name))
    }
    how = {"share": condition.share.share, "how": condition.share.how} if condition.share else {}
    return {**_cold_ratios(functions), **how, "functions": functions}


def machine() -> str:
    """The processor, how many of it, and the system: what a reader needs to compare."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.processor() or "unknown processor"
    return f"{name}, {len(names) or 1} logical processors, {platform.system()} {platform.machine()}"


def versions(site: Path, python: Path = Path(sys.executable)) -> str:
    """Python and the packages that were compared, from the folder where the peers are."""
    installed = {
        d.metadata["Name"].lower().replace("_", "-"): d.version
        for d in distributions(path=[str(site)])
    }
    packages = [f"{name} {installed[name]}" for name in _NAMED if name in installed]
    outcome = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    return ", ".join([outcome.stdout.strip(), *packages])

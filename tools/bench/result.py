"""One run's figures: every function's medians, their ratios, and what they were taken on."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from tools.bench.cost import per_million
from tools.bench.measure import Effort, Laboratory, summary
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

Figures = dict[str, Any]


def figures(
    service: str, bench: Workbench, lab: Laboratory, parity: Mapping[str, Any], effort: Effort
) -> Figures:
    """What build/bench.json holds: the ratios by the names agreed on, then all they come from."""
    functions: dict[str, Figures] = {}
    for variant in bench.variants:
        medians = summary(lab.samples[variant.name])
        size = bench.sizes[variant.name]
        functions[variant.name] = {
            "title": variant.title,
            **medians,
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

    # Not every service has every peer.
    peers = [name for name in (ARTICLE, TUNED, KERAS) if name in functions]
    return {
        **{f"cold_ratio_{name}": ratio(name, "cold_ms") for name in peers},
        "cold_ratio_noop": 1 / ratio(NOOP, "cold_ms"),
        **{f"warm_ratio_{name}": ratio(name, "warm_p50_ms") for name in peers},
        "rss_ratio_article": ratio(ARTICLE, "memory_mb"),
        "zip_bytes_ours": ours["zipped_bytes"],
        "parity_max_abs_diff": parity["max_abs_diff"],
        "parity_label_mismatches": parity["label_mismatches"],
        "service": service,
        "message": bench.message,
        "parity_texts": parity["texts"],
        "client_overhead_ms": overhead_ms,
        "cold_rounds": effort.cold_rounds,
        "warm_rounds": effort.warm_rounds,
        "functions": functions,
        "onnx": dict(bench.onnx),
    }


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

"""What is measured: a function's folder, how it is started, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.bench.packages import Size

OURS, SOURCES, NOOP, ARTICLE, TUNED, ONNX = "ours", "sources", "noop", "article", "tuned", "onnx"
LAYERS, KERAS = "layers", "keras"
TITLES = {
    NOOP: "no-op (the floor)",
    OURS: "ours",
    SOURCES: "ours, without byte code",
    LAYERS: "ours, scikit-learn runtime",
    ONNX: "ONNX Runtime",
    TUNED: "tuned scikit-learn",
    KERAS: "Keras, the network called",
    ARTICLE: "the article's handler",
}


@dataclass(frozen=True)
class Variant:
    """One function: `name` is a key of TITLES, `environ` its own variables."""

    name: str
    code: Path
    handler: str
    environ: Mapping[str, str]

    @property
    def title(self) -> str:
        return TITLES[self.name]


@dataclass(frozen=True)
class Workbench:
    """What a service's preparation gives: the functions, the objects they read, the event.

    `objects` are contents by path on the fake S3, `sizes` each package's; `onnx` says where the
    converted model answers differently, empty where there is none. `timed` says that ours has the
    steps that `tools/bench/timeline.py` tells apart.
    """

    variants: tuple[Variant, ...]
    objects: Mapping[str, bytes]
    event: Mapping[str, object]
    message: str
    sizes: Mapping[str, Size]
    onnx: Mapping[str, Any]
    timed: bool = True

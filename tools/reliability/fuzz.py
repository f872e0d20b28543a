"""Coverage-guided fuzzing of the handler: libFuzzer, through atheris, chooses the events.

atheris is no dependency of this project. In an environment of its own, with Python 3.13:

    pip install atheris==3.1.0 scikit-learn==1.9.1 hypothesis==6.170.15
    mkdir -p build/reliability/corpus
    python -m tools.reliability.fuzz -max_total_time=600 build/reliability/corpus 2>&1 | tee LOG

and, in the project's own, `python -m tools.reliability fuzzed LOG` keeps the result.

A wrong answer, an exception, a hang or memory beyond measure ends the run and leaves the input in
a file `crash-…`; given as the only argument it is run again.
"""

from __future__ import annotations

import base64
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import atheris
from hypothesis import HealthCheck, given, settings

import tools  # noqa: F401 - the functions' packages are found from here on

# What is imported here is what coverage is measured of.
with atheris.instrument_imports(include=["serving", "portable", "spam_or_ham"]):
    import serving.runtimes.portable  # noqa: F401 - which the service imports when it loads

    from tools.reliability.hostile import hostile_requests
    from tools.reliability.in_process import Probe, probe
    from tools.reliability.models import small
    from tools.reliability.strategies import events

_TYPES = ("text/plain", "application/json", "text/plain; charset=latin-1", "")
_LONGEST = 70_000
_LIMITS = ["-timeout=10", "-rss_limit_mb=1024", f"-max_len={_LONGEST}", "-len_control=0"]


def _raw(data: bytes) -> Any:
    """An event whose parts are the input's own bytes, without a grammar in between."""
    kind, rest = data[0], data[1:]
    if kind % 4 == 0:
        try:
            return json.loads(rest)
        except (ValueError, RecursionError):
            return rest.decode("latin-1")
    headers, _, body = rest.partition(b"\n\n")
    lines = (line.partition(b":") for line in headers.split(b"\n"))
    named = {name.decode("latin-1"): value.decode("latin-1") for name, _, value in lines}
    encoded = kind % 4 == 1
    return {
        "httpMethod": "POST",
        "path": "/spamorham",
        "headers": {"content-type": _TYPES[kind // 4 % 4], **named},
        "queryStringParameters": {"explain": "true"} if kind // 16 % 2 else None,
        "body": base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace"),
        "isBase64Encoded": encoded,
    }


def _target(ask: Probe) -> Any:
    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(events)
    def ask_generated(event: Any) -> None:
        ask(event)

    generate = ask_generated.hypothesis.fuzz_one_input  # type: ignore[attr-defined]

    def one_input(data: bytes) -> None:
        if len(data) < 2:
            return
        if data[0] < 128:
            ask(_raw(data))
        else:
            generate(data[1:])

    return one_input


def _seed(corpus: Path) -> None:
    """Starts the corpus with the named cases, so that no time goes into finding them again."""
    for number, sent in enumerate(hostile_requests()):
        if len(sent.event) < _LONGEST:
            (corpus / f"case-{number}").write_bytes(b"\x00" + sent.event)


def main() -> None:
    if sys.argv[1:] and Path(sys.argv[-1]).is_dir():
        _seed(Path(sys.argv[-1]))
    versions = f"Python {platform.python_version()}, atheris {version('atheris')}"
    print(f"fuzzing with {versions}, hypothesis {version('hypothesis')}", flush=True)
    with probe(small()) as ask:
        atheris.Setup([*sys.argv, *_LIMITS], _target(ask))
        atheris.Fuzz()


if __name__ == "__main__":
    main()

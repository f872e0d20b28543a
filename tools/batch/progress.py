"""How far a job is, and what it came to."""

from __future__ import annotations

import sys
import time
from typing import Any

_WIDTH = 30
_EVERY_SECONDS = 5.0


class Progress:
    """A bar on standard error: drawn over on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = max(1, total)
        self._started = time.monotonic()
        self._shown = -_EVERY_SECONDS
        self._terminal = sys.stderr.isatty()
        self._ended = False

    def show(self, done: int, rows: int | None = None) -> None:
        """Shows how many ranges are done, and rows where they are known."""
        now = time.monotonic()
        complete = done >= self._total
        if self._ended:
            return
        self._ended = complete
        if now - self._shown < (0.1 if self._terminal else _EVERY_SECONDS) and not complete:
            return
        self._shown = now
        filled = _WIDTH * done // self._total
        seconds = now - self._started
        said = f"{done:,} of {self._total:,} ranges"
        if rows:
            said += f", {rows:,} rows, {rows / max(seconds, 1e-9):,.0f} a second"
        line = f"  [{'█' * filled}{' ' * (_WIDTH - filled)}] {said}, {seconds:.0f} s"
        end = "\n" if complete or not self._terminal else ""
        print(f"\r{line}" if self._terminal else line, end=end, file=sys.stderr, flush=True)


def summary(manifest: dict[str, Any], output: str) -> str:
    """What a job came to, in a few lines."""
    lines = [
        f"{manifest['rows']:,} rows answered, {manifest['errors']:,} refused"
        + (f", {manifest['blank']:,} lines blank" if manifest["blank"] else "")
        + f" · model {manifest['model_version']}"
    ]
    rows = max(1, manifest["rows"])
    classes = manifest["classes"]
    for label, count in list(classes.items())[:10]:
        lines.append(f"  {label:<24} {count:>12,}  {count / rows:7.2%}")
    if len(classes) > 10:
        lines.append(f"  and {len(classes) - 10} further classes")
    seconds = manifest.get("seconds")
    if seconds:
        all_rows = manifest["rows"] + manifest["errors"]
        lines.append(f"{all_rows / seconds:,.0f} rows a second over {seconds:,.1f} s")
    if manifest.get("dollars") is not None:
        lines.append(f"${manifest['dollars']:.6f} at the prices of AWS, by computation")
    if manifest["errors"]:
        lines.append(f"refused rows, each with its line and its problem: {output}/errors-*.jsonl")
    lines += [f"{note['key']}: {note['note']}" for note in manifest["uncut"][:5]]
    return "\n".join(lines)

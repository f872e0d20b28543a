"""What a job may be asked for besides its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from batch.cutting import RANGE_BYTES

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Options:
    """`keep`: columns to copy; `form`: jsonl or csv; `range_bytes` of a range; `processes`."""

    keep: tuple[str, ...] = ()
    form: str = "jsonl"
    range_bytes: int = RANGE_BYTES
    processes: int = 0

    def of_job(self, *, several: bool) -> Json:
        """Those that the results depend on."""
        return {
            "keep": list(self.keep), "form": self.form, "named": several,
            "range_bytes": self.range_bytes,
        }  # fmt: skip

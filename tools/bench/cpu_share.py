"""A share of a processor for a process, as a Lambda function of little memory has it.

Lambda gives 1,769 MB one processor and less memory its part of one. The kernel's own limit is used
where this user may make a control group: so much of every period, as Lambda's own containers are
limited. Elsewhere the process is stopped and continued by signals, which is coarser: the share
passes also while the process waits.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

FULL_PROCESSOR_MB = 1769
PERIOD = 0.020
"""Seconds: of so much time the process gets its share."""
_V1, _V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


def of_memory(megabytes: int) -> float:
    """The share of a processor of a function with so much memory, at most one."""
    return min(1.0, megabytes / FULL_PROCESSOR_MB)


def _control_group(share: float) -> Path | None:
    """A new control group that has the share; None where this user may make none."""
    quota, period = round(share * PERIOD * 1e6), round(PERIOD * 1e6)
    for root, limits in (
        (_V2, {"cpu.max": f"{quota} {period}"}),
        (_V1, {"cpu.cfs_period_us": str(period), "cpu.cfs_quota_us": str(quota)}),
    ):
        group = root / f"bench-{os.getpid()}"
        if not (root / "cgroup.procs").exists():
            continue
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            for name, limit in limits.items():
                (group / name).write_text(limit)
        except OSError:
            group.rmdir()
            continue
        return group
    return None


def _stop_and_continue(
    process: subprocess.Popen[bytes], share: float, end: threading.Event
) -> None:
    with contextlib.suppress(ProcessLookupError):
        while not end.wait(share * PERIOD):
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep((1 - share) * PERIOD)
            os.kill(process.pid, signal.SIGCONT)


class Share:
    """Limits processes to a share of one processor; `how` says to what and by which means."""

    def __init__(self, share: float, group: bool = True) -> None:
        """`group` False does without a control group where one could be made."""
        self.share = share
        self._group = _control_group(share) if group else None
        by = (
            "the kernel's limit of a control group" if self._group else "stopping and continuing it"
        )
        self.how = f"{share * PERIOD * 1e3:.1f} of every {PERIOD * 1e3:.0f} ms, by {by}"

    @contextlib.contextmanager
    def limits(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """The process has no more than the share while this lasts."""
        if self._group is not None:
            (self._group / "cgroup.procs").write_text(str(process.pid))
            yield
            return
        end = threading.Event()
        thread = threading.Thread(target=_stop_and_continue, args=(process, self.share, end))
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()

    def __enter__(self) -> Share:
        return self

    def __exit__(self, *_: object) -> None:
        """Removes the control group; the processes that it limited have ended."""
        if self._group is not None:
            self._group.rmdir()

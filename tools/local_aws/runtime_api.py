"""AWS's Runtime API on loopback, and a function's process run by AWS's own runtime client.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.local_aws.raw_http import Call, Server

FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:under-test:live"
_PREFIX = "/2018-06-01/runtime"


class ProcessDiedError(AssertionError):
    """The function's process ended, or did not answer in time."""


class Reply:
    """What the function answered: `error` says that the client reported a failed invocation."""

    def __init__(self, request_id: str, body: bytes, error: bool) -> None:
        self.request_id = request_id
        self.body = body
        self.error = error
        self.received = time.perf_counter()

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


class LambdaProcess:
    """One execution environment: `python -m awslambdaric <handler>` in a directory of code.

    Times are of `time.perf_counter`, in seconds: `spawned` when the process was started,
    `initialised` when it first asked for work, None before. `lines` is what it has printed.
    """

    def __init__(
        self,
        code: Path,
        handler: str,
        *,
        environ: Mapping[str, str] | None = None,
        python: str = sys.executable,
        remaining_ms: int = 10_000,
        log: Path | None = None,
    ) -> None:
        """`log` is a file for what the process prints, which then costs nobody's waking up;
        `lines` stays empty."""
        self._command = [python, "-m", "awslambdaric", handler]
        self._code = code
        self._environ = dict(environ or {})
        self._remaining_ms = remaining_ms
        self._log = log
        self._events: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._replies: queue.Queue[Reply] = queue.Queue()
        self._count = 0
        self._server = Server(self._respond)
        self.lines: list[str] = []
        self.init_error: bytes | None = None
        self.spawned = 0.0
        self.initialised: float | None = None

    def __enter__(self) -> LambdaProcess:
        self._server.start()
        environ = {
            "PATH": "/usr/bin:/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_LAMBDA_FUNCTION_NAME": "under-test",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.port}",
            # The client encodes responses by it: without it a lone surrogate does no harm.
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.14",
            "LAMBDA_TASK_ROOT": str(self._code),
            "_HANDLER": self._command[-1],
            **self._environ,
        }
        self.spawned = time.perf_counter()
        with contextlib.ExitStack() as opened:
            output = (
                subprocess.PIPE
                if self._log is None
                else opened.enter_context(open(self._log, "wb"))
            )
            self.process = subprocess.Popen(
                self._command,
                cwd=self._code,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if self._log is None:
            threading.Thread(target=self._collect, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._server.close()

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))

    def _respond(self, call: Call) -> bool | None:
        route = call.path.removeprefix(_PREFIX)
        if route == "/invocation/next":
            return self._hand_over(call)
        call.answer(202, b'{"status":"OK"}', Content_Type="application/json")
        if route == "/init/error":
            self.init_error = call.body
            return None
        _, _, request_id, outcome = route.split("/")
        self._replies.put(Reply(request_id, call.body, outcome == "error"))
        return None

    def _hand_over(self, call: Call) -> bool | None:
        if self.initialised is None:
            self.initialised = time.perf_counter()
        while not self._server.stopped.is_set():
            try:
                request_id, body = self._events.get(timeout=0.5)
            except queue.Empty:
                continue
            call.answer(
                200,
                body,
                Content_Type="application/json",
                Lambda_Runtime_Aws_Request_Id=request_id,
                Lambda_Runtime_Trace_Id="Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0",
                Lambda_Runtime_Deadline_Ms=str(int(time.time() * 1000) + self._remaining_ms),
                Lambda_Runtime_Invoked_Function_Arn=FUNCTION_ARN,
            )
            return None
        return False

    def invoke(self, event: object, *, timeout: float = 20.0) -> Reply:
        """Hands over one event and waits for the answer; raises `ProcessDiedError` for none.

        `event` is encoded as JSON unless it is bytes already.
        """
        self._count += 1
        request_id = f"00000000-0000-4000-8000-{self._count:012d}"
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self._events.put((request_id, body))
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                reply = self._replies.get(timeout=0.1)
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            assert reply.request_id == request_id
            return reply
        raise ProcessDiedError(
            f"no answer; exit code {self.process.poll()}; output: {self._last_lines()}"
        )

    def _last_lines(self) -> list[str]:
        lines = self.lines if self._log is None else self._log.read_text("utf-8").splitlines()
        return lines[-5:]

    def cpu_seconds(self) -> float:
        """Seconds of a processor that all of the process's threads have used so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def memory_kb(self, field: str = "VmRSS") -> int:
        """A line of the process's /proc status: VmRSS now, VmHWM at most so far, in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(x.split()[1]) for x in status.splitlines() if x.startswith(field + ":"))

"""The local AWS: one process on loopback that speaks S3, CloudFormation, Lambda and API Gateway."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tools import PROJECT
from tools.local_aws.failure import LocalRunFailed

ACCOUNT = "000000000000"
REGION = "us-east-1"
_READY_WITHIN_SECONDS = 60
_STOP_WITHIN_SECONDS = 5


def free_port() -> int:
    """Return a TCP port that is free on loopback at the moment of asking."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Emulator:
    """The emulator's process, as a context manager.

    Args:
        port: TCP port to listen on, on loopback only.
        log: file that receives everything the emulator and its functions print.
        variables: more of them for its functions, which see what it has in its environment.

    Raises:
        LocalRunFailed: on entering, where the port is taken, the emulator is not installed,
            or it does not become ready.
    """

    def __init__(self, *, port: int, log: Path, variables: Mapping[str, str] | None = None) -> None:
        self._variables = dict(variables or {})
        self.port = port
        self.log = log
        self.url = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._home: str | None = None

    def __enter__(self) -> Emulator:
        self._refuse_taken_port()
        self._home = tempfile.mkdtemp(prefix="local-aws-")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(self._python()), "-m", "ministack"],
                env=self._environment(self._home),
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether the emulator's process is running."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The emulator's process, the parent of those of its functions; None while none runs."""
        return None if self._process is None else self._process.pid

    def stop(self) -> None:
        """End the emulator with every function process it started, and remove its files."""
        if self._process is not None:
            # A pending custom resource keeps it from heeding SIGTERM; the group gets SIGKILL then.
            for signal_number in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self._process.pid, signal_number)
                    self._process.wait(timeout=_STOP_WITHIN_SECONDS)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue
            self._process.wait()
            self._process = None
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def client_environment(self) -> dict[str, str]:
        """Return the variables that point an AWS client at this emulator and at nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def _python(self) -> Path:
        python = PROJECT / ".venv-emulator" / "bin" / "python"
        if not python.exists():
            raise LocalRunFailed("The local AWS is not installed. Run: make setup")
        return python

    def _environment(self, home: str) -> dict[str, str]:
        # Built from nothing: the emulator passes what it has on to every function it runs.
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "TMPDIR": home,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "localhost",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "INFO",
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.14",
            **self._variables,
        }

    def _refuse_taken_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise LocalRunFailed(
                    f"Port {self.port} on 127.0.0.1 cannot be used ({error.strerror}). "
                    "Stop what listens there, or choose another: make demo PORT=4600"
                ) from None

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < deadline:
            if not self.alive:
                raise LocalRunFailed(f"The local AWS ended while starting. Its log: {self.log}")
            try:
                with opener.open(f"{self.url}/_ministack/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise LocalRunFailed(
            f"The local AWS was not ready within {_READY_WITHIN_SECONDS} s. Its log: {self.log}"
        )

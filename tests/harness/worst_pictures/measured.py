"""What pictures cost the function as it is deployed, by AWS's runtime client."""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stacks.config.services import SERVICES
from tests.harness.picture_server import ImageServer, image_server
from tools.local_aws.events import binary, rest
from tools.local_aws.fake_s3 import FakeS3
from tools.local_aws.runtime_api import LambdaProcess
from tools.local_aws.served_models import LAMBDA_SRC, VARIANTS
from tools.local_aws.small_model import place

[SERVICE] = [service for service in SERVICES if service.name == "clothes"]
[_VARIANT] = [variant for variant in VARIANTS if variant.service == SERVICE]
MB_PER_PROCESSOR = 1_769
SHARE = SERVICE.memory / MB_PER_PROCESSOR
"""Of a processor, which Lambda gives to the function."""
_PERIOD = 0.02


@dataclass(frozen=True)
class Cost:
    """An answer, and what it took: `cpu` of all threads and `wall`, in seconds, and `memory`, the
    most that the process has ever had, in MB."""

    answer: Any
    cpu: float
    wall: float
    memory: float


class Function:
    """A running function and a web server of pictures for it."""

    def __init__(self, process: LambdaProcess, images: ImageServer) -> None:
        self.process = process
        self.images = images

    def by_address(self, *pictures: bytes) -> Cost:
        """Asks for pictures that the web server has."""
        self.images.files = {f"/{number}": data for number, data in enumerate(pictures)}
        instances = [{"url": self.images.url + path} for path in self.images.files]
        return self._ask(rest(json.dumps({"instances": instances}), "application/json"))

    def in_base64(self, *pictures: bytes) -> Cost:
        """Asks about pictures that stand in the question."""
        instances = [{"b64": base64.b64encode(data).decode()} for data in pictures]
        return self._ask(rest(json.dumps({"instances": instances}), "application/json"))

    def in_the_body(self, picture: bytes) -> Cost:
        """Asks about a picture that is the question."""
        return self._ask(binary(picture, "image/png"))

    def _ask(self, event: dict[str, Any]) -> Cost:
        before, started = self.process.cpu_seconds(), time.monotonic()
        event = {**event, "resource": "/predict", "path": "/predict"}
        answer = self.process.invoke(event, timeout=120.0).payload
        return Cost(
            answer,
            self.process.cpu_seconds() - before,
            time.monotonic() - started,
            self.process.memory_kb("VmHWM") / 1_024,
        )

    @contextmanager
    def at_share(self, share: float) -> Iterator[None]:
        """Lets the process run for that share of the time only, as Lambda does."""
        done = threading.Event()

        def throttle() -> None:
            while not done.wait(_PERIOD * share):
                os.kill(self.process.process.pid, signal.SIGSTOP)
                time.sleep(_PERIOD * (1 - share))
                os.kill(self.process.process.pid, signal.SIGCONT)

        thread = threading.Thread(target=throttle)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


@contextmanager
def function() -> Iterator[Function]:
    """Runs the function as the registry has it, allowed to fetch from loopback."""
    with image_server() as images, FakeS3() as s3:
        environ = {
            **place(s3, _VARIANT.files, SERVICE.name),
            "FETCH_ALLOW": "loopback",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(SERVICE.memory),
        }
        remaining = SERVICE.timeout * 1_000
        with LambdaProcess(
            LAMBDA_SRC, SERVICE.handler, environ=environ, remaining_ms=remaining
        ) as process:
            yield Function(process, images)

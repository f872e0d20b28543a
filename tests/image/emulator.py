"""What AWS's base image brings for a container on one's own machine, for the stand-in of it.

`python3 -m tests.image.emulator HANDLER` answers port 8080 as AWS's Runtime Interface Emulator
does, and has AWS's runtime client run the handler.
"""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tests.harness.runtime_api import LambdaProcess

PORT = 8080
INVOCATIONS = "/2015-03-31/functions/function/invocations"


def serve(handler: str, folder: Path) -> None:
    """Hand every event that is posted to one function process, and answer what it answers."""
    started: list[float] = []
    with LambdaProcess(folder, handler, environ=dict(os.environ), remaining_ms=28_000) as function:

        class Invocations(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                known = self.path == INVOCATIONS
                answer = function.invoke(event, timeout=28).body if known else b"{}"
                if function.initialised is not None and not started:
                    took = (function.initialised - function.spawned) * 1000
                    started.append(took)
                    print(f"INIT_REPORT Init Duration: {took:.0f} ms", flush=True)
                for line in function.lines:
                    print(line, flush=True)
                function.lines.clear()
                self.send_response(200 if known else 404)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """The function's own lines are the log."""

        HTTPServer(("", PORT), Invocations).serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], Path(os.environ["LAMBDA_TASK_ROOT"]))

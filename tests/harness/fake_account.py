"""What AWS answers a preflight about an account: who it is, its bootstrap, quota and stacks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

_IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>"
)
_TEMPLATE = (
    "<GetTemplateResponse><GetTemplateResult><TemplateBody>{body}</TemplateBody>"
    "</GetTemplateResult></GetTemplateResponse>"
)
_NO_STACK = (
    "<ErrorResponse><Error><Code>ValidationError</Code><Message>does not exist</Message></Error>"
    "</ErrorResponse>"
)


@contextmanager
def fake_account(
    *, quota: int | None, reserved: int = 0, stacks: Mapping[str, int] | None = None
) -> Iterator[dict[str, str]]:
    """The variables with which an AWS client asks an account on loopback.

    `quota` is that of concurrent executions, None where the caller may not ask; `reserved` of it
    are reserved, by whomever; `stacks` are deployed ones, each with what a function of it reserves.
    """

    class Connection(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if quota is None:
                self._send(403, json.dumps({"Message": "not authorized"}))
                return
            limits = {
                "ConcurrentExecutions": quota,
                "UnreservedConcurrentExecutions": quota - reserved,
            }
            self._send(200, json.dumps({"AccountLimit": limits}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            if self.headers.get("X-Amz-Target", "").endswith(".GetParameter"):
                self._send(200, json.dumps({"Parameter": {"Value": "21"}}))
                return
            parameters = parse_qs(body)
            if parameters["Action"] == ["GetCallerIdentity"]:
                self._send(200, _IDENTITY)
                return
            held = (stacks or {}).get(parameters["StackName"][0])
            if held is None:
                self._send(400, _NO_STACK)
                return
            function = {
                "Type": "AWS::Lambda::Function",
                "Properties": {"ReservedConcurrentExecutions": held},
            }
            template = json.dumps({"Resources": {"F": function, "L": {"Type": "AWS::Logs::X"}}})
            self._send(200, _TEMPLATE.format(body=escape(template)))

        def _send(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1",
            "NO_PROXY": "127.0.0.1",
        }
    finally:
        server.shutdown()
        server.server_close()

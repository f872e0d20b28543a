"""`make serve`: the services on this machine until Ctrl-C."""

from __future__ import annotations

import time
from pathlib import Path

from stacks.config.selection import SERVICE
from tools.local_aws.emulator import free_port
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.session import local_services, remove_endpoints, write_endpoints
from tools.smoke import example

DEFAULT_PORT = 4566
_PICTURE = "  curl --data-binary @picture.jpg -H 'Content-Type: image/jpeg' {url}"
_EXAMPLE = (
    """  python3 -c 'import json; print(json.load(open("{event}"))["body"])' | curl -d @- {url}"""
)


def serve(*, port: int | None, logs: Path, service: str | None) -> None:
    """Bring one service or all up, print how to call it, and stay until interrupted.

    Args:
        port: 0 for any free port, None for `DEFAULT_PORT`.
        logs: folder for the logs, which lie in one named by the port: others may serve, too.

    Raises:
        LocalRunFailed: if a step fails or the emulator dies while serving.
    """
    chosen = free_port() if port == 0 else port or DEFAULT_PORT
    with local_services(
        port=chosen,
        logs=logs / str(chosen),
        context={SERVICE: service} if service else {},
        say=lambda line: print(f"  · {line}", flush=True),
    ) as local:
        write_endpoints(local.endpoints)
        print("\nServing. Ctrl-C ends it.\n")
        for name, url in sorted(local.endpoints.items()):
            print(f"  {name:<14} {url}")
        print("\nTry:")
        if "spam_or_ham" in local.endpoints:
            print(f"  curl -d 'free prize, call now' {local.endpoints['spam_or_ham']}")
        for name in sorted(local.endpoints.keys() - {"spam_or_ham"}):
            request = example(name)
            if request is None:
                continue
            line = _PICTURE if request.content_type.startswith("image/") else _EXAMPLE
            print(line.format(event=f"examples/{name}.json", url=local.endpoints[name]))
        for name in ("spam_or_ham", "clothes"):
            if name in local.endpoints:
                root = local.endpoints[name].rpartition("/")[0]
                print(f"  a page to try {name}: {root}/", flush=True)
        try:
            while local.emulator.alive:
                time.sleep(0.5)
        except KeyboardInterrupt:
            print("\nstopping", flush=True)
            return
        finally:
            remove_endpoints(local.endpoints)
        raise LocalRunFailed(f"The local AWS died. Its log: {local.emulator.log}")

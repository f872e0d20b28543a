"""`make serve`: the services on this machine, at one address, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from stacks.config.selection import SERVICE
from stacks.config.services import SERVICES
from tools import PROJECT
from tools.local_aws.emulator import free_port
from tools.local_aws.failure import LocalRunFailed
from tools.local_aws.index_page import contents, curl_line, roots, stable_url
from tools.local_aws.proxy import ServiceProxy
from tools.local_aws.session import (
    LocalServices,
    known,
    local_services,
    remove_endpoints,
    write_endpoints,
)
from tools.local_aws.watched import Watched

DEFAULT_PORT = 8080
_WATCHED = ("lambda_src", "stacks", "build/models", "model_training")


def serve(*, port: int | None, logs: Path, service: str | None, watch: bool = False) -> None:
    """Bring one service or all up, print how to call it, and stay until interrupted.

    Args:
        port: 0 for any free port, None for `DEFAULT_PORT`.
        logs: folder for the logs, which lie in one named by the port: others may serve, too.
        watch: deploy what is changed meanwhile.

    Raises:
        LocalRunFailed: if the port is taken, a step fails or the emulator dies while serving.
    """
    # Before anything is deployed: the port may be taken.
    proxy = ServiceProxy(DEFAULT_PORT if port is None else port)
    context = {SERVICE: service} if service else {}
    try:
        with local_services(
            port=free_port(),
            logs=logs / str(proxy.port),
            context=context,
            say=lambda line: print(f"  · {line}", flush=True),
        ) as local:
            watched = Watched(PROJECT / name for name in _WATCHED) if watch else None
            _serve(proxy, local, watched, context)
    finally:
        proxy.close()


def _deploy_again(
    local: LocalServices, changed: Sequence[Path], context: Mapping[str, str]
) -> None:
    """Deploys what was changed; what fails is said, and what ran before still runs."""
    names = ", ".join(str(file.relative_to(PROJECT)) for file in changed[:3])
    print(f"  · {names}{', …' if len(changed) > 3 else ''} changed: deploying", flush=True)
    try:
        local.deployment.deploy(context=context, hotswap=True)
    except LocalRunFailed as failure:
        if not local.emulator.alive:
            raise
        print(f"  · {failure}", flush=True)
    else:
        print("  · deployed", flush=True)


def _serve(
    proxy: ServiceProxy,
    local: LocalServices,
    watched: Watched | None,
    context: Mapping[str, str],
) -> None:
    """Puts the running services behind the address, until interrupted."""
    services = [service for service in SERVICES if service.name in local.endpoints]
    stable = {service.name: stable_url(proxy.url, service) for service in services}
    proxy.route(roots(local.endpoints, services), contents(proxy.url, services))
    with proxy, known(local):
        write_endpoints(stable)
        print(f"\nServing at {proxy.url}/, the same over restarts. Ctrl-C ends it.\n")
        for service in services:
            page = f"   a page to try it: {proxy.url}/{service.name}/" if service.has_page else ""
            print(f"  {service.name:<14} {stable[service.name]}{page}")
        print("\nTry:")
        for service in services:
            print(f"  {curl_line(proxy.url, service)}")
        print(f"\nThe local AWS itself: {local.emulator.url}", flush=True)
        try:
            while local.emulator.alive:
                time.sleep(0.5)
                if watched is not None and (changed := watched.changed()):
                    _deploy_again(local, changed, context)
        except KeyboardInterrupt:
            print("\nstopping", flush=True)
            return
        finally:
            remove_endpoints(stable)
    raise LocalRunFailed(f"The local AWS died. Its log: {local.emulator.log}")

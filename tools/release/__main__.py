"""`python -m tools.release status|rollback|restore|resume|logs|drift|moved|put-live|forget`."""

from __future__ import annotations

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

from stacks.config.services import SERVICES
from tools import PROJECT
from tools.release import drift, status
from tools.release.brake import is_stopped, resume
from tools.release.failure import ReleaseFailed
from tools.release.logs import show_logs
from tools.release.places import Place, place_of
from tools.release.restore import restore
from tools.release.roles import forget_roles
from tools.release.rollback import put_live, rollback
from tools.release.versions import LiveService, find_service, service_in

_NAMES = [service.name for service in SERVICES]


def main() -> int:
    """Run one command; a failure is one line on standard error and exit status 1."""
    chosen = _parser().parse_args()
    try:
        _run(place_of(chosen.stage), chosen)
    except KeyboardInterrupt:
        return 130
    except ReleaseFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS refuses: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, needs_service in (
        ("status", False), ("moved", False), ("put-live", False), ("forget", False),
        ("rollback", True), ("restore", True), ("resume", True), ("logs", True), ("drift", True),
    ):  # fmt: skip
        command = commands.add_parser(name)
        command.add_argument("--stage", default="dev")
        command.add_argument("--service", choices=_NAMES, required=needs_service)
        if name == "rollback":
            command.add_argument("--to", help="a model version; else the version before")
        if name == "drift":
            command.add_argument("--days", type=int, default=14, choices=range(1, 366), metavar="N")
        if name == "logs":
            command.add_argument("--follow", action="store_true")
        if name == "restore":
            command.add_argument("--model-version", required=True)
    return parser


def _run(place: Place, chosen: argparse.Namespace) -> None:
    services = [each for each in SERVICES if chosen.service in (None, each.name)]
    match chosen.command:
        case "rollback":
            rollback(place, service_in(place, services[0]), chosen.to)
        case "restore":
            [service] = services
            restore(place, service, chosen.model_version, PROJECT / service.model_folder)
        case "drift":
            _show_drift(place, service_in(place, services[0]), chosen.days)
        case "logs":
            show_logs(place, service_in(place, services[0]), follow=chosen.follow)
        case "resume":
            resume(place, service_in(place, services[0]))
        case "forget":
            for service in services:
                forget_roles(place, service)
        case "status":
            print(status.heading(place))
            for service in services:
                live = find_service(place, service)
                if live is None:
                    print(f"{service.name}: not deployed")
                else:
                    print(*status.lines(live, stopped=is_stopped(place, live)), sep="\n")
        case _:
            found = [live for each in services if (live := find_service(place, each))]
            for live in found:
                if chosen.command == "put-live":
                    put_live(place, live)
            if chosen.command == "moved":
                _say_moved([live.service.name for live in found if live.moved])


def _show_drift(place: Place, live: LiveService, days: int) -> None:
    reference = drift.reference_of(place, live)
    shares = ", ".join(f"{name} {share:.3f}" for name, share in reference.items())
    print(f"{live.service.name}, model {live.live.model_version}, expected: {shares}")
    print(*drift.lines(reference, drift.days_of(place, live, list(reference), days)), sep="\n")


def _say_moved(names: list[str]) -> None:
    """On standard error, of which services the alias was moved since their last deployment; and,
    for the CLI's command line, that this deployment is not to go by steps, which begin where the
    last deployment ended."""
    if names:
        print(
            f"The alias live of {', '.join(names)} was moved since the last deployment; this one "
            "moves it straight to the version it deploys, without steps.",
            file=sys.stderr,
        )
        print("-c release=all_at_once")


if __name__ == "__main__":
    sys.exit(main())

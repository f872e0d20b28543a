"""`python -m tools.price`: what the stage in cdk.out costs, before it is deployed."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from batch import prices

from model_training.publishing.manifests import ArtifactError
from stacks.config.model_service import ModelService
from stacks.config.services import SERVICES
from tools import PROJECT
from tools.local_aws.runtime_api import ProcessDiedError
from tools.price.bill import Bill, Lines, Worker, bill, endpoint_month, idle
from tools.price.measured import Measured, measure

STORE = "ModelStore"


def main() -> int:
    """Print the bill; a failure is one line on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.price", description=__doc__)
    parser.add_argument("--rate", help="requests a second, of each service")
    parser.add_argument("--service", choices=[service.name for service in SERVICES])
    chosen = parser.parse_args()
    try:
        rate = None if chosen.rate is None else _rate(chosen.rate)
        services = [each for each in SERVICES if chosen.service in (None, each.name)]
        _print(services, rate, PROJECT / "cdk.out")
    except (ArtifactError, ValueError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1e6:
        raise ValueError(f"There is no rate {text!r}: give requests a second, like RATE=0.5")
    return rate


def _print(services: list[ModelService], rate: float | None, folder: Path) -> None:
    print(f"Prices of {prices.REGION}, {prices.READ}, without free tiers, in dollars:")
    print(*(f"  {source}" for source in prices.SOURCES), sep="\n")
    store = idle(_template(folder, STORE))
    print(f"model store: {sum(store.values()):.2f} a month")
    idles, months = sum(store.values()), sum(store.values())
    for service in services:
        try:
            measured = measure(service)
        except ProcessDiedError:
            measured = None
        if measured is None:
            print(f"{service.name}: skipped, as this machine cannot run its recorded example")
            continue
        worker = Worker(service.batch_memory, service.architecture)
        one = bill(_template(folder, service.stack_id), measured, worker)
        _print_service(service.name, one, measured, rate)
        idles += sum(one.idle.values())
        months += one.month(rate or 0.0)
    print(f"in all: {idles:.2f} a month idle", end="")
    print("" if rate is None else f", {months:.2f} a month at {rate:g} requests a second each")
    print(
        f"An endpoint of SageMaker with {prices.ENDPOINT}, always on: {endpoint_month():.2f} a "
        "month for each service, idle or not."
    )


def _print_service(name: str, one: Bill, measured: Measured, rate: float | None) -> None:
    print(
        f"{name}: {measured.source}, on a whole processor: {measured.cold_ms:.0f} ms cold, "
        f"{measured.warm_ms:.1f} ms warm with the client around it"
    )
    print(f"  idle            {_sum(one.idle)} a month")
    print(f"  with requests   {_sum(one.busy)} a month more")
    print(f"  million of them {_sum(one.million)}")
    if one.batch is not None:
        print(f"  million rows    {one.batch:.4f} in a batch job, where its entry says batch=True")
    if rate is not None:
        print(f"  at {rate:g} a second  {one.month(rate):.2f} a month")


def _sum(lines: Lines) -> str:
    parts = ", ".join(f"{what} {dollars:.2f}" for what, dollars in lines.items())
    return f"{sum(lines.values()):.2f} ({parts})" if lines else "0.00"


def _template(folder: Path, stack: str) -> Any:
    return json.loads((folder / f"{stack}.template.json").read_text())


if __name__ == "__main__":
    sys.exit(main())

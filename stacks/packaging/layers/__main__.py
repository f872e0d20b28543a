"""Build and check layers of the runtimes that need some.

With `--needed` only those that a deployment needs and that are not built yet, in one line each.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import get_args

from ...config.model_service import Architecture, UnknownChoice
from ...config.published_model import model_folder, wants_frame
from ...config.selection import selected
from ...config.services import SERVICES
from ...config.stages import TargetName, UnknownStage
from .build import build
from .built import CACHE, BuiltLayers, read_layers
from .errors import LayerError
from .libraries import LIBRARIES, Libraries, libraries_of, needs_layers
from .proof import prove
from .size_gate import UNZIPPED_LIMIT, ZIPPED_LIMIT, megabytes
from .target import Target, target_named


def main() -> int:
    """Build, print what came out; a failure is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument(
        "--runtime", choices=LIBRARIES, help="one runtime's layers only (default: all)"
    )
    parser.add_argument(
        "--target",
        choices=get_args(TargetName),
        default="lambda",
        help="Lambda, or this machine: what the local AWS runs functions on (default: lambda)",
    )
    parser.add_argument(
        "--needed", action="store_true", help="what a deployment lacks, and no more"
    )
    parser.add_argument(
        "-c", "--context", action="append", default=[], help="of that deployment: KEY=VALUE"
    )
    chosen = parser.parse_args()
    if chosen.needed:
        context = dict(each.partition("=")[::2] for each in chosen.context)
        try:
            build_needed(context)
        except (LayerError, UnknownChoice, UnknownStage) as refusal:
            print(refusal, file=sys.stderr)
            return 1
        return 0
    for runtime in [chosen.runtime] if chosen.runtime else LIBRARIES:
        for target in _targets(runtime, chosen.target):
            try:
                _make(LIBRARIES[runtime], target)
            except LayerError as refusal:
                print(refusal, file=sys.stderr)
                return 1
    return 0


def build_needed(context: Mapping[str, str]) -> None:
    """Build the layers that a deployment with this context needs and does not find; print a line
    for each runtime.

    A context that names a folder of layers is left to it. Raises `LayerError`, `UnknownChoice` or
    `UnknownStage`.
    """
    if context.get("layers"):
        return
    selection = selected(context.get)
    needing = [service for service in selection.deployed if needs_layers(service)]
    for service in needing:
        folder = model_folder(context.get("models"), service)
        libraries = libraries_of(service, frame=wants_frame(folder / "manifest.json"))
        target = target_named(selection.stage.layer_target, service.architecture)
        try:
            read_layers(CACHE, libraries, target)
        except LayerError:
            print(
                f"building the layers of {libraries.name} for {service.name}, Python "
                f"{target.python} on {target.machine} (once, about a minute)",
                flush=True,
            )
            built = build(libraries, target=target, cache=CACHE, say=lambda _: None)
            if target.name == "here":
                prove(built)


def _targets(runtime: str, name: TargetName) -> list[Target]:
    """For Lambda, each architecture that services with this runtime are registered for."""
    if name == "here":
        return [target_named(name)]
    registered = {service.architecture for service in SERVICES if service.runtime == runtime}
    usual: set[Architecture] = {"arm64"}
    return [target_named(name, architecture) for architecture in sorted(registered or usual)]


def _make(libraries: Libraries, target: Target) -> None:
    print(f"{libraries.name} for Python {target.python} on {target.machine}")
    built = build(libraries, target=target, cache=CACHE, say=print)
    if target.name == "here":
        prove(built)
        print("proven: imported and predicted from the layers in a clean process")
    _report(built)


def _report(built: BuiltLayers) -> None:
    print(f"\n  {'layer':<14} {'zipped':>10} {'unzipped':>10}  packages")
    for layer in built.layers:
        packages = ", ".join(f"{name} {version}" for name, version in layer.packages.items())
        sizes = f"{megabytes(layer.zipped):>10} {megabytes(layer.unzipped):>10}"
        print(f"  {layer.name:<14} {sizes}  {packages}")
    zipped = sum(layer.zipped for layer in built.layers)
    unzipped = sum(layer.unzipped for layer in built.layers)
    print(f"  {'all':<14} {megabytes(zipped):>10} {megabytes(unzipped):>10}")
    print(
        f"  limits: {megabytes(ZIPPED_LIMIT)} for each zip, "
        f"{megabytes(UNZIPPED_LIMIT)} unzipped for the function and all its layers\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m stacks.layers [--target lambda|here]`: build and check the scikit-learn layers."""

from __future__ import annotations

import argparse
import sys
from typing import get_args

from stacks.layers.build import build
from stacks.layers.built import CACHE, LOCK, BuiltLayers
from stacks.layers.errors import LayerError
from stacks.layers.proof import prove
from stacks.layers.size_gate import UNZIPPED_LIMIT, ZIPPED_LIMIT, megabytes
from stacks.layers.target import TargetName, target_named


def main() -> int:
    """Build, print what came out; a failure is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m stacks.layers", description=__doc__)
    parser.add_argument(
        "--target",
        choices=get_args(TargetName),
        default="lambda",
        help="Lambda, or this machine: what the local AWS runs functions on (default: lambda)",
    )
    target = target_named(parser.parse_args().target)
    try:
        built = build(lock=LOCK, target=target, cache=CACHE, say=print)
        if target.name == "here":
            prove(built)
            print("proven: imported, fitted and predicted from the layers in a clean process")
    except LayerError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    _report(built)
    return 0


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
        f"{megabytes(UNZIPPED_LIMIT)} unzipped for the function and all its layers"
    )


if __name__ == "__main__":
    sys.exit(main())

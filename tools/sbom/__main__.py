"""Writes a bill of each function of cdk.out and of each lock to build/sbom."""

from __future__ import annotations

import argparse
import sys
from itertools import chain
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import PROJECT
from tools.sbom.functions import function_bills
from tools.sbom.locks import tool_bills


def main() -> int:
    """Write and validate; what no validator takes is one line and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m tools.sbom", description=__doc__)
    parser.add_argument("--assembly", type=Path, default=PROJECT / "cdk.out")
    parser.add_argument("--output", type=Path, default=PROJECT / "build" / "sbom")
    chosen = parser.parse_args()
    if not any(chosen.assembly.glob("*.template.json")):
        print(f"There are no templates in {chosen.assembly}; run: make synth", file=sys.stderr)
        return 1
    chosen.output.mkdir(parents=True, exist_ok=True)
    for old in chosen.output.glob("*.cdx.json"):
        old.unlink()
    written = 0
    for name, bom in chain(function_bills(chosen.assembly), tool_bills()):
        text = rendered(bom)
        if (error := invalid(text)) is not None:
            print(f"The bill of {name} is not CycloneDX: {error}", file=sys.stderr)
            return 1
        (chosen.output / f"{name}.cdx.json").write_text(text, encoding="utf-8")
        written += 1
    print(f"{written} bills of materials in {chosen.output}, each valid CycloneDX 1.6")
    return 0


def rendered(bom: Bom) -> str:
    """A bill as CycloneDX 1.6 in JSON."""
    return JsonV1Dot6(bom).output_as_string(indent=1)


def invalid(text: str) -> str | None:
    """What the schema, taken strictly, has against a bill; None if nothing."""
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return None if error is None else str(error.data.message)


if __name__ == "__main__":
    sys.exit(main())

"""Every planted defect, and what catches it."""

from __future__ import annotations

import copy
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.reliability.defects.assembly import Assembly
from tools.reliability.defects.code_defect import CodeDefect
from tools.reliability.defects.code_defects import CODE_DEFECTS
from tools.reliability.defects.code_tests import caught_by
from tools.reliability.defects.picture_defects import PICTURE_DEFECTS
from tools.reliability.defects.template_defects import TEMPLATE_DEFECTS, TemplateDefect


def _mutate(assembly: Assembly, folder: Path, defect: TemplateDefect) -> dict[str, Any]:
    """A copy of an assembly in `folder` with the one template changed, which is returned."""
    template = copy.deepcopy(assembly.template(defect.stack))
    defect.change(template)
    folder.mkdir()
    for file in assembly.folder.iterdir():
        if file.name != f"{defect.stack}.template.json":
            (folder / file.name).symlink_to(file)
    (folder / f"{defect.stack}.template.json").write_text(json.dumps(template))
    return template


def run_templates(defects: Sequence[TemplateDefect]) -> list[dict[str, object]]:
    """One row per defect: the rules and the first of our assertions that catch it."""
    from tools.reliability.defects.assembly import Assembly
    from tools.reliability.defects.template_gates import findings
    from tools.reliability.defects.template_tests import Assertions

    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        assertions = Assertions(root / "original")
        mutants = {
            f"Mutant{number}": _mutate(
                assertions.original(defect.stage), root / f"Mutant{number}", defect
            )
            for number, defect in enumerate(defects)
        }
        originals = {
            f"Good-{stage}-{stack}": assertions.original(stage).template(stack)
            for stage, stack in {(defect.stage, defect.stack) for defect in defects}
        }
        caught = findings({**mutants, **originals}, root)
        for number, defect in enumerate(tqdm(defects, unit="template")):
            name = f"Mutant{number}"
            rules = caught[name] - caught[f"Good-{defect.stage}-{defect.stack}"]
            rows.append(
                {
                    "kind": "template",
                    "name": defect.name,
                    "rules": sorted({rule for rule, _ in rules}),
                    "test": assertions.first_failure(defect.stage, Assembly(root / name)),
                }
            )
    return rows


def run_code(defects: Sequence[CodeDefect]) -> list[dict[str, object]]:
    """One row per defect: the first test that fails where the code has it."""
    rows: list[dict[str, object]] = []
    for defect in tqdm(defects, unit="mutation"):
        try:
            test = caught_by(defect)
        except (ValueError, RuntimeError) as error:
            # One that cannot be planted proves nothing, and should not hide what the others show.
            print(error, file=sys.stderr)
            test = None
        rows.append({"kind": "code", "name": defect.name, "rules": [], "test": test})
    return rows


def run(only: str | None = None) -> dict[str, Any]:
    """Plants every defect, or those whose name contains `only`; prints and returns the table."""
    templates = [d for d in TEMPLATE_DEFECTS if only is None or only in d.name]
    code = [d for d in (*CODE_DEFECTS, *PICTURE_DEFECTS) if only is None or only in d.name]
    rows = (run_templates(templates) if templates else []) + run_code(code)
    for row in rows:
        rules = ", ".join(map(str, row["rules"])) if isinstance(row["rules"], list) else ""
        caught = "; ".join(filter(None, (rules, str(row["test"] or ""))))
        print(f"{row['kind']:9} {row['name']:36} {caught or 'SURVIVES'}")
    survivors = [row["name"] for row in rows if not row["rules"] and not row["test"]]
    print(f"{len(rows)} defects, {len(rows) - len(survivors)} caught")
    return {"defects": rows, "survivors": survivors}

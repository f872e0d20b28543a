"""The gates over mutated templates: one synthesis in which every mutant is a stack of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import cloudformation_include as include

from stacks.gates import register_gates
from tools.reliability.defects.assembly import cdk_context, synth

Findings = dict[str, set[tuple[str, str]]]


def findings(templates: Mapping[str, dict[str, object]], folder: Path) -> Findings:
    """(rule, place within the template) of everything the gates find, by the template's name."""
    app = cdk.App(context=cdk_context(), outdir=str(folder / "out"))
    register_gates(app)
    for name, template in templates.items():
        file = folder / f"{name}.json"
        file.write_text(json.dumps(template))
        # The template brings the rule along already.
        synthesizer = cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
        stack = cdk.Stack(app, name, synthesizer=synthesizer)
        include.CfnInclude(stack, "Template", template_file=str(file))
    by_template: Findings = {name: set() for name in templates}
    assembly = synth(app, folder / "out")
    if not (assembly.folder / "validation-report.json").exists():
        raise RuntimeError(f"the mutants could not be synthesized: {assembly.error}")
    for rule, place in assembly.findings():
        _, stack_id, *rest = place.split("/")
        if stack_id in by_template:
            by_template[stack_id].add((rule, "/".join(rest)))
    return by_template

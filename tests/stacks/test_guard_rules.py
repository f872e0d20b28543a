"""Every rule of ours finds what it is there for: one bad resource each, all in one synthesis."""

from __future__ import annotations

import re

import aws_cdk as cdk
import pytest

from stacks.gates import register_gates
from tests.stacks.guard_rule_cases import CASES
from tools import PROJECT
from tools.reliability.defects.assembly import cdk_context, synth

RULES = {
    rule
    for file in (PROJECT / "stacks" / "rules").glob("*.guard")
    for rule in re.findall(r"^rule (\w+)", file.read_text(), re.MULTILINE)
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """(rule, stack) of every finding in an app with one good and one bad resource per case."""
    folder = tmp_path_factory.mktemp("guard-rules")
    app = cdk.App(context=cdk_context(), outdir=str(folder))
    register_gates(app)
    for index, (_, type_, good, change) in enumerate(CASES):
        worse = {**good, **change}
        bad = {name: value for name, value in worse.items() if value is not None}
        cdk.CfnResource(cdk.Stack(app, f"Bad{index}"), "It", type=type_, properties=bad)
        cdk.CfnResource(cdk.Stack(app, f"Good{index}"), "It", type=type_, properties=good)
    assembly = synth(app, folder)
    assert assembly.error is not None
    return {(rule, place.split("/")[1]) for rule, place in assembly.findings()}


@pytest.mark.parametrize("index", range(len(CASES)), ids=lambda i: f"{i}-{CASES[i][0].lower()}")
def test_a_breach_is_found(findings: set[tuple[str, str]], index: int) -> None:
    assert (CASES[index][0], f"Bad{index}") in findings


def test_what_is_right_is_left_alone(findings: set[tuple[str, str]]) -> None:
    # The first is bad by existing, the second by an attribute that is no property.
    no_good_form = {"PERMISSIONS_ARE_PART_OF_THE_ROLE", "ROLLBACK_HAS_A_VERSION_TO_GO_BACK_TO"}
    mistaken = {(rule, stack) for rule, stack in findings if stack.startswith("Good")}
    assert {findings for findings in mistaken if findings[0] in RULES - no_good_form} == set()


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == RULES


def test_cloudformation_s_own_rules_run_beside_ours(findings: set[tuple[str, str]]) -> None:
    # F3003 is "a required property is missing": an S3 bucket policy without a policy, say.
    assert any(re.fullmatch(r"[EFW]\d{4}", rule) for rule, _ in findings)

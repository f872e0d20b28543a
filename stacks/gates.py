"""What every template must pass: cdk-nag, the CDK's own validation, and rules of ours."""

from __future__ import annotations

from functools import cache

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from .lambda_source import ROOT


def register_gates(app: cdk.App) -> None:
    """Let every synthesis fail on a finding that nobody acknowledged."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), _rules())


@cache
def _rules() -> cdk.CloudFormationValidatePlugin:
    """CloudFormation's rules and ours: compiling them takes seconds, and an app only reads them."""
    rules = [
        cdk.ValidationRuleSource(name=file.name, content=file.read_text(encoding="utf-8"))
        for file in sorted((ROOT / "stacks" / "rules").glob("*.guard"))
    ]
    return cdk.CloudFormationValidatePlugin(guard_rules=rules)

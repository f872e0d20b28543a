"""What continuous integration runs with: no action that can change, no more rights than needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.test_docs import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.y*ml"))
CI: dict[str, Any] = yaml.safe_load((PROJECT / ".github/workflows/ci.yml").read_text())
NIGHTLY: dict[Any, Any] = yaml.safe_load((PROJECT / ".github/workflows/nightly.yml").read_text())


def steps(job: dict[str, Any], action: str) -> list[dict[str, Any]]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit_and_says_which_release_that_is(workflow: Path) -> None:
    used = re.findall(r"uses: *(.+)", workflow.read_text())
    assert used
    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pinned.fullmatch(line)] == []


def test_no_checkout_keeps_credentials() -> None:
    for name, job in [*CI["jobs"].items(), *NIGHTLY["jobs"].items()]:
        [checkout] = steps(job, "actions/checkout")
        assert checkout["with"]["persist-credentials"] is False, name


def test_what_takes_long_is_run_every_night_with_no_more_rights_than_to_read() -> None:
    triggers = NIGHTLY[True]  # YAML 1.1 reads the key `on` so
    assert [set(each) for each in triggers["schedule"]] == [{"cron"}]
    jobs = NIGHTLY["jobs"].values()
    run = {step["run"] for job in jobs for step in job["steps"] if "run" in step}
    assert {"make judge", "make reliability"} <= run
    assert NIGHTLY["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in jobs)


def test_a_deployment_starts_by_hand_and_from_main_only() -> None:
    conditions = CI["jobs"]["deploy"]["if"].split(" && ")
    assert "github.event_name == 'workflow_dispatch'" in conditions
    assert "github.ref == 'refs/heads/main'" in conditions
    assert "||" not in CI["jobs"]["deploy"]["if"]
    assert CI["jobs"]["deploy"]["environment"] == "${{ inputs.stage }}"


def test_only_a_deployment_may_ask_aws_for_credentials() -> None:
    assert CI["permissions"] == {"contents": "read"}
    for name, job in CI["jobs"].items():
        may_ask = "id-token" in job.get("permissions", {})
        asks = bool(steps(job, "aws-actions/configure-aws-credentials"))
        assert may_ask is asks is (name == "deploy")

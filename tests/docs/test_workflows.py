"""What continuous integration runs with: no action that can change, no more rights than needed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.y*ml"))
CI: dict[str, Any] = yaml.safe_load((PROJECT / ".github/workflows/ci.yml").read_text())
RELEASE: dict[Any, Any] = yaml.safe_load((PROJECT / ".github/workflows/release.yml").read_text())
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
    checkouts = 0
    for workflow in WORKFLOWS:
        for name, job in yaml.safe_load(workflow.read_text())["jobs"].items():
            for checkout in steps(job, "actions/checkout"):
                assert checkout["with"]["persist-credentials"] is False, name
                checkouts += 1
    assert checkouts >= 9


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


def test_a_release_starts_by_hand_from_main_and_what_builds_it_may_only_read() -> None:
    assert set(RELEASE[True]) == {"workflow_dispatch"}
    assert RELEASE["permissions"] == {"contents": "read"}
    build, publish, site = (RELEASE["jobs"][name] for name in ("build", "publish", "site"))
    assert build["if"] == "github.ref == 'refs/heads/main'"
    assert "permissions" not in build
    assert publish["needs"] == "build"
    assert site["needs"] == "publish"
    # Who may write runs nothing of the checkout.
    for job in (publish, site):
        assert job["permissions"]["id-token"] == "write"
        assert steps(job, "actions/checkout") == []
    run = " ".join(step["run"] for step in build["steps"] if "run" in step)
    assert {"tools.changelog", ".ci/run", "audit", "wheel", "sbom", "site"} <= set(
        re.findall(r"[\w./]+", run)
    )
    [attested] = steps(publish, "actions/attest-build-provenance")
    assert attested["with"]["subject-path"] == "release/*.*"


def test_every_lock_is_audited_strictly_and_kept_up_to_date() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    assert re.search(r"pip-audit --strict .*--require-hashes", makefile)
    assert "make audit" in [step.get("run") for step in CI["jobs"]["audit"]["steps"]]
    kept = yaml.safe_load((PROJECT / ".github/dependabot.yml").read_text())["updates"]
    by_ecosystem = {each["package-ecosystem"]: each for each in kept}
    assert by_ecosystem.keys() == {"pip", "npm", "docker", "github-actions"}
    assert by_ecosystem["pip"]["directories"] == ["/", "/requirements"]
    assert (PROJECT / by_ecosystem["docker"]["directory"].strip("/") / "Dockerfile").is_file()

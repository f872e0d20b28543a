"""What the preflight says of an account, before anything is deployed to it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from stacks.config.services import SERVICES
from stacks.config.stages import STAGES
from tests.harness.fake_account import fake_account
from tools import PROJECT
from tools.preflight import main

NAMED = sum(service.reserved_concurrency or 0 for service in SERVICES)
IN_PROD = sum(
    service.reserved_concurrency or STAGES["prod"].reserved_concurrency or 0 for service in SERVICES
)
ZIPS = [f"-cpackage:{service.name}=zip" for service in SERVICES]


def preflight(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in this process, which has the SDK loaded, without what else it knows of AWS."""
    said, failed = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(failed):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        settings = {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        for name, value in {**settings, **environ}.items():
            patch.setenv(name, value)
        patch.chdir(PROJECT)
        patch.setattr(sys, "argv", ["preflight", *ZIPS, *arguments])
        status = main()
    return subprocess.CompletedProcess([], status, said.getvalue(), failed.getvalue())


def passed(finished: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    """What the CLI is to be told in addition, and the line that says what bounds the services."""
    assert finished.returncode == 0, finished.stderr
    [line] = finished.stderr.splitlines()
    *context, stacks = finished.stdout.splitlines()
    assert stacks == "--all"
    return " ".join(context), line


def refused(finished: subprocess.CompletedProcess[str]) -> str:
    assert finished.returncode == 1
    assert finished.stdout == ""
    [line] = finished.stderr.splitlines()
    return line


def test_a_new_account_is_deployed_to_without_reserving_anything() -> None:
    with fake_account(quota=10) as environ:
        context, line = passed(preflight(environ))
    assert context == ""
    assert line.startswith(
        f"This region's quota of 10 concurrent executions has no room for {NAMED} reserved ones. "
    )
    assert "the gateway's throttle (50 requests a second, bursts of 100)" in line
    assert "Nothing is reserved for breast_cancer: a Function URL has no throttle" in line


def test_where_the_quota_allows_the_reservation_is_used() -> None:
    with fake_account(quota=1_000) as environ:
        context, line = passed(preflight(environ))
    assert context == "-c reserve=yes"
    assert line.startswith("Reserved concurrent executions: breast_cancer 10, clothes 20. ")
    assert "Function URL" not in line


def test_what_others_have_reserved_is_no_room_and_what_this_stage_has_is() -> None:
    with fake_account(quota=100, reserved=100 - NAMED) as environ:
        context, line = passed(preflight(environ))
    assert (context, "no room" in line) == ("", True)
    ours = {"dev-breast-cancer": NAMED}
    with fake_account(quota=100, reserved=100 - NAMED, stacks=ours) as environ:
        assert passed(preflight(environ))[0] == "-c reserve=yes"
    theirs = {"prod-breast-cancer": NAMED}
    with fake_account(quota=100, reserved=100 - NAMED, stacks=theirs) as environ:
        assert passed(preflight(environ))[0] == ""


def test_production_needs_the_quota_and_says_how_much() -> None:
    with fake_account(quota=10) as environ:
        line = refused(preflight(environ, "-c", "stage=prod"))
    assert line.startswith(f"Cannot deploy yet; missing: a Lambda quota of {IN_PROD + 10} ")
    assert f"{IN_PROD} that the stage prod reserves, 0 that others have reserved and 10" in line
    assert "this region has 10; ask for more in Service Quotas" in line
    with fake_account(quota=IN_PROD + 10) as environ:
        context, line = passed(preflight(environ, "-c", "stage=prod"))
    assert (context, line.count("Nothing is reserved")) == ("", 0)


def test_a_word_of_the_context_goes_before_what_fits() -> None:
    with fake_account(quota=1_000) as environ:
        assert "breast_cancer 10" not in passed(preflight(environ, "-c", "reserve=no"))[1]
        assert passed(preflight(environ, "-c", "reserve=yes"))[0] == "", "the caller passes it on"
    with fake_account(quota=10) as environ:
        assert "a Lambda quota of" in refused(preflight(environ, "-c", "reserve=yes"))
        assert "yes|no" in refused(preflight(environ, "-c", "reserve=maybe"))


def test_whoever_may_not_ask_deploys_all_the_same() -> None:
    with fake_account(quota=None) as environ:
        context, line = passed(preflight(environ))
        assert (context, line.startswith("AWS does not tell this region's quota")) == ("", True)
        passed(preflight(environ, "-c", "stage=prod"))


def test_nothing_is_reserved_to_destroy() -> None:
    with fake_account(quota=10) as environ:
        finished = preflight(environ, "--destroy", "-c", "stage=prod")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "--all\n", "")


def test_of_one_service_the_store_is_deployed_and_not_destroyed() -> None:
    alone = ("-c", "service=breast_cancer")
    with fake_account(quota=1_000) as environ:
        context, line = passed(preflight(environ, *alone))
        destroyed = preflight(environ, "--destroy", *alone)
    assert context == "-c reserve=yes"
    assert line == "Reserved concurrent executions: breast_cancer 10."
    assert (destroyed.returncode, destroyed.stdout) == (0, "BreastCancer\n")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"AWS_PROFILE": "nope"}, "an AWS profile that exists (The config profile (nope) could"),
        ({"AWS_ENDPOINT_URL": "nowhere"}, "working AWS credentials (Invalid endpoint: nowhere"),
        ({"AWS_REGION": "a/b"}, "working AWS credentials (Provided region_name 'a/b'"),
        ({"AWS_MAX_ATTEMPTS": "some"}, "working AWS credentials (invalid literal"),
        ({"AWS_CONFIG_FILE": "Makefile"}, "working AWS credentials (Unable to parse config file"),
        (
            {"AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"},
            "working AWS credentials ([Errno 2]",
        ),
        ({"AWS_ACCESS_KEY_ID": "only"}, "working AWS credentials (Partial credentials"),
    ],
)
@pytest.mark.parametrize("destroy", [False, True])
def test_settings_that_cannot_be_used_are_one_sentence(
    environ: dict[str, str], said: str, destroy: bool, tmp_path: Path
) -> None:
    settings = {"AWS_REGION": "eu-central-1", "HOME": str(tmp_path), **environ}
    line = refused(preflight(settings, *["--destroy"] * destroy))
    assert line.startswith(f"Cannot {'destroy' if destroy else 'deploy'} yet; missing: {said}")

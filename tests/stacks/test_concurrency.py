"""What a service reserves for itself: always in production, elsewhere where somebody says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from stacks.config.concurrency import bounds, reservations, reserved_concurrency, reserving
from stacks.config.model_service import FunctionUrl, ModelService, UnknownChoice
from stacks.config.services import SERVICES
from stacks.config.stages import STAGES, Stage
from tools.reliability.defects.assembly import Assembly

DEV, PROD = STAGES["dev"], STAGES["prod"]
SPAM_OR_HAM = next(service for service in SERVICES if service.name == "spam_or_ham")
SHARING = replace(SPAM_OR_HAM, reserved_concurrency=None)
NAMED = [service for service in SERVICES if service.reserved_concurrency is not None]


def in_template(assembly: Assembly, service: ModelService) -> int | None:
    function = assembly.only(service.stack_id, "AWS::Lambda::Function", "Inference")["Properties"]
    reserved: int | None = function.get("ReservedConcurrentExecutions")
    return reserved


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_production_reserves_some_for_every_service(prod: Assembly, service: ModelService) -> None:
    default = PROD.reserved_concurrency
    assert default is not None
    assert in_template(prod, service) == (service.reserved_concurrency or default) >= 1


@pytest.mark.parametrize("stage", ["dev", "local"])
def test_a_new_account_s_quota_is_enough_for_development(
    stage: str, synthesized: Callable[[Stage], Assembly]
) -> None:
    """It is 10 executions, of which none can be reserved."""
    for service in SERVICES:
        assert in_template(synthesized(STAGES[stage]), service) is None


def test_development_reserves_what_entries_state_where_it_is_told_to(
    synthesized: Callable[[Stage], Assembly],
) -> None:
    reserving_dev = reserving(DEV, {"reserve": "yes"}.get)
    assert NAMED
    for service in SERVICES:
        assert in_template(synthesized(reserving_dev), service) == service.reserved_concurrency


def test_an_entry_s_number_goes_before_its_stage_s() -> None:
    assert reserved_concurrency(SHARING, PROD) == PROD.reserved_concurrency
    assert reserved_concurrency(replace(SHARING, reserved_concurrency=3), PROD) == 3
    assert reserved_concurrency(SHARING, reserving(DEV, {"reserve": "yes"}.get)) is None
    assert reserved_concurrency(NAMED[0], reserving(PROD, {"reserve": "no"}.get)) is None


def test_another_word_is_refused() -> None:
    with pytest.raises(UnknownChoice, match=r"no reserve 'maybe': choose -c reserve=yes\|no"):
        reserving(DEV, {"reserve": "maybe"}.get)
    assert reserving(DEV, {}.get) == DEV


def test_what_bounds_a_service_is_said() -> None:
    url = replace(SHARING, name="bare", endpoint=FunctionUrl(open_to_all=True))
    both = [SHARING, url]
    assert bounds(both, replace(PROD, reserved_concurrency=7)) == (
        f"Reserved concurrent executions: {SHARING.name} 7, bare 7."
    )
    said = bounds(both, replace(DEV, rate=3, burst=5))
    throttle = "the gateway's throttle (3 requests a second, bursts of 5)"
    assert f"Nothing is reserved for {SHARING.name}: {throttle} and the timeout bound" in said
    assert "reserved for bare: a Function URL has no throttle, so anybody may use up" in said
    closed = bounds(both, replace(DEV, auth="iam"))
    assert "Function URL" not in closed, "only whom IAM lets in may call it"
    assert reservations(both, DEV) == {}

"""The brake of a service, seen and lifted."""

from __future__ import annotations

from collections.abc import Callable

from tools.release.places import Place
from tools.release.versions import LiveService, stack_outputs

SHARED = "none"
"""The output of a stack whose function reserves nothing."""


def is_stopped(place: Place, live: LiveService) -> bool:
    """Whether the service may have no execution at all."""
    answer = place.client("lambda").get_function_concurrency(FunctionName=live.deployed.function)
    return bool(answer.get("ReservedConcurrentExecutions") == 0)


def resume(place: Place, live: LiveService, say: Callable[[str], None] = print) -> None:
    """Give the function back the executions that its stack reserves for it, if any."""
    name = live.service.name
    if not is_stopped(place, live):
        say(f"{name} is not stopped")
        return
    outputs = stack_outputs(place, live.service.stack_name(place.stage)) or {}
    reserved = outputs.get("ReservedConcurrency", SHARED)
    functions, function = place.client("lambda"), live.deployed.function
    if reserved == SHARED:
        functions.delete_function_concurrency(FunctionName=function)
    else:
        functions.put_function_concurrency(
            FunctionName=function, ReservedConcurrentExecutions=int(reserved)
        )
    say(f"{name} answers again")

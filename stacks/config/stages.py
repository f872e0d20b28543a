"""The deployment targets as data: constructs are handed values and never ask for a stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

from .release import RELEASES, Steps

TargetName = Literal["lambda", "here"]
"""What layers are built for: Lambda, or the machine at hand."""

Auth = Literal["open", "api_key", "iam"]
Egress = Literal["public", "loopback"]
Receiver = Literal["required", "advised", "none"]

# The retention periods that CloudWatch Logs accepts (PutRetentionPolicy), in days, up to a year.
_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365)


class UnknownStage(ValueError):
    """The stage asked for does not exist."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One deployment target.

    `retain`: data and what a rollback needs outlive their stack; otherwise everything goes.
    `log_retention_days` and `noncurrent_days` (old versions of bucket objects) are days;
    `rate` is requests per second, `burst` requests, both for the whole API.
    `auth`: who may call. `cors_origin`: the origin browsers may call from; None switches CORS off.
    `log_level`: of the functions' JSON logs.
    `account_logging`: make the account-wide role with which API Gateway writes logs. Switch it
    off in an account whose API Gateway settings somebody else owns.
    `layer_target`: the Python and machine that layers and byte code are made for.
    `container_images`: functions run from images; where not, those that could run from a zip.
    `egress`: which addresses a function may open that its callers name; those of this machine
    too ("loopback") is for tests, and a rule of ours refuses it in every other stage.
    `reserve`: services take concurrent executions out of the account's quota for themselves. Where
    not, a context may say so for one synthesis, and `make deploy` does where the quota allows.
    `reserved_concurrency`: how many, for a service whose entry states no number; None: none.
    `batch_concurrency`: ranges that a batch job scores at once; what the account's quota has more
    is left to callers.
    `release`: the steps in which a new version gets the requests; None: all at once.
    `code_deploy`: there is CodeDeploy, which takes those steps; where not, the hook that asks a
    version before traffic is there for whoever invokes it.
    `metric_math`: alarms may compute with metrics.
    `saved_queries`: queries of the logs can be saved.
    `alarm_receiver`: whether somebody has to be told of alarms; where that is only advised, a
    synthesis says so.
    `hourly_budget`: the dollars that a service's callers may spend in an hour before it is stopped.
    `slow_share`: the p99 duration that is worth an alarm, as a share of the function's timeout.
    """

    name: str
    retain: bool
    log_retention_days: int
    noncurrent_days: int
    rate: int
    burst: int
    auth: Auth = "open"
    cors_origin: str | None = None
    log_level: Literal["INFO", "DEBUG"] = "INFO"
    account_logging: bool = True
    layer_target: TargetName = "lambda"
    container_images: bool = True
    egress: Egress = "public"
    reserve: bool = False
    reserved_concurrency: int | None = None
    batch_concurrency: int = 4
    release: Steps | None = None
    code_deploy: bool = True
    metric_math: bool = True
    saved_queries: bool = True
    alarm_receiver: Receiver = "advised"
    hourly_budget: float = 1.0
    slow_share: float = 0.8

    def __post_init__(self) -> None:
        if self.log_retention_days not in _RETENTION_DAYS:
            raise ValueError(
                f"stage {self.name!r}: log_retention_days must be one of {_RETENTION_DAYS}, "
                f"not {self.log_retention_days}"
            )
        if self.auth not in get_args(Auth):
            raise ValueError(
                f"stage {self.name!r}: auth must be one of {get_args(Auth)}, not {self.auth!r}"
            )
        if self.egress not in get_args(Egress):
            raise ValueError(
                f"stage {self.name!r}: egress must be one of {get_args(Egress)}, "
                f"not {self.egress!r}"
            )
        if self.layer_target not in get_args(TargetName):
            raise ValueError(
                f"stage {self.name!r}: layer_target must be one of {get_args(TargetName)}, "
                f"not {self.layer_target!r}"
            )
        if self.alarm_receiver not in get_args(Receiver):
            raise ValueError(
                f"stage {self.name!r}: alarm_receiver must be one of {get_args(Receiver)}, "
                f"not {self.alarm_receiver!r}"
            )
        if min(self.rate, self.burst, self.noncurrent_days) < 1:
            raise ValueError(f"stage {self.name!r}: rate, burst and noncurrent_days start at 1")
        if self.reserved_concurrency is not None and self.reserved_concurrency < 1:
            raise ValueError(f"stage {self.name!r}: reserved_concurrency starts at 1")
        if self.batch_concurrency < 1:
            raise ValueError(f"stage {self.name!r}: batch_concurrency starts at 1")
        if self.hourly_budget <= 0:
            raise ValueError(f"stage {self.name!r}: hourly_budget is dollars, more than 0")
        if not 0 < self.slow_share < 1:
            raise ValueError(f"stage {self.name!r}: slow_share is between 0 and 1")


# A new account has a quota of 10 concurrent executions, of which nothing can be reserved.
_DEV = Stage(
    name="dev",
    retain=False,
    log_retention_days=14,
    noncurrent_days=7,
    rate=50,
    burst=100,
    cors_origin="*",
)

_PROD = Stage(
    name="prod",
    retain=True,
    log_retention_days=180,
    noncurrent_days=90,
    rate=100,
    burst=200,
    reserve=True,
    # At the stage's rate, answers that take a fifth of a second each, cold starts among them.
    reserved_concurrency=20,
    batch_concurrency=40,
    release=RELEASES["canary"],
    alarm_receiver="required",
    # About an hour at the stage's rate.
    hourly_budget=5.0,
)

# The local AWS runs all of dev but container images, functions by this machine's Python. Pictures
# for tests come from this machine.
_LOCAL = replace(
    _DEV,
    name="local",
    layer_target="here",
    container_images=False,
    egress="loopback",
    code_deploy=False,
    metric_math=False,
    saved_queries=False,
    alarm_receiver="none",
)

STAGES = {stage.name: stage for stage in (_LOCAL, _DEV, _PROD)}


def stage_named(name: str) -> Stage:
    """Return the stage; raise `UnknownStage` with the names there are."""
    try:
        return STAGES[name]
    except KeyError:
        raise UnknownStage(
            f"There is no stage {name!r}: choose -c stage={'|'.join(STAGES)}."
        ) from None

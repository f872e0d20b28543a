"""Fits, publishes and asks: what the portable runtime says of it, beside scikit-learn."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from portable.base import UnusableRow
from portable.errors import UnsupportedModel
from threadpoolctl import threadpool_limits

from model_training.publishing import pickling
from tools.coverage.estimators import families
from tools.coverage.fits import Fit, fits_of
from tools.coverage.parity import assert_predicts_alike, assert_transforms_alike

PORTABLE = "portable"
SCIKIT_LEARN = "scikit-learn runtime"
NEITHER = "neither"
NOT_TRIED = "not tried"
DIFFERENT = "different"
CRASHED = "crashed"


class Outcome(NamedTuple):
    """Of one fit: PORTABLE, SCIKIT_LEARN, NEITHER, DIFFERENT or CRASHED, and why."""

    fit: str
    served: str
    reason: str = ""


class Verdict(NamedTuple):
    """Of an estimator: the outcome of its plainest fit, and those of all."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def served(self) -> str:
        """What serves it; DIFFERENT or CRASHED where one fit is."""
        runtimes = [one.served for one in self.outcomes]
        return next((bad for bad in (CRASHED, DIFFERENT) if bad in runtimes), runtimes[0])

    @property
    def reason(self) -> str:
        """Why it is not portable, or which fits are not."""
        apart = [one for one in self.outcomes if one.served != PORTABLE]
        if not apart:
            return ""
        if self.served != PORTABLE:
            first = next(one for one in apart if one.served == self.served)
            return first.reason
        return " ".join(f"{one.fit[0].upper()}{one.fit[1:]}: {one.reason}" for one in apart)


@cache
def verdict(family: str, name: str) -> Verdict:
    """Try every fit of an estimator, or the plainest alone where that is not portable."""
    make = families()[family][name]
    outcomes: list[Outcome] = []
    for fit in fits_of(family, name, make):
        outcomes.append(outcome(fit))
        if outcomes[0].served in (SCIKIT_LEARN, NEITHER):
            break
    return Verdict(name, tuple(outcomes))


def outcome(fit: Fit) -> Outcome:
    """Fit, publish as bytes, and compare the runtimes' answers."""
    # Threads that wait for each other cost more than so few rows.
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore")
        try:
            estimator = fit.fitted()
        except Exception as error:
            return Outcome(fit.name, CRASHED, f"scikit-learn does not fit it: {_line(error)}")
        method = "transform" if fit.transforms else "predict"
        if not hasattr(estimator, method):
            return Outcome(
                fit.name,
                NEITHER,
                f"It has no `{method}` for a new row.",
            )
        return _compared(fit, estimator, method)


def _compared(fit: Fit, estimator: Any, method: str) -> Outcome:
    # What publishing leaves out, scikit-learn has to do without as well.
    published = pickle.loads(pickling.dumps(estimator))
    try:
        if fit.transforms:
            assert_transforms_alike(published, fit.asked, text=fit.text)
        else:
            assert_predicts_alike(published, fit.asked)
    except (UnsupportedModel, UnusableRow) as refusal:
        return _by_scikit_learn(fit, published, method, str(refusal))
    except AssertionError as difference:
        return Outcome(fit.name, DIFFERENT, _line(difference))
    except Exception as error:
        return Outcome(fit.name, CRASHED, _line(error))
    return Outcome(fit.name, PORTABLE)


def _by_scikit_learn(fit: Fit, estimator: Any, method: str, refusal: str) -> Outcome:
    answer: Callable[[Any], Any] = getattr(estimator, method)
    try:
        answer(fit.asked[:1])
    except Exception as error:
        return Outcome(fit.name, NEITHER, _line(error))
    return Outcome(fit.name, SCIKIT_LEARN, refusal)


def _line(error: BaseException) -> str:
    """An error as one line of a table."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:160]

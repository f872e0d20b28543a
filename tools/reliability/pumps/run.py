"""Pumps shape after shape through every target, in several processes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tqdm import tqdm

from tools.reliability.models import Generation
from tools.reliability.pumps.growth import LARGE, SMALL, growth
from tools.reliability.pumps.served import DEAR, cpu_ms
from tools.reliability.pumps.shapes import Shape, every_shape, longer_shapes
from tools.reliability.pumps.targets import every_target, whole

_BATCH = 25
_SLOWEST = 5
_WARM = 'win <b 4a> f.r.e.e f r e e &#102; fr33 é \u0435\u0301 "a"=1'
_targets: dict[str, Callable[[str], object]] = {}
_whole: list[str] = []


@dataclass(frozen=True)
class Trial:
    """One shape through every target: `seconds` of predictions of the larger text, with and
    without explanation, and a line on each target that took more than linear time."""

    shape: Shape
    seconds: float
    superlinear: tuple[str, ...]


def prepare(model: Generation) -> None:
    """Makes the targets of this process, each called once: modules are imported at first use."""
    _targets.update(every_target(model))
    _whole[:] = whole(model)
    for target in _targets.values():
        target(_WARM)


def try_shapes(shapes: Iterable[Shape]) -> list[Trial]:
    """One trial per shape, after `prepare`."""
    return [_try(shape) for shape in shapes]


def _try(shape: Shape) -> Trial:
    grown = {name: growth(target, shape) for name, target in _targets.items()}
    return Trial(
        shape,
        sum(grown[name].large for name in _whole),
        tuple(
            f"{name}: {shape}: {measured}"
            for name, measured in grown.items()
            if not measured.is_linear
        ),
    )


def chosen(count: int, seed: int) -> list[Shape]:
    """`count` shapes: those of one or two atoms in an order of the seed's, then longer ones."""
    shapes = every_shape()
    random.Random(seed).shuffle(shapes)  # noqa: S311 - to repeat a run
    return [*shapes[:count], *islice(longer_shapes(seed), max(0, count - len(shapes)))]


def run(model: Generation, *, count: int, seed: int, processes: int) -> dict[str, Any]:
    """Tries `count` shapes on `model`; the facts of the run."""
    shapes = chosen(count, seed)
    batches = [shapes[start : start + _BATCH] for start in range(0, count, _BATCH)]
    trials: list[Trial] = []
    with (
        ProcessPoolExecutor(processes, initializer=prepare, initargs=(model,)) as pool,
        tqdm(total=count, unit="shape", smoothing=0.05, mininterval=5) as bar,
    ):
        for batch in pool.map(try_shapes, batches):
            trials += batch
            bar.update(len(batch))
            for line in (line for trial in batch for line in trial.superlinear):
                bar.write(line)
        took = bar.format_dict["elapsed"]
    return {
        **facts_of(trials),
        "targets": len(every_target(model)),
        "served_ms": cpu_ms(model, [*DEAR, *slowest(trials)]),
        "seed": seed,
        "seconds": round(took, 1),
    }


def slowest(trials: Sequence[Trial]) -> list[Shape]:
    """The few shapes whose predictions cost most, the dearest first."""
    return [trial.shape for trial in sorted(trials, key=lambda trial: -trial.seconds)[:_SLOWEST]]


def facts_of(trials: Sequence[Trial]) -> dict[str, Any]:
    """What was tried, and what grew more than linearly."""
    return {
        "shapes": len(trials),
        "sizes": [SMALL, LARGE],
        "superlinear": [line for trial in trials for line in trial.superlinear],
    }


def complaints(outcome: Mapping[str, Any]) -> list[str]:
    """A sentence on everything that grew more than linearly."""
    return [f"more than linear: {line}" for line in outcome["superlinear"]]

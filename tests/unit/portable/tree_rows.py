"""Rows that lie on the thresholds of a model, beside them, and far away from all of them."""

from __future__ import annotations

from typing import Any

import numpy as np

FAR = (0.0, -0.0, 1e30, -1e30, 1e-40)


def around(
    thresholds: Any, features: int, *, seed: int = 0, missing: bool = False, rows: int = 150
) -> Any:
    """Rows whose values are thresholds, their neighbours in single and in double precision, and
    extreme ones; a tenth of the values missing where the model takes that."""
    rng = np.random.default_rng(seed)
    on = np.unique(np.asarray(thresholds, dtype=np.float64))
    on = on[np.isfinite(on)]
    singles = on.astype(np.float32)
    above, below = (
        np.nextafter(singles, np.float32(end)).astype(np.float64) for end in (np.inf, -np.inf)
    )
    values = np.concatenate(
        [on, singles, above, below, np.nextafter(on, np.inf), np.nextafter(on, -np.inf), FAR]
    )
    table = rng.choice(values, size=(rows, features))
    if missing:
        table[rng.random(table.shape) < 0.1] = np.nan
        table[0] = np.nan
    return table

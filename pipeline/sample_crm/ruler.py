"""The ruler: how far a scorer is from the best possible one, and whether it saw what it must not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from data_checks.errors import BatonError
from pipeline.sample_crm.arrays import Floats

ALARM: Final = 3.0


@dataclass(frozen=True)
class Gap:
    """The distance of a scorer's probabilities p from the best possible π, over ``rows`` snapshots.

    ``distance`` is the mean of ``π log(π / p) + (1 - π) log((1 - π) / (1 - p))`` in nats: the log-loss that
    the scorer leaves on the table, free of the noise of outcomes. ``excess`` is the same as seen in the
    outcomes, the scorer's log-loss minus that of π, with its standard error.

    ``leak`` is in standard errors. For any p that uses the record only, the outcome's surprise y - π is
    uncorrelated with ``log-odds(p) - log-odds(π)``; beyond ALARM the scorer knows more than the record holds.
    """

    rows: int
    distance: float
    excess: float
    excess_error: float
    leak: float

    @property
    def leaking(self) -> bool:
        """Tell whether the scorer saw the future, or beats the optimum by ALARM standard errors."""
        return self.leak > ALARM or self.excess < -ALARM * self.excess_error


def gap_to_best(best: ArrayLike, scores: ArrayLike, reached: ArrayLike, leads: ArrayLike) -> Gap:
    """Measure probabilities ``scores`` against ``best``, both shape (snapshots,).

    ``reached`` are the outcomes. ``leads`` names the lead of each snapshot: those of one lead share their
    luck, so standard errors are taken over leads. Scores are kept within [1e-9, 1 - 1e-9].

    Raises:
        BatonError: The best score of a snapshot is not known, because the lead was not open.
    """
    truth, claim = (np.clip(np.asarray(p, dtype=np.float64), 1e-9, 1 - 1e-9) for p in (best, scores))
    if np.isnan(truth).any():
        raise BatonError(
            "only open leads are scored", f"{np.isnan(truth).sum()} NaN", "drop closed leads first"
        )
    surprise = np.asarray(reached, dtype=np.float64) - truth
    apart = _log_odds(claim) - _log_odds(truth)
    lost = truth * np.log(truth / claim) + (1 - truth) * np.log((1 - truth) / (1 - claim))
    excess = lost - surprise * apart
    gain = _by_lead(surprise * apart, leads)
    return Gap(
        rows=len(truth),
        distance=float(lost.mean()),
        excess=float(excess.mean()),
        excess_error=_error(_by_lead(excess - excess.mean(), leads), len(truth)),
        leak=float(gain.sum() / max(np.sqrt((gain**2).sum()), 1e-300)),
    )


def _log_odds(probability: Floats) -> Floats:
    return np.asarray(np.log(probability) - np.log1p(-probability))


def _by_lead(values: Floats, leads: ArrayLike) -> Floats:
    _, lead = np.unique(np.asarray(leads), return_inverse=True)
    return np.asarray(np.bincount(lead, values), np.float64)


def _error(by_lead: Floats, rows: int) -> float:
    return float(np.sqrt((by_lead**2).sum()) / rows)

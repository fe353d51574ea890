"""The lucky window: a gain that comes from one stretch of time alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from features.moments import to_time
from models.findings import Finding, Objection, figures_of
from models.floors import OVERRULE
from models.gate_settings import GateSettings
from models.paired import MISS, losses, mean_interval
from models.window import Window


def without_its_best_stretch(window: Window, rival: str, settings: GateSettings, seed: int) -> Finding:
    """Ask whether the model is clearly worse than the rival once its best stretch of time is left out.

    The window is cut into stretches of equal weight. Which of them is left out was chosen by its gain, so
    the interval of the rest is widened by as many looks as there are stretches (Bonferroni).
    """
    gain = losses(window.others[rival], window.label) - losses(window.own, window.label)
    stretch = stretch_of(window, settings.stretches)
    total, weights = np.bincount(stretch, gain * window.weight), np.bincount(stretch, window.weight)
    gains, best = total / weights, int(np.argmax(total))
    rest = stretch != best
    if not rest.any():
        return Finding("stretches", rival, {"gains": gains.tolist(), **window.counts})
    found = mean_interval(gain[rest], window.weight[rest], window.lead[rest], seed, MISS / len(gains))
    objection = None
    if found.high < 0 < total.sum():
        since, until = (to_time(int(edge(window.as_of[~rest]))).date() for edge in (np.min, np.max))
        objection = Objection(
            f"a model gains on {rival} in more than one stretch of time",
            f"all of the gain from {since} to {until}; in the rest log-loss is {-found.value:.4f} higher "
            f"(interval {found}, widened for {len(gains)} stretches; {window[rest].told})",
            f"see what was different then, {OVERRULE}",
        )
    return Finding("stretches", rival, {**figures_of(found), "gains": gains.tolist()}, objection)


def stretch_of(window: Window, stretches: int) -> NDArray[np.intp]:
    """Return the stretch of each row, 0 the oldest; rows of one moment stay together."""
    order = np.argsort(window.as_of, kind="stable")
    passed = np.cumsum(window.weight[order])
    wanted = (np.linspace(0, 1, stretches + 1)[1:-1] - 1e-9) * passed[-1]
    first = window.as_of[order][np.searchsorted(passed, wanted)]
    _, found = np.unique(np.searchsorted(first, window.as_of, side="left"), return_inverse=True)
    return found

"""Better on average, worse for some: every kind of leads that there are enough of, looked at by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.findings import Finding, Objection, figures_of
from models.floors import OVERRULE
from models.gate_settings import GateSettings
from models.paired import MISS, Interval, chance_of_no_loss, losses
from models.window import Window


@dataclass(frozen=True)
class Slice:
    """Leads of one kind: the gain over the rival, and how probable so low a one is without a loss."""

    name: str
    rows: Window
    gain: Interval
    chance: float


def slices(window: Window, rival: str, at_least: int) -> Iterator[Slice]:
    """Yield each kind of leads with at least so many conversions, and as many leads without one."""
    gain = losses(window.others[rival], window.label) - losses(window.own, window.label)
    for way, kinds in window.kinds.items():
        for kind in np.unique(kinds).tolist():
            here = kinds == kind
            rows = window[here]
            if min(rows.conversions, rows.leads - rows.conversions) >= at_least:
                found, chance = chance_of_no_loss(gain[here], rows.weight, rows.lead)
                yield Slice(f"{way}: {kind or 'not known'}", rows, found, chance)


def on_slices(window: Window, rival: str, settings: GateSettings) -> list[Finding]:
    """Return a finding for each slice; one that is clearly worse, all looks counted, is objected to."""
    looks = list(slices(window, rival, settings.slice_conversions_at_least))
    clear = holm([look.chance for look in looks])
    return [
        _finding(look, rival, len(looks), is_clear and -look.gain.value > settings.slice_worse_at_most)
        for look, is_clear in zip(looks, clear, strict=True)
    ]


def holm(chances: Sequence[float], miss: float = MISS) -> list[bool]:
    """Return which chances are too small for all looks together, at most ``miss`` of a false one among them.

    Source: Holm, A simple sequentially rejective multiple test procedure, 1979.

    >>> holm([0.04, 0.01, 0.03])
    [False, True, False]
    """
    order = np.argsort(chances, kind="stable").tolist()
    clear = [False] * len(order)
    for place, look in enumerate(order):
        if chances[look] > miss / (len(order) - place):
            break
        clear[look] = True
    return clear


def _finding(look: Slice, rival: str, looks: int, worse: bool) -> Finding:
    objection = None
    if worse:
        objection = Objection(
            f"a model is no worse than {rival} for any kind of leads that there are enough of",
            f"{look.name}: log-loss {-look.gain.value:.4f} higher (95 % interval {look.gain}; "
            f"{look.rows.told}; clear even among {looks} looks)",
            f"see what is different for these leads, {OVERRULE}",
        )
    figures = {**figures_of(look.gain), "chance": look.chance, "rival": rival, **look.rows.counts}
    return Finding("slice", look.name, figures, objection)

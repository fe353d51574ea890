"""The gate: whether a challenger may be served, and if not, why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from features.exclusions import Exclusions
from features.profile import Profile
from models.findings import Finding, Judgement, Objection
from models.floors import OVERRULE, floors
from models.forbidden import looks_at_forbidden
from models.gate_settings import GateSettings
from models.leak_alarm import carried_by_one_feature
from models.metrics import Floats, Labels, log_loss
from models.rivals import against, loses_to
from models.slices import on_slices
from models.stretches import without_its_best_stretch
from models.window import Window


@dataclass(frozen=True)
class Champion:
    """What the served model's twin says of the window's rows, and which of them it had not learned from."""

    name: str
    said: Floats
    unseen: Labels


@dataclass(frozen=True)
class Incomparable:
    """A served model that cannot be compared, and why; ``excused`` if both teams wanted it so."""

    name: str
    why: str
    excused: bool = False


@dataclass(frozen=True)
class Challenger:
    """What is to be known of a challenger beside its probabilities."""

    profile: Profile
    shares: Mapping[str, float]
    forbidden: Exclusions


def judge(
    window: Window,
    challenger: Challenger,
    champion: Champion | Incomparable | None,
    settings: GateSettings,
    seed: int,
) -> Judgement:
    """Judge a challenger on the window: ``window.others`` are the baselines by name.

    Against the baselines and, on rows that neither of them has learned from, the champion; against
    floors; slice by slice and without its best stretch of time, against the champion, or where there is
    none the best baseline; and for what it may not use.
    """
    findings = [looks_at_forbidden(challenger.profile, challenger.forbidden), *floors(window, settings, seed)]
    if window.label.all() or not window.label.any():
        return Judgement(tuple(findings))
    findings.append(carried_by_one_feature(window, challenger.shares, settings))
    findings += [loses_to(window, name, seed) for name in window.others]
    fair, faults, notes = _fair_window(window, champion, settings)
    findings += faults
    if fair is not None:
        findings += chain(*(against(fair, name, settings, seed) for name in fair.others))
    findings += _closer_looks(window, fair, settings, seed)
    return Judgement(tuple(findings), notes)


def _closer_looks(
    window: Window, fair: Window | None, settings: GateSettings, seed: int
) -> Iterator[Finding]:
    for name in window.others:
        yield without_its_best_stretch(window, name, settings, seed)
    if fair is None:
        yield from on_slices(window, best_of(window), settings)
        return
    for champion in fair.others:
        yield without_its_best_stretch(fair, champion, settings, seed)
        yield from on_slices(fair, champion, settings)


def best_of(window: Window) -> str:
    """Return the scorer beside the challenger that has the least log-loss."""
    return min(window.others, key=lambda name: log_loss(window.others[name], window.label, window.weight))


def _fair_window(
    window: Window, champion: Champion | Incomparable | None, settings: GateSettings
) -> tuple[Window | None, list[Finding], tuple[str, ...]]:
    """Return the rows on which champion and challenger can be compared, or why they cannot."""
    if champion is None:
        return None, [], ("there is no champion to compare with",)
    if isinstance(champion, Incomparable):
        if champion.excused:
            return None, [], (f"{champion.name} cannot be compared: {champion.why}",)
        return None, [_not_compared(champion.name, champion.why)], ()
    fair = window.against(champion.name, champion.said)[np.flatnonzero(champion.unseen)]
    least = settings.conversions_at_least
    if min(fair.conversions, fair.leads - fair.conversions) < least:
        why = f"only {fair.told} in the window that it had not learned from, and {least} of both are needed"
        return None, [_not_compared(champion.name, why)], ()
    return fair, [], ()


def _not_compared(name: str, why: str) -> Finding:
    objection = Objection(
        "a challenger is compared with the champion on leads that neither has learned from",
        f"{name}: {why}",
        f"wait for later outcomes, {OVERRULE}",
    )
    return Finding("champion", name, {}, objection)

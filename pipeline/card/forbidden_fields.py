"""The fields that may not be used, held against what the model does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bundle import Bundle
from models.fairness import fairness
from models.forbidden_groups import LEADS_AT_LEAST, Grouping, grouping_of
from models.lead_kinds import texts_at
from models.proxies import proxies
from models.window import Window
from pipeline.card.facts import FieldCheck
from pipeline.card.forward_test import ForwardTest
from pipeline.project import Project
from pipeline.training import read_chosen_rows

PROXY_LEADS: Final = 5_000
"""From so many leads it is seen how well a group can be told."""


def forbidden_in(project: Project, test: ForwardTest) -> tuple[list[str], list[str]]:
    """Return the fields of ``never_use`` that leads have, and those that they do not have."""
    fields = [name for name in project.agreement.never_use if ":" not in name]
    there = [name for name in fields if name in test.records.fields]
    return there, [name for name in fields if name not in there]


def check_forbidden(
    project: Project, bundle: Bundle, test: ForwardTest, window: Window, used: tuple[str, ...]
) -> tuple[FieldCheck, ...]:
    """Return what is found of each field that may not be used; a lead's group is that of its latest look."""
    latest = _latest_looks(window)
    there, _ = forbidden_in(project, test)
    groupings = [grouping_of(name, texts_at(test.records, test.snapshots[latest], name)) for name in there]
    return tuple(_checks(project, bundle, test.place[latest], window, used, groupings))


def _checks(  # noqa: PLR0913, PLR0917 - each is another stage's
    project: Project,
    bundle: Bundle,
    place: NDArray[np.intp],
    window: Window,
    used: tuple[str, ...],
    groupings: list[Grouping],
) -> Iterator[FieldCheck]:
    params, seed = project.params, project.params.train.seed
    chosen, rows = _drawn(len(place), seed), None
    for one in groupings:
        if one.groups is None:
            yield FieldCheck(one.field, one.why)
            continue
        rows = read_chosen_rows(project, used)[place[chosen]] if rows is None else rows
        told = proxies(rows, one.groups[chosen], LEADS_AT_LEAST, seed)
        figures = fairness(
            window, one.groups, bundle.facts.cut_off, params.gate.slice_conversions_at_least, seed
        )
        yield FieldCheck(one.field, "", tuple(figures), tuple(told))


def _latest_looks(window: Window) -> NDArray[np.intp]:
    """Return the row of the latest look at each lead, in the order of the leads' numbers."""
    order = np.lexsort((window.as_of, window.lead))
    last = np.flatnonzero(np.diff(window.lead[order], append=-1) != 0)
    return order[last]


def _drawn(leads: int, seed: int) -> NDArray[np.intp]:
    if leads <= PROXY_LEADS:
        return np.arange(leads)
    return np.sort(np.random.default_rng(seed).choice(leads, PROXY_LEADS, replace=False))

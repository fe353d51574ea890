"""The back-test as data for others to read: reports/back_test.json."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from data_checks.handoff import Handoff
from models.back_test.hindsight import in_hindsight, total_of
from models.back_test.periods import Kind
from models.back_test.replay import Replay
from models.back_test.staleness import in_words, staleness
from models.back_test.words import summary
from models.training_rows import TrainingRows

FORMAT: Final = 1
"""Rises when a key is renamed, removed, or means something else."""


def back_test_record(
    rows: TrainingRows, replay: Replay, kind: Kind, rule: Handoff, seed: int
) -> dict[str, Any]:
    """Return the back-test as JSON.

    - ``format``: 1.
    - ``kind``: "month" or "week", what a period is.
    - ``text``: what was found, or why there is nothing, in words.
    - ``months``: a list with the fields of `models.back_test.hindsight.Month` for each period, the oldest
      first, weeks also; ``served`` in it is `models.back_test.replay.Served`. Intervals have ``value``,
      ``low`` and ``high``.
    - ``total``: the fields of `models.back_test.hindsight.Total`, or null.
    - ``too_early``: the periods that had too little history before them, each with the reason.
    - ``staleness``: a list with the fields of `models.back_test.staleness.Stale` (``age_days``, ``months``,
      ``leads``, ``more_loss``, ``low``, ``high`` and others) for each age, the youngest first.
    - ``staleness_text``: what an old model costs, in words.

    What cannot be told (the AUC of a period without a conversion) is null.
    """
    months = in_hindsight(rows, replay, rule, seed)
    total, stale = total_of(rows, replay, months), staleness(rows, replay, kind, seed)
    told = {
        "format": FORMAT,
        "kind": kind,
        "text": summary(months, total, kind),
        "months": _listed(months),
        "total": total and asdict(total),
        "too_early": dict(replay.too_early),
        "staleness": _listed(stale),
        "staleness_text": in_words(stale, kind),
    }
    known: dict[str, Any] = _known(told)
    return known


def _listed(found: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(one) for one in found]


def _known(told: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the same with null for NaN, which JSON does not know."""
    if isinstance(told, Mapping):
        return {name: _known(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_known(value) for value in told]
    return None if isinstance(told, float) and math.isnan(told) else told

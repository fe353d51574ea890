"""A world as the feature matrix sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data_checks.tables import CrmHistory
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.records import Records, Snapshots
from models.known_outcomes import reference_of
from small_world import World
from whole_catalogue import AGREEMENT

Looks = Sequence[tuple[str, int]]
"""(lead id, as of) pairs."""


def matrix_of(
    feature_set: FeatureSet, history: CrmHistory, looks: Looks, now: int | None = None
) -> NDArray[np.float64]:
    """Return the features of a history at some looks, with the reference as it was at ``now``."""
    records = records_from_history(history)
    latest = max((moment for _, moment in looks), default=0) if now is None else now
    reference = reference_of(records, history.campaigns, AGREEMENT, feature_set.profile, latest)
    return feature_set.matrix(records, snapshots_of(records, looks), reference)


def snapshots_of(records: Records, looks: Looks) -> Snapshots:
    """Return the looks as snapshots of the records."""
    lead = [records.lead_ids.index(lead_id) for lead_id, _ in looks]
    return Snapshots(np.array(lead, np.int64), np.array([moment for _, moment in looks], np.int64))


def looks_at(world: World, *moments: int) -> Looks:
    """Return a look at each lead of the world at each of the moments."""
    return [(lead_id, moment) for moment in moments for lead_id in world.lead_ids]


def differences(
    names: Sequence[str], left: NDArray[np.float64], right: NDArray[np.float64]
) -> dict[str, object]:
    """Return the columns whose values are not the same to the last bit, each with both sides."""
    assert left.shape == right.shape
    return {
        name: (left[:, column].tolist(), right[:, column].tolist())
        for column, name in enumerate(names)
        if left[:, column].tobytes() != right[:, column].tobytes()
    }

"""Fields of leads that were overwritten, with their history.

Some are corrected after the first call, by a coin that knows nothing of the class; most gaps are filled once
the lead has reached SQL. Whoever reads the current value of such a field reads the outcome; its history tells
what it was.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.arrays import Codes, Flags, Texts, Times
from pipeline.sample_crm.clock import DAY, SECOND, WORLD_ENDS
from pipeline.sample_crm.picklists import BBB_RATINGS, INDUSTRIES, LINES_OF_BUSINESS
from pipeline.sample_crm.streams import draw_texts, stream
from pipeline.sample_crm.world import World

CORRECTED: Final = 0.15
FILLED: Final = 0.7
HALF_HOUR: Final = 1_800 * SECOND

_FILLINGS: Final = {
    "industry": INDUSTRIES,
    "line_of_business": LINES_OF_BUSINESS,
    "bbb_rating": BBB_RATINGS,
    "annual_revenue": ("500000", "2000000", "8000000", "40000000"),
}


def edit(world: World, leads: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the leads with their fields overwritten, and the table ``field_changes`` in order of time."""
    rng = stream(world.settings.seed, "edits")
    edited = leads.copy()
    rows = [_write(edited, "number_of_employees", *_corrections(rng, world))]
    reached_at = world.sql_at + rng.integers(HALF_HOUR, 3 * DAY, world.settings.leads)
    for field, values in _FILLINGS.items():
        gaps = world.people.gaps[field] & (rng.random(world.settings.leads) < FILLED)
        filling = draw_texts(rng, values, world.settings.leads)
        rows.append(_write(edited, field, gaps & (world.sql_at < WORLD_ENDS), reached_at, filling))
    changes = pd.concat(rows, ignore_index=True)
    return edited, changes.sort_values(["changed_at", "lead"], kind="stable", ignore_index=True)


def _corrections(rng: np.random.Generator, world: World) -> tuple[Flags, Times, Texts]:
    """Return who told its size on the first call, when it was written down, and what."""
    called_at = world.routing.contact.called
    closed = np.minimum(world.sql_at, world.refused_at)
    told = (called_at < closed) & (rng.random(world.settings.leads) < CORRECTED)
    size = np.exp(world.companies.log_size[world.people.company]) * rng.lognormal(
        0, 0.2, world.settings.leads
    )
    return (
        told,
        called_at + HALF_HOUR,
        np.maximum(1, np.round(size)).astype(np.int64).astype(str).astype(object),
    )


def _write(edited: pd.DataFrame, field: str, wanted: Flags, at: Times, values: Texts) -> pd.DataFrame:
    rows: Codes = np.flatnonzero(wanted & (at < WORLD_ENDS))
    old = edited[field].to_numpy()[rows]
    edited.loc[rows, field] = values[rows]
    return pd.DataFrame(
        {"lead": rows, "field": field, "changed_at": at[rows], "old_value": old, "new_value": values[rows]}
    )

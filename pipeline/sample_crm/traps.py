"""Columns that look like features and are written by the outcome, without history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.after_sql import AfterSql
from pipeline.sample_crm.arrays import Texts, Times
from pipeline.sample_crm.clock import DAY, WORLD_ENDS
from pipeline.sample_crm.stage_table import REPS
from pipeline.sample_crm.streams import draw_texts, stream
from pipeline.sample_crm.world import World

TRAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner_id": "moves from a queue to an account executive at SQL",
        "last_modified": "moved by every later edit, and most edits come after SQL",
        "last_activity_at": "as of the export",
        "activity_count": "as of the export, what happened after SQL included",
        "deal_amount": "filled for winners only",
        "sales_notes_category": "filled by sales when the outcome is known",
        "technology_stack": "bought for leads that sales works on, and for nearly all SQLs",
    }
)
TRAP_COLUMNS: Final = tuple(TRAPS)
TRAP_ACTIVITIES: Final[Mapping[str, str]] = MappingProxyType(
    {"Discovery Call": "written down at SQL with a date before it; recorded_at tells"}
)
TRAP_ORDER: Final = "the rows of leads are in order of last_modified"
POLICY_COLUMNS: Final = ("handoff_propensity",)
"""What marketing's routing decided: for studies of selection, not for scores."""

_STACKS: Final = ("SAP", "Oracle", "Microsoft", "Home-grown")
_NOTES_WON: Final = ("budget confirmed", "decision maker met", "timeline agreed")
_NOTES_LOST: Final = ("no budget", "chose competitor", "no reply")
_QUEUES: Final = ("queue-emea", "queue-world", *REPS[:4])


def trap_columns(world: World, after: AfterSql, activities: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of TRAPS, one row per lead in order of arrival; missing is ""."""
    rng = stream(world.settings.seed, "traps")
    number = world.settings.leads
    reached, refused = world.sql_at < WORLD_ENDS, world.refused_at < WORLD_ENDS
    called = world.routing.contact.called < np.minimum(world.refused_at, WORLD_ENDS)
    won = after.won & (after.closed_at < WORLD_ENDS)
    last = _last_activity(world, activities)
    bought = rng.random(number) < np.where(reached, 0.9, np.where(called, 0.35, 0.0))
    noted = refused | (reached & (rng.random(number) < 0.8))
    notes = np.where(won, draw_texts(rng, _NOTES_WON, number), draw_texts(rng, _NOTES_LOST, number))
    executive = draw_texts(rng, tuple(f"ae-{place}" for place in range(1, 9)), number)
    columns = {
        "owner_id": np.where(reached, executive, draw_texts(rng, _QUEUES, number)),
        "last_modified": as_text(_last_modified(world, last)),
        "last_activity_at": as_text(last),
        "activity_count": np.bincount(activities["lead"].to_numpy(), minlength=number).astype(str),
        "deal_amount": np.where(won, after.amount.astype(np.int64).astype(str), ""),
        "sales_notes_category": np.where(noted, notes, ""),
        "technology_stack": np.where(bought, draw_texts(rng, _STACKS, number), ""),
    }
    return pd.DataFrame({name: columns[name] for name in TRAP_COLUMNS})


def as_text(times: Times) -> Texts:
    """Return times as ISO 8601 text in UTC, to the second."""
    return np.char.add(np.datetime_as_string(times.astype("datetime64[ms]"), unit="s"), "Z")


def _last_activity(world: World, activities: pd.DataFrame) -> Times:
    last = world.people.created.copy()
    np.maximum.at(last, activities["lead"].to_numpy(), activities["occurred_at"].to_numpy())
    return last


def _last_modified(world: World, last_activity: Times) -> Times:
    edited = np.where(world.sql_at < WORLD_ENDS, world.sql_at + 5 * DAY, world.people.created + DAY)
    return np.minimum(np.maximum(edited, last_activity - 2 * DAY), WORLD_ENDS - 1)

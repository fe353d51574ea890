"""Columns that look like features and are written by the outcome, without history."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.clock import DAY, WORLD_ENDS
from pipeline.sample_crm.stage_table import REPS, AfterSql
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World

TRAPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "owner_id": "moves from the queue to an account executive at SQL",
        "last_modified": "moved by every later edit, most of them after SQL",
        "last_activity_at": "as of the export",
        "activity_count": "counts to the export, what happened after SQL included",
        "deal_amount": "filled for winners only",
        "sales_notes_category": "filled by sales when the outcome is known",
        "technology_stack": "bought for leads that sales works on, and for nearly all SQLs",
    }
)
TRAP_COLUMNS: Final = tuple(TRAPS)
TRAP_ACTIVITIES: Final[Mapping[str, str]] = MappingProxyType(
    {"Discovery Call": "written down at SQL with a date before it; `recorded_at` tells"}
)
TRAP_ORDER: Final = "the rows of `leads` are in order of `last_modified`"
POLICY_COLUMNS: Final = ("handoff_arm", "handoff_propensity")  # what marketing decided, for bias studies only

_STACKS: Final = ("SAP", "Oracle", "Microsoft", "Home-grown")
_NOTES_WON: Final = ("budget confirmed", "decision maker met", "timeline agreed")
_NOTES_LOST: Final = ("no budget", "chose competitor", "no reply")


def trap_columns(world: World, after: AfterSql, amount: pd.Series, activities: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of TRAPS, one row per lead in order of arrival; missing is "".

    ``amount`` holds the amounts of opportunities by lead position.
    """
    rng = stream(world.settings.seed, "traps")
    number = world.settings.leads
    reached = world.sql_at < WORLD_ENDS
    won = after.won & (after.closed_at < WORLD_ENDS)
    lead, at = activities["lead"].to_numpy(), activities["occurred_at"].to_numpy()
    last = world.people.created.copy()
    np.maximum.at(last, lead, at)
    ends = np.where(reached, np.minimum(world.sql_at + 5 * DAY, WORLD_ENDS - 1), world.people.created + DAY)
    modified = np.minimum(np.maximum(ends, last - 2 * DAY), WORLD_ENDS - 1)
    executive = np.char.add("ae-", rng.integers(1, 9, number).astype(str))
    notes = np.where(won, _pick(rng, _NOTES_WON, number), _pick(rng, _NOTES_LOST, number))
    noted = (reached & (rng.random(number) < 0.8)) | (world.refused_at < WORLD_ENDS)
    stack_share = np.where(reached, 0.9, np.where(world.routing.called_at < WORLD_ENDS, 0.35, 0.0))
    won_amount = amount.reindex(range(number)).to_numpy()
    return pd.DataFrame(
        {
            "owner_id": np.where(
                reached, executive, _pick(rng, ("queue-emea", "queue-row", *REPS[:4]), number)
            ),
            "last_modified": as_text(modified),
            "last_activity_at": as_text(last),
            "activity_count": np.bincount(lead, minlength=number).astype(str),
            "deal_amount": np.where(won, np.nan_to_num(won_amount).astype(np.int64).astype(str), ""),
            "sales_notes_category": np.where(noted, notes, ""),
            "technology_stack": np.where(rng.random(number) < stack_share, _pick(rng, _STACKS, number), ""),
        }
    )


def as_text(times: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Return times in milliseconds as ISO text in UTC."""
    return np.char.add(np.datetime_as_string(times.astype("datetime64[ms]"), unit="s"), "Z")


def _pick(rng: np.random.Generator, values: tuple[str, ...], number: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(values)[rng.integers(len(values), size=number)]

"""How leads move through the stages, as the CRM logged it.

Before SQL every move follows from the record and from chance, never from the hidden class: `Marketing Qualified`
from the routing on arrival or from points for what was recorded, `Sales Accepted` and `Nurture` from the first call and
a coin, `Unqualified` from the review. And no move is made up at the moment of SQL to fill a gap: a lead may jump from
`New` to `Qualified`. So the moves cancel from the likelihood of the class, and an oracle need not read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.clock import NEVER, SECOND, WORLD_ENDS, Clock, Times
from pipeline.sample_crm.companies import Codes
from pipeline.sample_crm.kinds import KINDS
from pipeline.sample_crm.people import Flags
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World

REPS: Final = tuple(f"rep-{number:02d}" for number in range(1, 13))
REFUSALS: Final = ("wrong company", "student or private person", "competitor", "out of territory")
REJECTIONS: Final = ("no budget", "not ready", "wrong contact", "no answer")
POINTS: Final = {
    "Pricing Page Visit": 8,
    "Demo Request": 25,
    "Form Fill": 10,
    "Content Download": 6,
    "Webinar Registered": 6,
    "Product Page Visit": 3,
    "Email Clicked": 2,
    "Inbound Call": 15,
}
POINTS_WANTED: Final = 45


@dataclass(frozen=True)
class AfterSql:
    """What became of the leads that reached SQL; NEVER where it did not happen, shape (leads,) each."""

    opportunity_at: Times
    closed_at: Times
    won: Flags
    dropped_at: Times


def draw_after_sql(world: World) -> AfterSql:
    """Draw opportunities and their ends for all that reached SQL; about a third of the opportunities are won."""
    rng = stream(world.settings.seed, "after sql")
    number = world.settings.leads
    reached = world.sql_at < WORLD_ENDS
    opened = reached & (rng.random(number) < 0.8)
    opportunity_at = _later(world.desk, world.sql_at, rng.exponential(5, number), opened)
    closed_at = _later(world.desk, opportunity_at, rng.lognormal(3.6, 0.6, number), opened)
    won = opened & (rng.random(number) < 1 / (1 + np.exp(0.8 - 0.5 * world.fit.score)))
    dropped_at = _later(world.desk, world.sql_at, 3 + rng.exponential(10, number), reached & ~opened)
    return AfterSql(opportunity_at, closed_at, won, dropped_at)


def stage_table(world: World, after: AfterSql) -> pd.DataFrame:
    """Return the table ``stage_changes``, with ``lead`` as position and times in milliseconds, in order of time."""
    number = world.settings.leads
    rng = stream(world.settings.seed, "stages")
    ends = np.minimum(world.sql_at, world.refused_at)
    accepted_at, returned_at = _acceptance(rng, world)
    reps = np.array(REPS)[rng.integers(len(REPS), size=number)]
    why_refused = np.array(REFUSALS)[rng.integers(len(REFUSALS), size=number)]
    why_rejected = np.array(REJECTIONS)[rng.integers(len(REJECTIONS), size=number)]
    handed = world.routing.handed_at < NEVER
    arm = np.where(world.routing.by_chance, "random arm", "points on arrival")
    system, none = np.full(number, "system"), np.full(number, "", dtype=object)
    early = [
        _rows("New", world.people.created, none, system),
        _rows("Marketing Qualified", world.routing.handed_at, arm, system),
        _rows(
            "Marketing Qualified",
            np.where(handed, NEVER, _points_reached(world)),
            np.full(number, "points"),
            system,
        ),
        _rows("Sales Accepted", accepted_at, none, reps),
        _rows("Nurture", returned_at, why_rejected, reps),
    ]
    late = [
        _rows("Unqualified", world.refused_at, why_refused, reps),
        _rows("Qualified", world.sql_at, none, reps),
        _rows("Opportunity", after.opportunity_at, none, reps),
        _rows("Closed Won", np.where(after.won, after.closed_at, NEVER), none, reps),
        _rows("Closed Lost", np.where(after.won, NEVER, after.closed_at), why_rejected, reps),
        _rows("Nurture", after.dropped_at, why_rejected, reps),
    ]
    before = pd.concat(early, ignore_index=True)
    before = before[before["changed_at"].to_numpy() < ends[before["lead"].to_numpy()]]
    rows = pd.concat([before, *late], ignore_index=True)
    rows = rows[rows["changed_at"] < WORLD_ENDS]
    return rows.sort_values(["changed_at", "lead"], kind="stable", ignore_index=True)


def _rows(stage: str, at: Times, reason: np.ndarray, by: np.ndarray) -> pd.DataFrame:  # type: ignore[type-arg]
    there = np.flatnonzero(at < WORLD_ENDS)
    return pd.DataFrame(
        {
            "lead": there,
            "changed_at": at[there],
            "stage": stage,
            "reason": reason[there],
            "changed_by": by[there],
        }
    )


def _acceptance(rng: np.random.Generator, world: World) -> tuple[Times, Times]:
    """Sales accepts most leads minutes after the first call; the rest, and half of the accepted later, go to Nurture."""
    number = world.settings.leads
    called = world.routing.called_at
    accepted = (called < NEVER) & (rng.random(number) < 0.8)
    accepted_at = np.where(accepted, called + 900 * SECOND, NEVER)
    soon = _later(world.desk, called, np.full(number, 0.05), (called < NEVER) & ~accepted)
    given_up = _later(
        world.desk, called, 15 + rng.exponential(20, number), accepted & (rng.random(number) < 0.5)
    )
    return accepted_at, np.minimum(soon, given_up)


def _points_reached(world: World) -> Times:
    """Return when the points for what was tracked reach POINTS_WANTED; NEVER if they do not."""
    worth = np.zeros(len(KINDS))
    for name, points in POINTS.items():
        worth[KINDS.index(name)] = points
    lead, at = world.tracked.lead, world.tracked.occurred
    running = np.cumsum(worth[world.tracked.kind])
    first = np.searchsorted(lead, np.arange(world.settings.leads))
    before = np.concatenate([[0.0], running])[first]
    over = running - before[lead] >= POINTS_WANTED
    reached = np.full(world.settings.leads, NEVER)
    np.minimum.at(reached, lead[over], at[over])
    return reached


def _later(desk: Clock, at: Times, working_days: np.ndarray, there: Flags) -> Times:  # type: ignore[type-arg]
    """Return the moment so many days of the office's clock after ``at``, where it is ``there``; else NEVER."""
    return np.where(there, desk.when(desk.at(at) + working_days), NEVER)


def current_stage(rows: pd.DataFrame, number: int) -> Codes:
    """Return the row of each lead's last stage change, shape (leads,)."""
    last = np.zeros(number, dtype=np.int64)
    last[rows["lead"].to_numpy()] = np.arange(len(rows))
    return last

"""How leads move through the stages, as the CRM logged it.

Before SQL every move follows from the record and from chance, never from the hidden class: `Marketing
Qualified` from the routing on arrival or from points for what was tracked, `Sales Accepted` and `Nurture`
from the first call and a coin, `Unqualified` from the review. And no move is made up at the moment of SQL to
fill a gap: a lead may jump from `New` to `Qualified`. So the moves cancel from the likelihood of the class,
and the oracle need not read them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.after_sql import AfterSql, later
from pipeline.sample_crm.arrays import Codes, Texts, Times
from pipeline.sample_crm.clock import DAY, NEVER, SECOND, WORLD_ENDS
from pipeline.sample_crm.kinds import KINDS
from pipeline.sample_crm.roll import Roll
from pipeline.sample_crm.streams import draw_texts, stream
from pipeline.sample_crm.world import World

REPS: Final = tuple(f"rep-{number:02d}" for number in range(1, 13))
REFUSALS: Final = ("wrong company", "private person", "competitor", "out of territory")
REJECTIONS: Final = ("no budget", "not ready", "wrong contact", "no answer")
POINTS: Final = {
    "Product Page Visit": 3,
    "Pricing Page Visit": 8,
    "Email Clicked": 2,
    "Content Download": 6,
    "Webinar Registered": 6,
    "Form Fill": 10,
    "Demo Request": 25,
    "Inbound Call": 15,
}
POINTS_WANTED: Final = 45


def stage_table(world: World, after: AfterSql, roll: Roll) -> pd.DataFrame:
    """Return the table ``stage_changes`` in order of time.

    Copies of leads typed twice stand behind the leads, and are found out after two weeks.
    """
    rng = stream(world.settings.seed, "stages")
    closed = np.minimum(world.sql_at, world.refused_at)
    early = pd.concat(_before_sql(rng, world), ignore_index=True)
    early = early.loc[early["changed_at"].to_numpy() < closed[early["lead"].to_numpy()]]
    copies = np.arange(len(roll.copied)) + world.settings.leads
    typed = _rows("New", roll.copy_created, "", "system").assign(lead=copies)
    found = _rows("Unqualified", roll.copy_created + 14 * DAY, "duplicate", "system")
    found["lead"] += world.settings.leads
    rows: pd.DataFrame = pd.concat([early, *_from_sql(rng, world, after), typed, found], ignore_index=True)
    return rows.sort_values(["changed_at", "lead"], kind="stable", ignore_index=True)


def current_stages(changes: pd.DataFrame, number: int) -> Texts:
    """Return the stage that each of ``number`` leads, copies included, was in last."""
    last = changes.groupby("lead")["stage"].last().reindex(range(number), fill_value="New")
    return np.asarray(last.to_numpy(dtype=object))


def _before_sql(rng: np.random.Generator, world: World) -> list[pd.DataFrame]:
    number = world.settings.leads
    handed_at, called_at = world.routing.handed_at, world.routing.contact.called
    called = called_at < NEVER
    accepted = called & (rng.random(number) < 0.8)
    given_up = accepted & (rng.random(number) < 0.5)
    returned_at = np.minimum(
        later(world.clocks.desk, called_at, np.full(number, 0.05), called & ~accepted),
        later(world.clocks.desk, called_at, 15 + rng.exponential(20, number), given_up),
    )
    reps = draw_texts(rng, REPS, number)
    by_points = np.where(handed_at < NEVER, NEVER, _points_reached(world))
    arm = np.where(world.routing.by_chance, "random arm", "points on arrival")
    return [
        _rows("New", world.people.created, "", "system"),
        _rows("Marketing Qualified", handed_at, arm, "system"),
        _rows("Marketing Qualified", by_points, "points", "system"),
        _rows("Sales Accepted", np.where(accepted, called_at + 900 * SECOND, NEVER), "", reps),
        _rows("Nurture", returned_at, draw_texts(rng, REJECTIONS, number), reps),
    ]


def _from_sql(rng: np.random.Generator, world: World, after: AfterSql) -> list[pd.DataFrame]:
    number = world.settings.leads
    reps, rejections = draw_texts(rng, REPS, number), draw_texts(rng, REJECTIONS, number)
    return [
        _rows("Unqualified", world.refused_at, draw_texts(rng, REFUSALS, number), reps),
        _rows("Qualified", world.sql_at, "", reps),
        _rows("Opportunity", after.opportunity_at, "", reps),
        _rows("Closed Won", np.where(after.won, after.closed_at, NEVER), "", reps),
        _rows("Closed Lost", np.where(after.won, NEVER, after.closed_at), rejections, reps),
        _rows("Nurture", after.dropped_at, rejections, reps),
    ]


def _rows(stage: str, at: Times, reason: Texts | str, by: Texts | str) -> pd.DataFrame:
    columns = {
        "lead": np.arange(len(at)),
        "changed_at": at,
        "stage": stage,
        "reason": reason,
        "changed_by": by,
    }
    return pd.DataFrame(columns).loc[at < WORLD_ENDS]


def _points_reached(world: World) -> Times:
    """Return when the points for what was tracked reach POINTS_WANTED, NEVER if they do not."""
    worth = np.array([POINTS.get(name, 0) for name in KINDS])
    lead: Codes = world.tracked.lead
    total = np.concatenate([[0], np.cumsum(worth[world.tracked.kind])])
    own = total[1:] - total[np.searchsorted(lead, lead)]
    reached = np.full(world.settings.leads, NEVER)
    np.minimum.at(reached, lead[own >= POINTS_WANTED], world.tracked.recorded[own >= POINTS_WANTED])
    return reached

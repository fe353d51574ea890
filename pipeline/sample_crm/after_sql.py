"""What became of the leads that reached SQL: opportunities, won or lost, or a way back to marketing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample_crm.arrays import Flags, Floats, Times
from pipeline.sample_crm.clock import NEVER, WORLD_ENDS, Clock
from pipeline.sample_crm.shapes import sigmoid
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World


@dataclass(frozen=True)
class AfterSql:
    """One row per lead, shape (leads,); times are NEVER where it did not happen. ``amount`` is in euro."""

    opportunity_at: Times
    closed_at: Times
    won: Flags
    dropped_at: Times
    amount: Floats


def draw_after_sql(world: World) -> AfterSql:
    """Draw opportunities for four of five that reached SQL, and a won deal for about a third of these."""
    rng = stream(world.settings.seed, "after sql")
    number, desk, score = world.settings.leads, world.clocks.desk, world.fit.score
    size = world.companies.log_size[world.people.company]
    opened = (world.sql_at < WORLD_ENDS) & (rng.random(number) < 0.8)
    dropped = (world.sql_at < WORLD_ENDS) & ~opened
    opportunity_at = later(desk, world.sql_at, rng.exponential(5, number), opened)
    return AfterSql(
        opportunity_at=opportunity_at,
        closed_at=later(desk, opportunity_at, rng.lognormal(3.6, 0.6, number), opened),
        won=opened & (rng.random(number) < sigmoid(0.4 * score - 1.0)),
        dropped_at=later(desk, world.sql_at, 3 + rng.exponential(10, number), dropped),
        amount=100 * np.round(np.exp(8.5 + 0.45 * size + rng.normal(0, 0.5, number)) / 100),
    )


def later(desk: Clock, at: Times, days: Floats, there: Flags) -> Times:
    """Return the moment that many days of the office's clock after ``at``, NEVER where not ``there``."""
    return np.where(there, desk.when(desk.at(at) + days), NEVER)


def opportunity_table(after: AfterSql) -> pd.DataFrame:
    """Return the table ``opportunities`` in order of creation."""
    order = np.argsort(after.opportunity_at, kind="stable")
    lead = order[after.opportunity_at[order] < WORLD_ENDS]
    closed = after.closed_at[lead] < WORLD_ENDS
    return pd.DataFrame(
        {
            "opportunity_id": [f"O-{number:05d}" for number in range(1, len(lead) + 1)],
            "lead": lead,
            "created_at": after.opportunity_at[lead],
            "closed_at": np.where(closed, after.closed_at[lead], NEVER),
            "amount": after.amount[lead],
            "is_won": pd.Series(after.won[lead], dtype="boolean").mask(~closed),
        }
    )

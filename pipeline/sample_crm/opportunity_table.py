"""The opportunities, with amounts that grow with the company."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.sample_crm.clock import NEVER, WORLD_ENDS
from pipeline.sample_crm.stage_table import AfterSql
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World


def opportunity_table(world: World, after: AfterSql) -> pd.DataFrame:
    """Return the table ``opportunities``, with ``lead`` as position and times in milliseconds, NEVER while open."""
    rng = stream(world.settings.seed, "amounts")
    size = world.companies.log_size[world.people.company]
    amount = np.round(np.exp(8.5 + 0.45 * size + rng.normal(0, 0.5, len(size))), -2)
    order = np.argsort(after.opportunity_at, kind="stable")
    lead = order[after.opportunity_at[order] < WORLD_ENDS]
    closed = after.closed_at[lead] < WORLD_ENDS
    won = pd.array(after.won[lead], dtype="boolean")
    won[~closed] = pd.NA
    return pd.DataFrame(
        {
            "opportunity_id": [f"O-{number:05d}" for number in range(1, len(lead) + 1)],
            "lead": lead,
            "created_at": after.opportunity_at[lead],
            "closed_at": np.where(closed, after.closed_at[lead], NEVER),
            "amount": amount[lead],
            "is_won": won,
        }
    )

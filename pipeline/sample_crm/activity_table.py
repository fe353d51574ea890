"""The table of activities: what leads did and what sales did, with what sales wrote down too late."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.campaign_table import campaign_ids, running_campaign
from pipeline.sample_crm.clock import DAY, HOUR, NEVER, SECOND, WORLD_ENDS, Times
from pipeline.sample_crm.companies import Codes
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.kinds import ALL_ASSETS, INBOUND, KINDS
from pipeline.sample_crm.people import channel_of
from pipeline.sample_crm.picklists import CHANNELS, PRODUCTS
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World

SALES_KINDS: Final = ("Outbound Call", "Outbound Email", "Meeting", "Discovery Call")
_CHANNEL_OF_KIND: Final = {
    "Webinar Registered": "Webinar",
    "Webinar Attended": "Webinar",
    "Event Visit": "Event",
}
_MAIL: Final = ("Email Opened", "Email Clicked")


def activity_table(world: World) -> pd.DataFrame:
    """Return the table ``activities`` in order of its records, with ``lead`` as position and times in milliseconds."""
    rows = pd.concat(
        [_inbound(world, world.tracked), _inbound(world, world.uploaded), *_by_sales(world)],
        ignore_index=True,
    )
    rows = rows[(rows["recorded_at"] < WORLD_ENDS) & (rows["occurred_at"] < WORLD_ENDS)]
    rows = rows.sort_values(["recorded_at", "lead", "occurred_at"], kind="stable", ignore_index=True)
    rows.insert(0, "activity_id", [f"A-{number:07d}" for number in range(1, len(rows) + 1)])
    return rows


def _inbound(world: World, events: Events) -> pd.DataFrame:
    channel = channel_of(world.people.source)[events.lead]
    by_kind = np.array([CHANNELS.index(_CHANNEL_OF_KIND.get(name, CHANNELS[0])) for name in KINDS])
    own_channel = np.array([name in _CHANNEL_OF_KIND for name in KINDS])
    channel = np.where(own_channel[events.kind], by_kind[events.kind], channel)
    campaigns = np.array(campaign_ids(world.settings))
    named = np.isin(events.kind, [KINDS.index(name) for name in (*_MAIL, *_CHANNEL_OF_KIND)])
    inbound = np.isin(events.kind, [KINDS.index(name) for name in INBOUND])
    campaign = campaigns[running_campaign(world.settings, channel, events.occurred)]
    return pd.DataFrame(
        {
            "lead": events.lead,
            "occurred_at": events.occurred,
            "recorded_at": events.recorded,
            "activity_type": np.array(KINDS)[events.kind],
            "asset": np.array([*ALL_ASSETS, ""])[events.asset],
            "product": np.array([*PRODUCTS, ""])[events.product],
            "campaign_id": np.where(named, campaign, ""),
            "direction": np.where(inbound, "inbound", ""),
        }
    )


def _by_sales(world: World) -> list[pd.DataFrame]:
    """Calls and mails to handed leads until they convert, meetings after, and calls back-filled at SQL.

    Before SQL sales acts by plan and chance, whatever the class. The back-filled calls are a trap: they carry a
    date before SQL and exist only because of it, which `recorded_at` gives away.
    """
    rng = stream(world.settings.seed, "sales")
    ends = np.minimum(world.sql_at, world.refused_at)
    called = np.flatnonzero(world.routing.called_at < NEVER)
    first = world.routing.called_at[called]
    again = np.repeat(np.arange(len(called)), rng.poisson(1.5, len(called)))
    mailed = np.flatnonzero(rng.random(len(called)) < 0.6)
    follow_up = first[again] + np.floor(rng.exponential(6 * DAY, len(again))).astype(np.int64)
    calls = [
        _sales_rows("Outbound Call", called, first, ends),
        _sales_rows("Outbound Call", called[again], _in_office(world, follow_up), ends),
        _sales_rows("Outbound Email", called[mailed], first[mailed] + 300 * SECOND, ends),
    ]
    won_over = np.flatnonzero(world.sql_at < WORLD_ENDS)
    meeting = np.repeat(won_over, 1 + rng.poisson(1.2, len(won_over)))
    met = world.sql_at[meeting] + np.floor(rng.exponential(12 * DAY, len(meeting))).astype(np.int64)
    back = won_over[rng.random(len(won_over)) < 0.5]
    recorded = world.sql_at[back] + 600 * SECOND
    earlier = recorded - np.floor(rng.uniform(6 * HOUR, 6 * DAY, len(back))).astype(np.int64)
    discovery = _sales_rows("Discovery Call", back, np.maximum(earlier, world.people.created[back]), None)
    return [
        *calls,
        _sales_rows("Meeting", meeting, _in_office(world, met), None),
        discovery.assign(recorded_at=np.maximum(recorded, discovery["occurred_at"])),
    ]


def _sales_rows(kind: str, lead: Codes, at: Times, ends: Times | None) -> pd.DataFrame:
    kept = np.ones(len(lead), dtype=bool) if ends is None else at < ends[lead]
    lead, at = lead[kept], at[kept]
    text = {"asset": "", "product": "", "campaign_id": "", "direction": "outbound"}
    return pd.DataFrame({"lead": lead, "occurred_at": at, "recorded_at": at, "activity_type": kind, **text})


def _in_office(world: World, times: Times) -> Times:
    """Move what falls outside of office hours to the next opening."""
    return world.desk.when(world.desk.at(times))

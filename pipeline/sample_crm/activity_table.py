"""The table of activities: what leads did, what sales did, and what sales wrote down too late."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.arrays import Codes, Texts, Times
from pipeline.sample_crm.campaign_table import campaign_ids, running_campaign
from pipeline.sample_crm.clock import DAY, HOUR, NEVER, SECOND, WORLD_ENDS
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.kinds import ALL_ASSETS, INBOUND, KINDS, codes
from pipeline.sample_crm.people import channel_of
from pipeline.sample_crm.picklists import CHANNELS, PRODUCTS
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World

_CHANNEL_OF_KIND: Final = {
    "Webinar Registered": "Webinar",
    "Webinar Attended": "Webinar",
    "Event Visit": "Event",
}
_OF_A_CAMPAIGN: Final = ("Email Opened", "Email Clicked", *_CHANNEL_OF_KIND)


def activity_table(world: World) -> pd.DataFrame:
    """Return the table ``activities`` in the order in which it was recorded."""
    parts = [_by_leads(world, world.tracked), _by_leads(world, world.uploaded), *_by_sales(world)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["recorded_at"] < WORLD_ENDS]
    rows = rows.sort_values(["recorded_at", "lead", "occurred_at"], kind="stable", ignore_index=True)
    rows["activity_id"] = [f"A-{number:07d}" for number in range(1, len(rows) + 1)]
    return rows


def _by_leads(world: World, events: Events) -> pd.DataFrame:
    inbound = np.isin(events.kind, codes(INBOUND))
    return pd.DataFrame(
        {
            "lead": events.lead,
            "occurred_at": events.occurred,
            "recorded_at": events.recorded,
            "activity_type": _coded(events.kind, KINDS),
            "asset": _coded(events.asset, ALL_ASSETS),
            "product": _coded(events.product, PRODUCTS),
            "campaign_id": _campaigns(world, events),
            "direction": _coded(np.where(inbound, 0, -1), ("inbound",)),
        }
    )


def _campaigns(world: World, events: Events) -> pd.Series:
    """Return the campaign of each mail, webinar or stand: the one that its channel was running."""
    channel = channel_of(world.people.source)[events.lead]
    for kind, name in _CHANNEL_OF_KIND.items():
        channel = np.where(events.kind == KINDS.index(kind), CHANNELS.index(name), channel)
    running = running_campaign(world.settings, channel, events.occurred)
    named = np.isin(events.kind, codes(_OF_A_CAMPAIGN))
    return _coded(np.where(named, running, -1), campaign_ids(world.settings))


def _by_sales(world: World) -> list[pd.DataFrame]:
    """Calls and mails to leads handed over, until they are closed; and what comes with SQL."""
    rng = stream(world.settings.seed, "sales")
    closed = np.minimum(world.sql_at, world.refused_at)
    called = np.flatnonzero(world.routing.contact.called < NEVER)
    first = world.routing.contact.called[called]
    again = np.repeat(np.arange(len(called)), rng.poisson(1.5, len(called)))
    follow_up = first[again] + np.floor(rng.exponential(6 * DAY, len(again))).astype(np.int64)
    mailed = np.flatnonzero(rng.random(len(called)) < 0.6)
    rows = [
        _outbound("Outbound Call", called, first),
        _outbound("Outbound Call", called[again], _in_office(world, follow_up)),
        _outbound("Outbound Email", called[mailed], first[mailed] + 300 * SECOND),
    ]
    while_open = [part[part["occurred_at"].to_numpy() < closed[part["lead"].to_numpy()]] for part in rows]
    return [*while_open, *_with_sql(rng, world)]


def _with_sql(rng: np.random.Generator, world: World) -> list[pd.DataFrame]:
    """Meetings after SQL; and discovery calls, a trap: dated before SQL but written down because of it."""
    reached = np.flatnonzero(world.sql_at < WORLD_ENDS)
    meeting = np.repeat(reached, 1 + rng.poisson(1.2, len(reached)))
    met = world.sql_at[meeting] + np.floor(rng.exponential(12 * DAY, len(meeting))).astype(np.int64)
    back = reached[rng.random(len(reached)) < 0.5]
    written = world.sql_at[back] + 600 * SECOND
    dated = written - np.floor(rng.uniform(6 * HOUR, 6 * DAY, len(back))).astype(np.int64)
    discovery = _outbound("Discovery Call", back, np.maximum(dated, world.people.created[back]))
    return [_outbound("Meeting", meeting, _in_office(world, met)), discovery.assign(recorded_at=written)]


def _outbound(kind: str, lead: Codes, at: Times) -> pd.DataFrame:
    return pd.DataFrame(
        {"lead": lead, "occurred_at": at, "recorded_at": at, "activity_type": kind, "direction": "outbound"}
    )


def _in_office(world: World, times: Times) -> Times:
    """Move what falls outside of office hours to the next opening."""
    return world.clocks.desk.when(world.clocks.desk.at(times))


def _coded(positions: Codes, names: tuple[str, ...] | list[str]) -> pd.Series:
    """Return the names at these positions, missing for -1."""
    labels: Texts = np.array([*names, None], dtype=object)
    return pd.Series(pd.array(labels, dtype="str").take(positions % len(labels)))

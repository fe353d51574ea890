"""The campaigns: in every channel one after the other, six weeks each."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.arrays import Codes, Times
from pipeline.sample_crm.clock import DAY, WORLD_ENDS, world_starts
from pipeline.sample_crm.picklists import CHANNELS
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream

RUN: Final = 42 * DAY
_USUAL_COST: Final = np.array([4_000, 22_000, 9_000, 12_000, 30_000, 8_000, 15_000, 18_000])


def campaign_table(settings: Settings) -> pd.DataFrame:
    """Return the table ``campaigns``, times in milliseconds, ids in order of channel and start."""
    runs = _runs(settings)
    number = len(CHANNELS) * runs
    channel, run = np.divmod(np.arange(number), runs)
    started = world_starts(settings.months) + run * RUN
    cost = _USUAL_COST[channel] * stream(settings.seed, "campaigns").lognormal(0, 0.3, number)
    return pd.DataFrame(
        {
            "campaign_id": campaign_ids(settings),
            "name": [f"{CHANNELS[code]} wave {wave + 1}" for code, wave in zip(channel, run, strict=True)],
            "channel": np.array(CHANNELS)[channel],
            "cost": np.round(cost, -1),
            "started_at": started,
            "ended_at": started + RUN,
        }
    )


def campaign_ids(settings: Settings) -> list[str]:
    """Return the ids of the campaigns, in the order of `running_campaign`."""
    return [f"C-{number:03d}" for number in range(1, len(CHANNELS) * _runs(settings) + 1)]


def running_campaign(settings: Settings, channel: Codes, times: Times) -> Codes:
    """Return the position of the campaign that a channel runs at each moment."""
    run = (times - world_starts(settings.months)) // RUN
    return channel * _runs(settings) + np.clip(run, 0, _runs(settings) - 1)


def _runs(settings: Settings) -> int:
    return int(-(-(WORLD_ENDS - world_starts(settings.months)) // RUN))

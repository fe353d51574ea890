"""Write a sample CRM into a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.activity_table import activity_table
from pipeline.sample_crm.after_sql import draw_after_sql, opportunity_table
from pipeline.sample_crm.campaign_table import campaign_table
from pipeline.sample_crm.dirt import junk_activities
from pipeline.sample_crm.export import exported_leads
from pipeline.sample_crm.files import FileFormat, with_ids, write_table
from pipeline.sample_crm.roll import draw_roll
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.stage_table import stage_table
from pipeline.sample_crm.truth import Truth, truth_of, write_truth
from pipeline.sample_crm.world import World, draw_world

USUAL: Final = Settings()


def write_sample_crm(
    folder: Path,
    leads: int | None = None,
    seed: int | None = None,
    settings: Settings = USUAL,
    file_format: FileFormat = "parquet",
) -> Truth:
    """Write the six tables into ``folder`` and what the oracle needs into ``folder/truth``; return it.

    ``leads`` and ``seed`` go before those of ``settings``. Equal settings write equal bytes.

    Raises:
        BatonError: There is no such world, for instance one without leads.
    """
    settings = replace(
        settings,
        leads=settings.leads if leads is None else leads,
        seed=settings.seed if seed is None else seed,
    )
    world = draw_world(settings)
    folder.mkdir(parents=True, exist_ok=True)
    roll = draw_roll(world)
    for name, frame in crm_tables(world).items():
        write_table(frame, name, folder, file_format)
    truth = truth_of(world, roll)
    write_truth(truth, folder / "truth")
    return truth


def crm_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return the six tables of a world by name; times in milliseconds, missing texts "" or missing."""
    after, roll = draw_after_sql(world), draw_roll(world)
    ids = np.array([*roll.ids, *roll.copy_ids], dtype=object)
    activities, stages = activity_table(world), stage_table(world, after, roll)
    leads, changes = exported_leads(world, after, roll, activities, stages)
    done = with_ids(activities, ids)
    return {
        "leads": leads,
        "activities": pd.concat([done, junk_activities(world.settings, done)], ignore_index=True),
        "stage_changes": with_ids(stages, ids),
        "field_changes": with_ids(changes, ids),
        "campaigns": campaign_table(world.settings),
        "opportunities": with_ids(opportunity_table(after), ids),
    }

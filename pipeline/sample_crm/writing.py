"""Write a sample CRM into a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data_checks.tables import empty_table
from pipeline.sample_crm.activity_table import activity_table
from pipeline.sample_crm.campaign_table import campaign_table
from pipeline.sample_crm.clock import NEVER, WORLD_ENDS
from pipeline.sample_crm.lead_table import lead_ids, lead_table
from pipeline.sample_crm.opportunity_table import opportunity_table
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.stage_table import current_stage, draw_after_sql, stage_table
from pipeline.sample_crm.traps import trap_columns
from pipeline.sample_crm.world import draw_world

USUAL: Final = Settings()


def write_sample_crm(
    folder: Path, leads: int = USUAL.leads, seed: int = USUAL.seed, settings: Settings = USUAL
) -> None:
    """Write the six tables as Parquet into ``folder``, and what the oracle needs into ``folder/truth``."""
    world = draw_world(replace(settings, leads=leads, seed=seed))
    after = draw_after_sql(world)
    ids = np.array(lead_ids(leads))
    activities = activity_table(world)
    stages = stage_table(world, after)
    opportunities = opportunity_table(world, after)
    amount = opportunities.set_index("lead")["amount"]
    table = pd.concat([lead_table(world), trap_columns(world, after, amount, activities)], axis=1)
    table["stage"] = stages["stage"].to_numpy()[current_stage(stages, leads)]
    table["converted_at"] = np.where(world.sql_at < WORLD_ENDS, world.sql_at, NEVER)
    folder.mkdir(parents=True, exist_ok=True)
    table = table.sort_values("last_modified", kind="stable", ignore_index=True)
    tables = {
        "leads": table,
        "activities": activities,
        "stage_changes": stages,
        "opportunities": opportunities,
        "campaigns": campaign_table(world.settings),
        "field_changes": empty_table("field_changes"),
    }
    for name, frame in tables.items():
        _dressed(frame, ids).to_parquet(folder / f"{name}.parquet", index=False)


def _dressed(frame: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:  # type: ignore[type-arg]
    """Return the frame with ids for positions, times for milliseconds and missing for ""."""
    dressed = {}
    for name, column in frame.items():
        if name == "lead":
            dressed["lead_id"] = pd.Series(ids[column.to_numpy()], dtype="str")
        elif str(name).endswith("_at") and column.dtype.kind == "i":
            times = (
                pd.Series(column.to_numpy().astype("datetime64[ms]")).dt.as_unit("us").dt.tz_localize("UTC")
            )
            dressed[name] = times.mask(column.to_numpy() == NEVER)
        elif column.dtype.kind in "OUT" or column.dtype == "str":
            text = pd.Series(column.to_numpy(), dtype="str")
            dressed[name] = text.mask((text == "").to_numpy())
        else:
            dressed[name] = column
    return pd.DataFrame(dressed)

"""The table of leads as the CRM exports it: dirt, edits, traps and stages upon what was typed in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.sample_crm.after_sql import AfterSql
from pipeline.sample_crm.clock import DAY, NEVER, WORLD_ENDS
from pipeline.sample_crm.dirt import dirty_leads, junk_leads
from pipeline.sample_crm.edits import edit
from pipeline.sample_crm.lead_table import lead_table
from pipeline.sample_crm.roll import Roll
from pipeline.sample_crm.stage_table import current_stages
from pipeline.sample_crm.traps import TRAP_COLUMNS, as_text, trap_columns
from pipeline.sample_crm.world import World


def exported_leads(
    world: World, after: AfterSql, roll: Roll, activities: pd.DataFrame, stages: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables ``leads``, in order of ``last_modified``, and ``field_changes``."""
    typed = dirty_leads(world.settings, lead_table(world))
    edited, changes = edit(world, typed)
    edited = pd.concat([edited, trap_columns(world, after, activities)], axis=1)
    edited["converted_at"] = np.where(world.sql_at < WORLD_ENDS, world.sql_at, NEVER)
    leads = pd.concat([edited, _copies(typed, roll)], ignore_index=True)
    leads.insert(0, "lead_id", [*roll.ids, *roll.copy_ids])
    leads["stage"] = current_stages(stages, len(leads))
    leads = leads.sort_values("last_modified", kind="stable", ignore_index=True)
    return pd.concat([leads, junk_leads(world.settings, leads)], ignore_index=True), changes


def _copies(typed: pd.DataFrame, roll: Roll) -> pd.DataFrame:
    """Return the leads typed twice: as they were typed, later, and with nothing happening to them."""
    copies = typed.iloc[roll.copied].assign(created_at=roll.copy_created, converted_at=NEVER)
    copies[list(TRAP_COLUMNS)] = ""
    modified = np.minimum(roll.copy_created + 14 * DAY, WORLD_ENDS - 1)
    return copies.assign(owner_id="queue-emea", activity_count="0", last_modified=as_text(modified))

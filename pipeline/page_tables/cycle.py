"""Each lead's way through the revenue cycle, as SQL over the checked tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from data_checks.agreement import Agreement
from data_checks.stages import DETOURS, STAGE_NAMES, StageName, has_reached
from models.outcomes import CLOSED

STAGE_CHANGES: Final = """
create table stage_changes as
select c.lead_id, c.changed_at, n.stage, c.stage as value, c.reason, c.changed_by
from source.stage_changes c left join stage_names n on n.value = c.stage
order by c.lead_id, c.changed_at
"""

FIRST_COLUMNS: Final = tuple(f"{stage}_at" for stage in STAGE_NAMES)
"""When a lead first was in a stage or, of the revenue cycle, in one behind it."""


def stage_rows(values: Iterable[str], agreement: Agreement) -> list[tuple[str, StageName | None]]:
    """Return the stage that each value of the CRM means."""
    return [(value, agreement.stage_of(value)) for value in values]


def reached_sql() -> str:
    """Return the query for when each lead reached each stage, where it stands, and why it was sent back."""
    firsts = ",\n".join(f"min(changed_at) filter (stage in ({_those(at)})) as {at}_at" for at in STAGE_NAMES)
    return f"""
create table reached as
select lead_id, {firsts},
  arg_max(stage, changed_at) as stage,
  max(changed_at) as changed_at,
  arg_max(reason, changed_at) filter (stage in ({_quoted(DETOURS)})) as sent_back_for
from stage_changes where stage is not null group by lead_id
"""


def is_open_sql(target: StageName) -> str:
    """Return the condition that a lead may still become what was agreed: `models.outcomes.is_open` now."""
    return f"{target}_at is null and coalesce(stage not in ({_quoted(CLOSED)}), true)"


def conversion_only_sql(target: StageName) -> str:
    """Return the query in place of `reached_sql` for a source that keeps no stage changes."""
    at = ", ".join(
        f"{'converted_at' if has_reached(target, stage) else 'null::timestamptz'} as {stage}_at"
        for stage in STAGE_NAMES
    )
    return f"""
create table reached as
select lead_id, {at}, '{target}' as stage, converted_at as changed_at, null::varchar as sent_back_for
from source.leads where converted_at is not null
"""


def _those(target: StageName) -> str:
    return _quoted(stage for stage in STAGE_NAMES if has_reached(stage, target))


def _quoted(stages: Iterable[StageName]) -> str:
    return ", ".join(f"'{stage}'" for stage in stages)

"""One row a lead: who it is, how far it came and when, and whether sales has been in touch."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from data_checks.stages import STAGE_NAMES, StageName
from pipeline.page_tables.cycle import is_open_sql

TEXTS: Final = {
    "company": "company",
    "title": "title",
    "source": "lead_source",
    "campaign_id": "campaign_id",
    "industry": "industry",
    "country": "country",
    "line_of_business": "line_of_business",
    "owner": "owner_id",
}
"""Columns of the pages, by the column of the CRM's table; one that the CRM has not is empty."""

SIZES: Final = ((10, "1 to 9"), (50, "10 to 49"), (250, "50 to 249"), (1000, "250 to 999"))
LARGEST: Final = "1,000 and more"
"""Employees, as the bands that marketing plans by."""


def leads_sql(columns: Collection[str], target: StageName) -> str:
    """Return the query that makes the table ``leads`` from the tables ``reached`` and ``contacts``.

    The group of a source is what stands before its first colon, in its commonest spelling.
    """
    texts = ",\n".join(_text(name, column, columns) for name, column in TEXTS.items())
    employees = "try_cast(l.number_of_employees as double)" if "number_of_employees" in columns else "null"
    bands = " ".join(f"when employees < {below} then '{label}'" for below, label in SIZES)
    dates = ", ".join(f"r.{stage}_at" for stage in STAGE_NAMES)
    return f"""
create table leads as
with known as (
  select l.lead_id, l.created_at, {texts}, {employees}::double as employees
  from source.leads l
), groups as (
  select lower(source_group) as folded, mode(source_group) as source_group
  from (select nullif(trim(split_part(source, ':', 1)), '') as source_group from known)
  where source_group is not null group by 1
)
select k.*,
  g.source_group,
  case when employees is null then null {bands} else '{LARGEST}' end as size,
  coalesce(r.stage, 'inquiry') as stage, r.changed_at as stage_since, r.sent_back_for,
  {is_open_sql(target)} as is_open,
  {dates},
  c.contacted_at, a.activities, a.last_activity_at
from known k
left join groups g on g.folded = lower(trim(split_part(k.source, ':', 1)))
left join reached r using (lead_id)
left join contacts c using (lead_id)
left join (
  select lead_id, count(*) as activities, max(occurred_at) as last_activity_at
  from activities group by lead_id
) a using (lead_id)
order by k.lead_id
"""


def _text(name: str, column: str, columns: Collection[str]) -> str:
    return f"nullif(trim(l.{column}), '') as {name}" if column in columns else f"null::varchar as {name}"


CONTACTS: Final = """
create table contacts as
select r.lead_id, min(a.occurred_at) as contacted_at
from reached r join activities a on a.lead_id = r.lead_id
where a.direction = 'outbound' and a.occurred_at >= r.mql_at
group by r.lead_id
"""
"""The first time that sales was in touch after the hand-off."""

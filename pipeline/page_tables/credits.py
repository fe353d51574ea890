"""Which campaigns a qualified lead and a deal are owed to: to the first touch, to the last, or shared."""

from __future__ import annotations

from typing import Final

from data_checks.stages import StageName
from pipeline.page_tables.segments import OF_LEADS

_SEGMENT: Final = ", ".join(f"s.{name}" for name in OF_LEADS)

TOUCHES: Final = """
select lead_id, campaign_id, created_at as touched_at from leads where campaign_id is not null
union
select lead_id, campaign_id, occurred_at from activities
where campaign_id is not null and direction is distinct from 'outbound'
"""
"""When each lead met which campaigns: the one that it came by, and those of its activities."""

CAMPAIGN_LEADS: Final = f"""
select t.campaign_id, t.lead_id, 1.0 / count(*) over (partition by t.campaign_id) as part, {_SEGMENT}
from (select distinct campaign_id, lead_id from ({TOUCHES})) t join segments s using (lead_id)
order by t.campaign_id, t.lead_id
"""
"""The leads that each campaign met; ``part`` is that of its cost which falls to each, all alike."""


def credits_sql(target: StageName) -> str:
    """Return the query for the table ``credits``: one row for each campaign that led to an event.

    An ``event`` is a lead that reached the target (``target``) or a deal (``deal``). What counts are the
    touches up to it: a campaign's ``first_touch`` is 1 if it made the first of them, ``last_touch`` if it
    made the last, and ``shared`` is its part of all. An event without a touch is owed to no campaign: it has
    one row without campaign. So each of the three adds up to 1 over the rows of an event.
    """
    return f"""
with events as (
  select row_number() over (order by event, lead_id, happened_at, amount, opportunity_id) as number, *
  from (
    select 'target' as event, lead_id, {target}_at as happened_at, null::varchar as opportunity_id,
      null::double as amount, null::boolean as is_won
    from leads where {target}_at is not null
    union all
    select 'deal', lead_id, created_at, opportunity_id, amount, is_won from opportunities
  )
), touched as ({TOUCHES}), placed as (
  select number, campaign_id,
    row_number() over (partition by number order by touched_at, campaign_id) as place,
    count(*) over (partition by number) as touches
  from events join touched using (lead_id) where touched_at <= happened_at
), owed as (
  select number, campaign_id, (min(place) = 1)::double as first_touch,
    (max(place) = any_value(touches))::double as last_touch, count(*) / any_value(touches) as shared
  from placed group by all
)
select e.event, e.lead_id, e.opportunity_id, e.happened_at, e.amount, e.is_won, o.campaign_id,
  {_SEGMENT},
  coalesce(o.first_touch, 1.0) as first_touch, coalesce(o.last_touch, 1.0) as last_touch,
  coalesce(o.shared, 1.0) as shared
from events e join segments s using (lead_id) left join owed o using (number)
order by e.number, o.campaign_id
"""

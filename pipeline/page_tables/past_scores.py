"""What the models of the past had said of each lead, beside what came of it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.back_test_files import read_replay
from pipeline.project import Project
from pipeline.training import read_chosen_rows, read_lead_ids

COLUMNS = ["lead_id", "as_of", "age_days", "model", "probability", "converted"]


def past_scores(project: Project) -> pd.DataFrame:
    """Return the table ``past_scores``: each look at a lead in the months of the back-test.

    ``probability`` is what the model of that month, which knew nothing later, said of the lead as of that
    moment; ``converted`` whether it reached the target within the agreed days. Looks whose days are not over
    are not in it.
    """
    replay, _kind = read_replay(project.back_test)
    rows = read_chosen_rows(project, ())
    parts = [_nothing()]
    for served, said in zip(replay.served, replay.said, strict=True):
        own = rows[said.rows]
        parts.append(
            pd.DataFrame(
                {
                    "lead_id": read_lead_ids(project, own.lead),
                    "as_of": pd.to_datetime(own.as_of, unit="us", utc=True),
                    "age_days": own.age_days,
                    "model": served.period.name,
                    "probability": said.probability,
                    "converted": own.label,
                }
            )
        )
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _nothing() -> pd.DataFrame:
    kinds = ("str", "datetime64[us, UTC]", "float64", "str", "float64", "bool")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in zip(COLUMNS, kinds, strict=True)})


JUDGED: Final = """
with served as (
  select lead_id, as_of, any_value(age_days) as age_days, max(model) as model,
    arg_max(probability, model) as probability, any_value(converted) as converted
  from past_scores group by lead_id, as_of
)
select *,
  row_number() over (partition by lead_id order by as_of) as nth,
  row_number() over (partition by lead_id order by as_of desc) as nth_last,
  count(*) over (partition by lead_id) as looks
from served order by lead_id, as_of
"""
"""Each look at a lead once, with what the model of its own period had said: the newest there was then."""

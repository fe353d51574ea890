"""Traps: columns and rows that look like knowledge and are written by the outcome."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_checks.agreement import Agreement
from data_checks.checking import check_history
from data_checks.tables import SHAPES, CrmHistory
from pipeline.sample_crm.oracle import best_possible
from pipeline.sample_crm.picklists import INDUSTRIES, INDUSTRY_VARIANTS, STAGES
from pipeline.sample_crm.ruler import gap_to_best
from pipeline.sample_crm.traps import POLICY_COLUMNS, TRAP_ACTIVITIES, TRAP_COLUMNS


@pytest.fixture(scope="module")
def leads(tables) -> pd.DataFrame:
    frame = tables["leads"].drop_duplicates("lead_id")
    return frame[~frame["lead_id"].str.startswith("L-TEST")]


def test_truth_lists_the_traps(folder: Path):
    """The truth names every trap with its reason."""
    listed = json.loads((folder / "truth" / "traps.json").read_text(encoding="utf-8"))
    assert tuple(listed["columns"]) == TRAP_COLUMNS
    assert tuple(listed["policy"]) == POLICY_COLUMNS
    assert set(listed["activities"]) == set(TRAP_ACTIVITIES)
    assert all(listed["columns"].values())


def test_traps_change_without_history(tables, leads):
    """No trap has a history that could tell what it was."""
    assert set(TRAP_COLUMNS) <= set(leads)
    assert not set(tables["field_changes"]["field"]) & set(TRAP_COLUMNS)


def test_traps_tell_the_outcome(leads):
    """Among leads old enough to be decided, each trap tells winners from others better than chance."""
    old = leads[leads["created_at"] < pd.Timestamp("2026-07-01", tz="UTC")]
    won = old["converted_at"].notna().to_numpy()
    for name in ("technology_stack", "sales_notes_category", "deal_amount"):
        filled = old[name].notna().to_numpy()
        assert filled[won].mean() > 1.2 * filled[~won].mean() + 0.05
    assert old["owner_id"].str.startswith("ae-")[won].all()
    assert not old["owner_id"].str.startswith("ae-")[~won].any()
    counts = old["activity_count"].astype(int).to_numpy()
    assert counts[won].mean() > 1.5 * counts[~won].mean()
    assert set(TRAP_COLUMNS) == {
        *("owner_id", "last_modified", "last_activity_at", "activity_count"),
        *("deal_amount", "sales_notes_category", "technology_stack"),
    }


def test_row_order_tells(leads):
    """The export's order is that of the last change, which is later for leads that reached SQL."""
    modified = pd.to_datetime(leads["last_modified"])
    assert modified.is_monotonic_increasing
    created = leads["created_at"].to_numpy()
    lag = np.asarray((modified.to_numpy() - created) / np.timedelta64(1, "D"), dtype=float)
    won = leads["converted_at"].notna().to_numpy()
    assert np.median(lag[won]) > 2 * np.median(lag[~won])


def test_back_filled_calls_are_recorded_after_sql(tables, leads):
    """Discovery calls are dated before SQL and recorded after it: only the record's time gives them away."""
    calls = tables["activities"]
    calls = calls[calls["activity_type"].isin(TRAP_ACTIVITIES) & ~calls["activity_id"].str.startswith("A-J")]
    converted = leads.set_index("lead_id")["converted_at"].loc[calls["lead_id"]].to_numpy()
    assert (calls["recorded_at"].to_numpy() >= converted).all()
    assert (calls["occurred_at"].to_numpy() < converted).mean() > 0.9


def test_life_goes_on_after_sql(tables, leads):
    """Leads keep acting after they reached SQL, so that counts to the export know the outcome."""
    activities = tables["activities"]
    converted = leads.set_index("lead_id")["converted_at"].reindex(activities["lead_id"]).to_numpy()
    assert (activities["occurred_at"].to_numpy() > converted).mean() > 0.1


def test_the_checks_find_the_dirt_and_go_on(tables):
    """The house rules and an agreement set the dirt aside or flag it, without stopping the run."""
    names = ("inquiry", "mql", "sal", "sql", "opportunity", "won", "recycled", "disqualified", "lost")
    agreement = Agreement.model_validate(
        {
            "version": "test",
            "stages": {name: [stage] for name, stage in zip(names, STAGES, strict=True)},
            "target": {"stage": "sql", "within_days": 90},
            "lead_data": [
                {"field": "number_of_employees", "rule": "range", "min": 1, "breach": "reject"},
                {
                    "field": "industry",
                    "rule": "allowed",
                    "values": {name: INDUSTRY_VARIANTS.get(name, ()) for name in INDUSTRIES},
                    "breach": "flag",
                },
            ],
            "grades": {"A": 0.4, "B": 0.0},
            "handoff": {"by": "probability", "at_least": 0.2},
        }
    )
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    history = CrmHistory(**{name: tables[name] for name in SHAPES})
    checked = check_history(history, agreement, now)
    found = {finding.clause for finding in checked.findings}
    assert {"leads.number_of_employees.range", "leads.industry.allowed"} <= found
    assert any("possible" in clause for clause in found)
    assert 0.97 * len(tables["leads"]) < len(checked.clean.leads) < len(tables["leads"])


def looked_at(folder: Path, tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, np.ndarray]:
    """Leads a week after arrival: what was on record of them, what the export shows, and the best score."""
    leads = tables["leads"].drop_duplicates("lead_id").set_index("lead_id")
    leads = leads[leads["created_at"].between("2025-01-01", "2026-07-20")]
    as_of = leads["created_at"] + pd.Timedelta(days=7)
    activities = tables["activities"].join(as_of.rename("as_of"), on="lead_id")
    recorded = activities[activities["recorded_at"] <= activities["as_of"]]
    looked = pd.DataFrame(
        {
            "reached": leads["converted_at"] <= as_of + pd.Timedelta(days=90),
            "acts": recorded.groupby("lead_id").size(),
            "prices": recorded[recorded["activity_type"] == "Pricing Page Visit"].groupby("lead_id").size(),
            "called": recorded[recorded["activity_type"] == "Outbound Call"].groupby("lead_id").size(),
            "exported_acts": leads["activity_count"].astype(float),
            "worked": leads["technology_stack"].notna().astype(float),
            "senior": leads["seniority"].isin(["C-Level", "Vice President", "Director"]).astype(float),
        }
    ).reindex(leads.index)
    best = best_possible(folder, list(looked.index), as_of.astype("int64").to_numpy(), 90)
    return looked.fillna(0.0), best


@pytest.mark.parametrize("trap", [None, "exported_acts", "worked"])
def test_the_ruler_tells_traps_from_features(folder, tables, trap):
    """What was on record never beats the best score; one trap among the features raises the alarm."""
    from sklearn.linear_model import LogisticRegression

    looked, best = looked_at(folder, tables)
    names = ["acts", "prices", "called", "senior", *([trap] if trap else [])]
    features = np.log1p(looked[names].to_numpy(dtype=float))
    reached, even = looked["reached"].to_numpy(dtype=bool), np.arange(len(looked)) % 2 == 0
    learned, judged = ~np.isnan(best) & even, ~np.isnan(best) & ~even
    model = LogisticRegression().fit(features[learned], reached[learned])
    scores = model.predict_proba(features[judged])[:, 1]
    gap = gap_to_best(best[judged], scores, reached[judged], looked.index[judged])
    assert gap.leaking == (trap is not None)

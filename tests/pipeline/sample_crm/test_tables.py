"""The tables of the sample: shaped as agreed, related as they should be, and the same for the same seed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from data_checks.errors import BatonError
from data_checks.tables import SHAPES, TIME_DTYPE, empty_table
from pipeline.sample_crm.picklists import COUNTRIES, INDUSTRIES, RENAMED_INDUSTRY, STAGES
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.writing import write_sample_crm


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_equal_seeds_write_equal_bytes(tmp_path):
    """The same settings write the same bytes, another seed writes other ones."""
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        write_sample_crm(tmp_path / name, leads=300, seed=seed)
    one, same, other = (digests(tmp_path / name) for name in ("one", "same", "other"))
    assert len(one) == 12
    assert one == same
    assert all(one[name] != other[name] for name in ("leads.parquet", "activities.parquet"))


def test_shapes(tables):
    """Every table has all columns of its shape, with their types; leads have columns of their own."""
    for name, shape in SHAPES.items():
        frame = tables[name]
        assert len(frame)
        assert list(frame)[: len(shape.columns)] == list(shape.columns)
        assert frame[list(shape.columns)].dtypes.to_dict() == empty_table(name).dtypes.to_dict()
        assert frame[list(shape.required)].notna().all().all()
    assert (tables["leads"].drop(columns=["created_at", "converted_at"]).dtypes == "str").all()


def test_relations(tables):
    """But for what is dirt on purpose, whatever belongs to a lead names one, and comes after it."""
    leads = tables["leads"].drop_duplicates("lead_id").set_index("lead_id")
    for name, when in (
        ("activities", "occurred_at"),
        ("stage_changes", "changed_at"),
        ("field_changes", "changed_at"),
        ("opportunities", "created_at"),
    ):
        frame = tables[name]
        if name == "activities":
            frame = frame[~frame["activity_id"].str.startswith("A-J")]
        assert frame["lead_id"].isin(leads.index).all()
        assert (frame[when].to_numpy() >= leads["created_at"].loc[frame["lead_id"]].to_numpy()).all()
    activities = tables["activities"]
    known = activities[~activities["activity_id"].str.startswith("A-J")]
    assert known["activity_id"].is_unique
    assert (known["recorded_at"] >= known["occurred_at"]).all()
    assert known["recorded_at"].max() < pd.Timestamp("2026-11-01", tz="UTC")
    for name in ("leads", "activities"):
        assert set(tables[name]["campaign_id"].dropna()) <= set(tables["campaigns"]["campaign_id"])


def test_some_records_are_late(tables):
    """Some activities are recorded days after they occurred."""
    delay = tables["activities"]["recorded_at"] - tables["activities"]["occurred_at"]
    assert 0.01 < (delay > pd.Timedelta(days=1)).mean() < 0.1


def test_stages(tables):
    """A lead begins as New, uses the CRM's stages only, and holds the stage of its last change."""
    changes, leads = tables["stage_changes"], tables["leads"]
    assert set(changes["stage"]) == set(STAGES)
    by_lead = changes.groupby("lead_id")["stage"]
    assert (by_lead.first() == "New").all()
    real = leads[~leads["lead_id"].str.startswith("L-TEST")].drop_duplicates("lead_id").set_index("lead_id")
    assert (by_lead.last() == real["stage"].loc[by_lead.last().index]).all()
    qualified = changes[changes["stage"] == "Qualified"].set_index("lead_id")["changed_at"]
    assert qualified.index.is_unique
    pd.testing.assert_series_equal(
        qualified.sort_index(), real["converted_at"].dropna().sort_index(), check_names=False
    )


def test_no_stage_is_made_up_at_sql(tables):
    """Some leads jump to SQL without the stages between: the moves before SQL are not filled in after it."""
    changes = tables["stage_changes"]
    reached = changes.loc[changes["stage"] == "Qualified", "lead_id"]
    accepted = changes.loc[changes["stage"] == "Sales Accepted", "lead_id"]
    assert 0.1 < reached.isin(accepted).mean() < 0.9


def test_opportunities_follow_sql(tables):
    """An opportunity belongs to a lead that reached SQL, and is won or lost if and only if it is closed."""
    opportunities = tables["opportunities"]
    converted = tables["leads"].drop_duplicates("lead_id").set_index("lead_id")["converted_at"]
    assert (opportunities["created_at"] >= converted.loc[opportunities["lead_id"]].to_numpy()).all()
    assert (opportunities["is_won"].notna() == opportunities["closed_at"].notna()).all()
    assert 0.1 < opportunities["is_won"].mean() < 0.6
    assert (opportunities["amount"] > 0).all()


def test_history_leads_back_to_what_was_typed(tables):
    """Undoing the field changes, newest first, leaves fewer values known than the export shows."""
    leads = tables["leads"].drop_duplicates("lead_id").set_index("lead_id")
    changes = tables["field_changes"]
    changed = zip(changes["lead_id"], changes["field"], strict=True)
    current = [leads.loc[lead, field] for lead, field in changed]
    assert list(changes["new_value"]) == current
    assert changes["old_value"].isna().mean() > 0.3


def test_random_arm(tables):
    """Some leads are handed over against the rule, and their propensity says how likely that was."""
    changes = tables["stage_changes"]
    handed = changes[changes["reason"].isin(["random arm", "points on arrival"])]
    leads = tables["leads"].drop_duplicates("lead_id").set_index("lead_id")
    propensity = leads["handoff_propensity"].loc[handed["lead_id"]].astype(float).to_numpy()
    by_chance = (handed["reason"] == "random arm").to_numpy()
    assert by_chance.sum() > 30
    assert (propensity[by_chance] == 0.05).all()
    assert (propensity[~by_chance] == 0.95).all()


def test_capacity(tables):
    """In no week does the rule hand over more leads than sales can take."""
    changes = tables["stage_changes"]
    handed = changes.loc[changes["reason"] == "points on arrival", "changed_at"]
    arrivals = changes.loc[changes["stage"] == "New", "changed_at"]
    weeks = (handed - pd.Timedelta(minutes=10) - arrivals.min()) // pd.Timedelta(days=7)
    a_week = 3_000 / ((arrivals.max() - arrivals.min()) / pd.Timedelta(days=7))
    assert weeks.value_counts().max() <= round(0.35 * a_week) + 1


def test_csv_says_the_same(tmp_path):
    """CSV files hold the same tables as Parquet files."""
    write_sample_crm(tmp_path / "parquet", leads=200)
    write_sample_crm(tmp_path / "csv", leads=200, file_format="csv")
    for name, shape in SHAPES.items():
        parquet = pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet")
        csv = pd.read_csv(tmp_path / "csv" / f"{name}.csv", dtype="str", keep_default_na=False)
        assert len(csv) == len(parquet)
        for column in parquet:
            if shape.columns.get(column, "text") == "time":
                times = pd.to_datetime(csv[column].replace("", None)).astype(TIME_DTYPE)
                pd.testing.assert_series_equal(times, parquet[column])
            elif shape.columns.get(column, "text") == "text":
                pd.testing.assert_series_equal(csv[column], parquet[column].fillna(""))


def test_drift_shows_in_the_tables(tmp_path):
    """A renamed picklist value and a new source appear late, and only if they are asked for."""
    late = pd.Timestamp("2026-05-01", tz="UTC")
    for name, drift in (("still", False), ("drift", True)):
        settings = Settings(leads=600, new_source=drift, renamed_industry=drift)
        write_sample_crm(tmp_path / name, settings=settings)
        leads = pd.read_parquet(tmp_path / name / "leads.parquet")
        for column, value in (("industry", RENAMED_INDUSTRY[1]), ("lead_source", "Partner: Marketplace")):
            rows = leads[leads[column] == value]
            assert bool(len(rows)) == drift
            assert (rows["created_at"] > late - pd.Timedelta(days=3)).all()


@pytest.mark.parametrize("leads", [1, 2, 17])
def test_tiny_worlds(tmp_path, leads):
    """A world with hardly a lead can be written and has all its tables."""
    write_sample_crm(tmp_path, leads=leads, seed=1)
    frame = pd.read_parquet(tmp_path / "leads.parquet")
    assert frame.loc[~frame["lead_id"].str.startswith("L-TEST"), "lead_id"].nunique() == leads
    assert all((tmp_path / f"{name}.parquet").is_file() for name in SHAPES)


def test_clean_worlds(tmp_path):
    """Without dirt no value is badly typed, no row is twice and none is impossible."""
    write_sample_crm(tmp_path, leads=400, settings=Settings(dirt_share=0.0))
    leads = pd.read_parquet(tmp_path / "leads.parquet")
    assert leads["lead_id"].is_unique
    assert len(leads) == 400
    assert set(leads["country"]) <= set(COUNTRIES)
    assert leads["number_of_employees"].dropna().str.isdecimal().all()
    assert leads["industry"].dropna().isin(INDUSTRIES).all()
    activities = pd.read_parquet(tmp_path / "activities.parquet")
    assert (activities["occurred_at"].dt.year.isin([2025, 2026])).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"leads": 0}, "leads is at least 1"),
        ({"base_rate": 0.9}, "base_rate is between"),
        ({"months": 0}, "months of history"),
        ({"seed": -1}, "the seed"),
        ({"dirt_share": 0.7}, "dirt_share"),
        ({"effect_scale": -1}, "effect_scale is not negative"),
        ({"base_rate": float("nan")}, "base_rate is between"),
    ],
)
def test_impossible_settings(change, message):
    """Settings that no world can have are refused by name."""
    with pytest.raises(BatonError, match=message):
        Settings(**change)


def test_some_leads_are_immature(tables):
    """Leads keep arriving to the end, so that some are too young to be judged when the record ends."""
    created = tables["leads"]["created_at"]
    assert 0.1 < (created > pd.Timestamp("2026-08-03", tz="UTC")).mean() < 0.25

"""The examples: four public data sets, each read by YAML alone."""

import os
from pathlib import Path

import pandas as pd
import pytest

from data_checks.agreement import load_agreement
from data_checks.stages import has_reached
from pipeline.params import load_params
from pipeline.sources.folder import Reading, read_history
from pipeline.sources.mapping import load_mapping

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("x_education", "olist_funnel", "bank_marketing", "bpi_2012_october")


def read_example(name: str) -> Reading:
    """Read an example, or skip where its data is not at hand."""
    folder = os.environ.get("BATON_REAL_DATA")
    if not folder:
        pytest.skip(
            "the licences of the real data sets differ: BATON_REAL_DATA names no folder that has them"
        )
    source = Path(folder) / name
    if not source.is_dir():
        pytest.skip(f"BATON_REAL_DATA has no folder {name}")
    return read_history(source, load_mapping(EXAMPLES / name / "mapping.yaml"))


def reached(reading: Reading, name: str) -> pd.Series:
    """Days from each lead to the first time it reached the target stage, by lead id."""
    agreement = load_agreement(EXAMPLES / name / "agreement.yaml")
    stages = reading.history.stage_changes["stage"].map(agreement.stage_of)
    at_target = stages.map(lambda stage: stage is not None and has_reached(stage, agreement.target.stage))
    first = reading.history.stage_changes[at_target].groupby("lead_id")["changed_at"].min()
    leads = reading.history.leads.set_index("lead_id")
    return (first - leads["created_at"]).reindex(leads.index).dt.total_seconds() / 86_400


def share_within(reading: Reading, name: str) -> float:
    """The share of leads that reach the target within the agreed days."""
    within = load_agreement(EXAMPLES / name / "agreement.yaml").target.within_days
    return float((reached(reading, name) <= within).mean())


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_a_project_without_its_data(name):
    """Each example has an agreement, a mapping and params that say where its data is expected."""
    assert load_agreement(EXAMPLES / name / "agreement.yaml").target.stage == "won"
    assert load_mapping(EXAMPLES / name / "mapping.yaml").tables["leads"]
    data = load_params(EXAMPLES / name / "params.yaml").data
    assert (data.source, data.mapping) == (Path(f"data/real/{name}"), Path("mapping.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_an_example_is_refused(name):
    """These files are clean: every row and every cell that is read can be read."""
    reading = read_example(name)
    assert dict(reading.refused) == {}
    assert len(reading.unread) == 0


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_of_an_example_is_agreed(name):
    """The agreement knows every stage value that the mapping makes."""
    reading, agreement = read_example(name), load_agreement(EXAMPLES / name / "agreement.yaml")
    assert {
        value for value in reading.history.stage_changes["stage"] if agreement.stage_of(value) is None
    } == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_an_agreement_speaks_of_is_there(name):
    """Fields that are agreed on, never to be used or vouched for are columns that the mapping makes."""
    leads, agreement = read_example(name).history.leads, load_agreement(EXAMPLES / name / "agreement.yaml")
    fields = [clause.field for clause in agreement.lead_data if clause.table == "leads"]
    named = {*fields, *agreement.never_use, *agreement.known_at}
    assert {field for field in named if field not in leads or leads[field].isna().all()} == set()


def test_x_education():
    """9,240 leads, 38.5 % converted, a later lead having the larger number; 'Select' is no value."""
    reading = read_example("x_education")
    leads = reading.history.leads
    assert len(leads) == 9_240
    assert share_within(reading, "x_education") == pytest.approx(0.385, abs=0.0005)
    assert not (leads == "Select").any(axis=None)
    assert leads["created_at"].is_unique
    assert leads["created_at"].max() - leads["created_at"].min() == pd.Timedelta("10min") * 9_239
    assert "converted" not in leads
    assert "lead_number" not in leads
    newest = leads.loc[leads["created_at"].idxmax(), "lead_id"]
    assert newest == "7927b2df-8bba-4d29-b9a2-b6e0beafe620"


def test_olist_funnel():
    """5,998 leads from 2018, 11.3 % won within 90 days, one of them before it was a lead."""
    reading = read_example("olist_funnel")
    days = reached(reading, "olist_funnel")
    assert len(reading.history.leads) == 5_998
    assert share_within(reading, "olist_funnel") == pytest.approx(0.113, abs=0.0005)
    assert (days.notna().sum(), (days < 0).sum()) == (781, 1)
    assert reading.history.leads["created_at"].min() == pd.Timestamp("2018-01-01 02:00", tz="UTC")
    assert "leads: 2,002 of 8,000 rows" in " ".join(reading.notes)


def test_bank_marketing():
    """41,188 calls in order from May 2008 to November 2010, 11.3 % of them with success."""
    reading = read_example("bank_marketing")
    leads = reading.history.leads
    assert len(leads) == 41_188
    assert share_within(reading, "bank_marketing") == pytest.approx(0.113, abs=0.0005)
    assert leads["created_at"].is_monotonic_increasing
    assert (
        leads["created_at"].iloc[0].date().isoformat(),
        leads["created_at"].iloc[-1].date().isoformat(),
    ) == (
        "2008-05-01",
        "2010-11-30",
    )
    assert leads["days_since_last_campaign"].notna().sum() == 41_188 - 39_673
    assert "y" not in leads


def test_bpi_2012_october():
    """2,393 applications, 20.9 % granted, nearly all in time; each of 50,592 events in one table."""
    reading = read_example("bpi_2012_october")
    history, days = reading.history, reached(reading, "bpi_2012_october")
    assert len(history.leads) == 2_393
    assert days.notna().mean() == pytest.approx(0.209, abs=0.0005)
    assert share_within(reading, "bpi_2012_october") > 0.98 * days.notna().mean()
    assert len(history.stage_changes) + len(history.activities) == 50_592
    assert set(history.activities["direction"]) == {"inbound", "outbound"}
    assert history.leads["created_at"].min() == pd.Timestamp("2011-09-30 22:38:44.546", tz="UTC")

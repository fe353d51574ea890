"""`/month`: each figure is the one that the tables give when they are counted another way."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from data_checks.stages import REVENUE_CYCLE, has_reached
from serving.figures.cycle import conversion_points
from serving.figures.months import Month
from serving.figures.promises import missed_hot_leads, promises


def reached(crm, stage):
    """When each lead first was in the stage or behind it, found row by row."""
    if stage == "inquiry":
        return crm.leads.set_index("lead_id")["created_at"]
    hits = crm.stage_changes["named"].map(lambda named: named is not None and has_reached(named, stage))
    return crm.stage_changes[hits].groupby("lead_id")["changed_at"].min()


@pytest.fixture(scope="module")
def month(crm):
    return Month.of(crm.now.to_pydatetime()).before


def inside(moments, month):
    return moments[(moments >= month.begins) & (moments < month.ends)]


def test_counts_who_moved_from_stage_to_stage(crm, figures, month):
    """At each conversion point, as many leads moved and entered as the stage changes say."""
    points = conversion_points(figures, month)
    assert [point.to for point in points] == list(REVENUE_CYCLE[1:])
    for point in points:
        assert point.moved == len(inside(reached(crm, point.to), month)), point
        assert point.entered == len(inside(reached(crm, point.came_from), month)), point
    assert sum(point.moved for point in points) > 50


def test_a_rate_without_censored_leads_is_a_plain_share(crm, figures):
    """Of a month whose leads all had their 30 days, the rate is the share that went on within them."""
    old = Month.of((crm.now - pd.Timedelta(days=150)).to_pydatetime())
    for point in conversion_points(figures, old):
        entered, moved = inside(reached(crm, point.came_from), old), reached(crm, point.to)
        days = (moved.reindex(entered.index) - entered).dt.total_seconds() / 86_400
        assert point.rate.value == pytest.approx((days <= 30).mean(), abs=1e-9), point


def test_the_promises_are_counted_as_the_tables_say(crm, figures, month):
    """SQLs delivered, hand-offs and those worked are those of stage changes and outbound activities."""
    kept = promises(figures, month)
    assert kept.delivered == len(inside(reached(crm, "sql"), month))
    handed = inside(reached(crm, "mql"), month)
    assert sum(one.handed for one in kept.contacts) == len(handed)
    calls = crm.activities[crm.activities["direction"] == "outbound"].merge(
        handed.rename("handed_at"), left_on="lead_id", right_index=True
    )
    called = calls[calls["occurred_at"] >= calls["handed_at"]].groupby("lead_id")["occurred_at"].min()
    accepted = reached(crm, "sal").reindex(handed.index).notna()
    worked = handed.index.isin(called.index) | accepted
    assert kept.worked.won == worked.sum()
    assert 0 < kept.worked.won < kept.worked.of <= len(handed)
    back = crm.stage_changes[crm.stage_changes["named"].isin(["recycled", "disqualified"])]
    assert sum(leads for _, leads in kept.sent_back) == len(inside(back["changed_at"], month))


def test_a_missed_hot_lead_was_due_and_not_called(crm, figures, month):
    """Each has one of the best two grades, and no outbound activity between hand-off and due time."""
    missed = missed_hot_leads(figures, month)
    assert missed
    for one in missed:
        assert one.grade in {"A", "B"}
        own = crm.activities[
            (crm.activities["lead_id"] == one.lead_id) & (crm.activities["direction"] == "outbound")
        ]["occurred_at"]
        assert not ((own >= one.handed_at) & (own <= one.due_at)).any(), one


def test_a_table_downloads_as_it_is_shown(window, figures, month):
    """The file of the conversion points holds their figures, with intervals and counts."""
    text = window.get(f"/month/cycle.csv?month={month}")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    for row, point in zip(rows, conversion_points(figures, month), strict=True):
        assert int(row["moved"]) == point.moved
        assert float(row["rate"]) == pytest.approx(point.rate.value)
        assert int(row["rate_of"]) == point.entered
    assert f"{conversion_points(figures, month)[0].moved:,}" in window.get(f"/month?month={month}")


def test_leads_that_are_censored_count_for_the_days_they_have_had():
    """The estimate agrees with the textbook on a case small enough to do by hand."""
    from models.waiting_times import waiting_times

    # Two of five go on at days 1 and 3; one is looked at for 2 days only, one for ever.
    times = waiting_times(np.array([1.0, 2.0, 3.0, 9.0, np.inf]), np.array([True, False, True, False, False]))
    assert times.at(0.5)[0] == 0
    assert times.at(1)[0] == pytest.approx(1 / 5)
    assert times.at(3)[0] == pytest.approx(1 - 4 / 5 * 2 / 3)
    low, high = times.at(3)[1:]
    assert 0 < low < times.at(3)[0] < high < 1

"""`/aim`: each figure is the one that the tables give when they are counted another way."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from data_checks.folding import fold, is_missing
from data_checks.stages import has_reached
from models.intervals import rate_interval
from serving.figures.campaign_money import ATTRIBUTIONS, campaign_money
from serving.figures.contrasts import contrasts
from serving.figures.dimensions import DIMENSIONS, campaign_names, offered
from serving.figures.moves import MOVED, moves
from serving.figures.periods import Period
from serving.figures.segment_counts import counts_of_each, segment_counts
from serving.figures.segments import segments, whole
from serving.figures.target_profile import target_profile

BY_NAME = {one.name: one for one in DIMENSIONS}


def reached(crm, stage):
    hits = crm.stage_changes["named"].map(lambda named: named is not None and has_reached(named, stage))
    return crm.stage_changes[hits].groupby("lead_id")["changed_at"].min()


@pytest.fixture(scope="module")
def told(crm):
    """The checked leads with what came of them, spelling variants evened out by the agreement's own list."""
    clauses = {clause.field: clause for clause in crm.project.agreement.lead_data if clause.name == "allowed"}

    def value(field, text):
        if is_missing(text):
            return None
        return clauses[field].spellings.get(fold(text)) or fold(text)

    leads = crm.leads.set_index("lead_id")
    employees = pd.to_numeric(leads["number_of_employees"], errors="coerce")
    size = pd.cut(
        employees,
        [-np.inf, 10, 50, 250, 1000, np.inf],
        right=False,
        labels=["1 to 9", "10 to 49", "50 to 249", "250 to 999", "1,000 and more"],
    )
    frame = pd.DataFrame(
        {
            "created_at": leads["created_at"],
            "industry": [value("industry", text) for text in leads["industry"]],
            "country": [value("country", text) for text in leads["country"]],
            "size": size.astype("object").where(size.notna(), None),
            "campaign": leads["campaign_id"].where(leads["campaign_id"].notna(), None),
            "mql_at": reached(crm, "mql").reindex(leads.index),
            "sql_at": reached(crm, "sql").reindex(leads.index),
        }
    )
    frame["to_sql"] = (frame["sql_at"] - frame["created_at"]).dt.total_seconds() / 86_400
    frame["seen"] = (crm.now - frame["created_at"]).dt.total_seconds() / 86_400
    return frame


def won_deals(crm):
    return crm.opportunities[crm.opportunities["is_won"].fillna(False).astype(bool)]


def product_limit(part, horizon):
    """The Kaplan-Meier estimate, day by day, as in a textbook."""
    went = np.ceil(part["to_sql"].clip(lower=0))
    last = np.where(went.notna(), went, np.where(part["seen"] >= horizon, np.inf, np.floor(part["seen"])))
    stays = 1.0
    for day in range(horizon + 1):
        waiting = (last >= day).sum()
        if waiting:
            stays *= 1 - (went == day).sum() / waiting
    return 1 - stays


def alike(value):
    return None if pd.isna(value) else fold(value)


@pytest.mark.parametrize("choice", ["3", "12", "all"])
@pytest.mark.parametrize("by", ["industry", "country", "size", "campaign"])
def test_a_segment_is_counted_as_the_tables_say(crm, figures, told, by, choice):
    """Leads, MQLs, SQLs, young leads and the rate within the horizon are those of its rows."""
    horizon = figures.agreement.target.within_days
    period = Period.chosen(choice, figures.now)
    kept = told if period.begins is None else told[told["created_at"] >= period.begins]
    rows = {alike(value): part for value, part in kept.groupby(by, dropna=False)}
    found = segments(segment_counts(figures, [BY_NAME[by]], period))
    assert len(found) == len(rows) > 3
    for one in found:
        part = rows[alike(one.key[0])]
        assert one.leads == len(part)
        assert one.mqls == part["mql_at"].notna().sum()
        assert one.sqls == part["sql_at"].notna().sum()
        assert one.young == (part["sql_at"].isna() & (part["seen"] < horizon)).sum()
        if one.rate.value is None:
            assert one.young == one.leads
        else:
            assert one.rate.value == pytest.approx(product_limit(part, horizon)), one.key
    assert whole(segment_counts(figures, [BY_NAME[by]], period)).rate.value == pytest.approx(
        product_limit(kept, horizon)
    )


def test_without_young_leads_a_rate_is_a_plain_share_and_the_damped_one_the_formula(figures, told):
    """Of segments whose leads all had their days: won of leads, Wilson's interval, and leads added."""
    horizon = figures.agreement.target.within_days
    counts = segment_counts(figures, [BY_NAME["campaign"]], Period.chosen("all", figures.now))
    came = (told["to_sql"] <= horizon).groupby(told["campaign"]).agg(["sum", "size"])
    whole_ones = 0
    for one in segments(counts):
        if one.key[0] is None or one.young:
            continue
        whole_ones += 1
        won, leads = (float(part) for part in came.loc[one.key[0]])
        assert one.rate.value == pytest.approx(won / leads)
        low, high = rate_interval(np.array([won]), np.array([leads]))
        assert (one.rate.low, one.rate.high) == pytest.approx((low[0], high[0]))
        added = counts.prior.leads
        assert one.shrunk.value == pytest.approx((won + added * counts.prior.rate) / (leads + added))
    assert whole_ones > 10


def test_pairs_add_up_to_their_parts(figures, told):
    """Each pair has the leads of both values; all pairs together, the small ones too, have all leads."""
    period = Period.chosen("all", figures.now)
    counts = segment_counts(figures, [BY_NAME["industry"], BY_NAME["size"]], period)
    found = segments(counts)
    assert sum(one.leads for one in found) == len(told)
    assert sum(one.sqls for one in found) == told["sql_at"].notna().sum()
    pairs = told.assign(industry=told["industry"].map(alike)).groupby(["industry", "size"]).size()
    for one in found:
        if one.key and None not in one.key:
            assert one.leads == pairs[alike(one.key[0]), one.key[1]]


def test_smaller_segments_are_counted_together(figures, told, monkeypatch):
    """What does not find room stands as one last row, so that nobody is lost."""
    monkeypatch.setattr("serving.figures.segment_counts.MOST", 4)
    found = segments(segment_counts(figures, [BY_NAME["country"]], Period.chosen("all", figures.now)))
    assert [bool(one.key) for one in found] == [True] * 4 + [False]
    assert sum(one.leads for one in found) == len(told)
    largest = told["country"].map(alike).value_counts(dropna=False).head(4)
    assert [one.leads for one in found[:4]] == largest.tolist()
    assert found[-1].sqls == told["sql_at"].notna().sum() - sum(one.sqls for one in found[:4])


def test_what_was_predicted_stands_beside_what_came_of_the_same_leads(figures, told):
    """Each lead counts once, by its first look in the back-test and the model of that time."""
    looks = pd.DataFrame(figures.rows("select * from past_scores"))
    first = looks.sort_values(["as_of", "model"], ascending=[True, False]).groupby("lead_id").first()
    assert len(first) > 100
    joined = first.join(told["size"])
    for one in segments(segment_counts(figures, [BY_NAME["size"]], Period.chosen("all", figures.now))):
        own = joined[joined["size"].isna()] if one.key[0] is None else joined[joined["size"] == one.key[0]]
        assert (one.came.won, one.came.of) == (own["converted"].sum(), len(own))
        if len(own):
            assert one.predicted == pytest.approx(own["probability"].mean())


@pytest.fixture(scope="module")
def touches(crm):
    """The marketing touches, by lead: the campaign that it came by, and those of what it did."""
    acts = crm.activities[crm.activities["campaign_id"].notna() & (crm.activities["direction"] != "outbound")]
    came = crm.leads[crm.leads["campaign_id"].notna()]
    both = pd.concat(
        [
            came[["lead_id", "campaign_id", "created_at"]].rename(columns={"created_at": "at"}),
            acts[["lead_id", "campaign_id", "occurred_at"]].rename(columns={"occurred_at": "at"}),
        ]
    )
    return both.drop_duplicates().sort_values(["lead_id", "at", "campaign_id"])


def parts_of(touches, lead, until):
    """Who gets which part of an event, touch by touch."""
    own = touches[(touches["lead_id"] == lead) & (touches["at"] <= until)]["campaign_id"].tolist()
    if not own:
        return {None: (1, 1, 1)}
    return {
        name: (int(own[0] == name), int(own[-1] == name), own.count(name) / len(own)) for name in set(own)
    }


def test_qualified_leads_and_deals_are_owed_touch_by_touch(crm, figures, touches):
    """First, last and shared parts of each event are those of the touches up to it."""
    rows = pd.DataFrame(figures.rows("select * from credits"))
    deals = crm.opportunities.sort_values("opportunity_id").head(60)
    for deal in deals.itertuples():
        own = rows[rows["opportunity_id"] == deal.opportunity_id]
        expected = parts_of(touches, deal.lead_id, deal.created_at)
        assert len(own) == len(expected)
        for row in own.itertuples():
            key = None if pd.isna(row.campaign_id) else row.campaign_id
            assert (row.first_touch, row.last_touch, row.shared) == pytest.approx(expected[key])
    qualified = reached(crm, "sql").head(60)
    for lead, at in qualified.items():
        own = rows[(rows["lead_id"] == lead) & (rows["event"] == "target")]
        assert len(own) == len(parts_of(touches, lead, at))


@pytest.mark.parametrize("part", [column for column, _ in ATTRIBUTIONS.values()])
def test_all_parts_add_up_to_all_that_was_won(crm, figures, part):
    """Whoever it is owed to, the parts of an event add up to it, and those of all to the won amount."""
    sums = figures.row(
        f"""
        select sum({part} * amount) filter (is_won) as won, sum({part}) filter (event = 'target') as sqls
        from credits
        """
    )
    assert sums["won"] == pytest.approx(won_deals(crm)["amount"].sum())
    assert sums["sqls"] == pytest.approx(len(reached(crm, "sql")))


@pytest.mark.parametrize("choice", ["6", "all"])
def test_a_campaigns_whole_cost_stands_against_all_that_came_of_it(crm, figures, touches, choice):
    """Only campaigns that began and ended in the period count; each is spread over the leads that it met."""
    period = Period.chosen(choice, figures.now)
    begins = pd.Timestamp(period.begins) if period.begins else pd.Timestamp.min.tz_localize("UTC")
    inside = crm.campaigns[(crm.campaigns["started_at"] >= begins) & (crm.campaigns["ended_at"] <= crm.now)]
    assert 0 < len(inside) < len(crm.campaigns)
    spent = campaign_money(figures, [BY_NAME["campaign"]], period, "first")
    assert (spent.counted, spent.campaigns) == (len(inside), len(crm.campaigns))
    assert spent.total.cost == pytest.approx(inside["cost"].sum())
    costs = inside.set_index("campaign_id")["cost"]
    assert {one.key[0]: round(one.cost, 6) for one in spent.rows} == pytest.approx(costs.to_dict())
    sizes = {row["lead_id"]: row["size"] for row in figures.rows("select lead_id, size from segments")}
    met = touches[["lead_id", "campaign_id"]].drop_duplicates()
    met = met[met["campaign_id"].isin(costs.index)]
    each = met["campaign_id"].map(costs / met["campaign_id"].value_counts())
    by_size = each.groupby(met["lead_id"].map(sizes), dropna=False).sum()
    for one in campaign_money(figures, [BY_NAME["size"]], period, "last").rows:
        expected = by_size[by_size.index.isna()].sum() if one.key[0] is None else by_size[one.key[0]]
        assert one.cost == pytest.approx(expected), one.key
        if one.sqls:
            assert one.cost_per_sql.value == pytest.approx(one.cost / one.sqls)
            assert one.returned == pytest.approx(one.won / one.cost)


def test_the_first_touch_earns_what_the_deals_of_its_leads_brought(crm, figures, touches):
    """Won amounts by first touch are those of a plain join."""
    firsts = won_deals(crm).merge(touches, on="lead_id")
    firsts = firsts[firsts["at"] <= firsts["created_at"]].sort_values(["at", "campaign_id"])
    first = firsts.groupby("opportunity_id").first()
    expected = first.groupby("campaign_id")["amount"].sum()
    spent = campaign_money(figures, [BY_NAME["campaign"]], Period.chosen("all", figures.now), "first")
    for one in spent.rows:
        assert one.won == pytest.approx(expected.get(one.key[0], 0.0)), one.key


def test_suggestions_hold_for_all_that_was_looked_at(figures):
    """Each goes from a segment that is worse for sure to a better one, and its interval excludes zero."""
    period = Period.chosen("all", figures.now)
    counted = counts_of_each(figures, offered(figures), period)
    compared = contrasts(counted)
    assert len(compared.found) == sum(
        value is not None and counts.leads[place] >= 20 and counts.leads[-1] - counts.leads[place] >= 20
        for counts in counted.values()
        for place, (value,) in enumerate(counts.keys)
        if counts.rates.effective[place] > 0
    )
    found = moves(compared.found, 10.0, ())
    assert found, "the sample CRM has segments that differ"
    for move in found:
        assert move.less.direction == -1
        assert move.more.direction == 1
        assert move.less.dimension == move.more.dimension
        assert move.leads == pytest.approx(
            min(MOVED * move.less.segment.leads / 10, move.more.segment.leads / 10)
        )
        gap = move.more.segment.shrunk.value - move.less.segment.shrunk.value
        assert move.gain.value == pytest.approx(move.leads * gap)
        assert 0 < move.gain.low < move.gain.value < move.gain.high
    assert [move.gain.value for move in found] == sorted((one.gain.value for one in found), reverse=True)
    each = counts_of_each(figures, [BY_NAME["size"]], period)[BY_NAME["size"]]
    assert each.keys == segment_counts(figures, [BY_NAME["size"]], period).keys


def test_nobody_is_told_to_buy_a_campaign_that_is_over(figures):
    """A campaign that has ended is evidence, and no suggestion."""
    counted = counts_of_each(figures, [BY_NAME["campaign"]], Period.chosen("all", figures.now))
    compared = contrasts(counted)
    ended = {row["campaign_id"] for row in figures.rows("select campaign_id from campaigns")}
    assert compared.found
    assert moves(compared.found, 10.0, ended) == ()


def test_the_profile_says_how_many_times_as_common(figures, told):
    """Lift is the damped rate of a value by the rate of all; its counts are those of the rows."""
    counted = counts_of_each(
        figures, [BY_NAME["industry"], BY_NAME["size"]], Period.chosen("all", figures.now)
    )
    everyone = whole(counted[BY_NAME["size"]])
    traits = target_profile(contrasts(counted).found, everyone.rate.value, everyone.leads, everyone.sqls)
    assert any(one.is_sure for one in traits)
    sizes = {one.key[0]: one for one in segments(counted[BY_NAME["size"]])}
    for trait in traits:
        assert trait.lift.value > 1
        if trait.dimension.name == "size":
            own = told[told["size"] == trait.value]
            assert (trait.of_leads.won, trait.of_leads.of) == (len(own), len(told))
            assert trait.of_sqls.won == own["sql_at"].notna().sum()
            assert trait.lift.value == pytest.approx(sizes[trait.value].shrunk.value / everyone.rate.value)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_what_is_shown_is_what_downloads(window, figures):
    """The segments' file has the page's rows under the same parameters, all of them."""
    asked = "by=industry&and=size&period=all&attribution=first"
    period = Period.chosen("all", figures.now)
    found = segments(segment_counts(figures, [BY_NAME["industry"], BY_NAME["size"]], period))
    rows = rows_of(window.get(f"/aim/segments.csv?{asked}"))
    assert [int(row["leads"]) for row in rows] == [one.leads for one in found]
    assert float(rows[0]["damped"]) == pytest.approx(found[0].shrunk.value)
    page = window.get(f"/aim?{asked}")
    assert "by industry and employees" in page
    assert f"{found[0].leads:,}" in page
    money = rows_of(window.get(f"/aim/money.csv?{asked}"))
    spent = campaign_money(figures, [BY_NAME["industry"], BY_NAME["size"]], period, "first")
    assert sum(float(row["won"]) for row in money) == pytest.approx(spent.total.won)


def test_the_profile_is_exported_for_programs_too(window):
    """CSV and JSON hold the same values."""
    answer = window.client.get("/aim/profile.json?period=all")
    assert answer.status_code == 200
    told = answer.json()
    rows = rows_of(window.get("/aim/profile/target-profile.csv?period=all"))
    assert [row["value"] for row in rows] == [one["value"] for one in told["traits"]]
    assert [float(row["lift"]) for row in rows] == pytest.approx([one["lift"] for one in told["traits"]])
    assert told["target"] == {"stage": "sql", "within_days": 90}
    window.client.cookies.clear()
    assert window.client.get("/aim/profile.json", follow_redirects=False).status_code == 303


def test_suggestions_say_what_they_rest_on(window, figures):
    """The page names both segments, the interval, and that nothing was tried."""
    page = window.get("/aim/moves?period=all")
    assert "Seen, not tried." in page
    rows = rows_of(window.get("/aim/moves/suggestions.csv?period=all"))
    assert rows
    for row in rows[:3]:
        assert row["less"] in page
        assert row["more"] in page
        assert float(row["gain_low"]) > 0
    names = campaign_names(figures)
    for row in rows_of(window.get("/aim/moves/evidence.csv?period=all")):
        low, high = float(row["difference_low"]), float(row["difference_high"])
        assert (low > 0) if row["aim"] == "more" else (high < 0)
        assert row["attribute"] != "Campaign" or row["segment"] in names.values()


@pytest.mark.parametrize(
    "asked",
    [
        "by=shoe&and=hat&period=-1&attribution=nobody",
        "by=size&and=size",
        "by=%00&period=%27;drop",
        "and=source",
    ],
)
def test_what_the_address_asks_for_in_vain_falls_back(window, asked):
    """Unknown values show what is usual, and a thing beside itself is shown once."""
    assert "What came of them" in window.get(f"/aim?{asked}")
    assert window.get(f"/aim/moves?{asked}")
    assert window.get(f"/aim/profile?{asked}")

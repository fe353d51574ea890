"""The figures of a month against plain loops, and what may not change them."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from back_test_world import LEARNER, months_of
from data_checks.handoff import ByCapacity, ByPrecision, ByProbability
from models.back_test.hindsight import during, in_hindsight, total_of
from models.back_test.record import back_test_record
from models.back_test.replay import replay
from models.back_test.staleness import staleness
from models.metrics import auc
from training import made_up_rows

RULE = ByProbability(by="probability", at_least=0.4)


@pytest.fixture(scope="module")
def rows():
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def done(rows):
    """Its four newest months, replayed."""
    return replay(rows, months_of(rows), LEARNER)


@pytest.fixture(scope="module")
def months(rows, done):
    """The months in hindsight, under a rule of a fixed probability."""
    return in_hindsight(rows, done, RULE, seed=7)


def by_lead(rows, said) -> dict[int, list[tuple[float, bool]]]:
    looks: dict[int, list[tuple[float, bool]]] = {}
    for row, probability in zip(said.rows, said.probability, strict=True):
        looks.setdefault(int(rows.lead[row]), []).append((float(probability), bool(rows.label[row])))
    return looks


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def loss(probability: float, label: bool) -> float:
    return -math.log(probability if label else 1 - probability)


def test_a_month_is_what_a_plain_loop_over_its_leads_counts(rows, done, months):
    """Leads, expected and observed conversions, losses, and what was handed off."""
    for served, said, month in zip(done.served, done.said, months, strict=True):
        leads = by_lead(rows, during(said, served.period, rows))
        assert month.leads == len(leads)
        first = [looks[0] for looks in leads.values()]
        assert month.expected == pytest.approx(sum(p for p, _ in first))
        assert month.observed == sum(y for _, y in first)
        assert month.expected_rate == pytest.approx(month.expected / len(leads))
        assert month.ratio.value == pytest.approx(month.expected / month.observed)
        assert month.log_loss == pytest.approx(mean(loss(*one) for one in first))
        base = mean(loss(served.base_rate, y) for _, y in first)
        assert month.gain.value == pytest.approx(base - month.log_loss)
        handed = {lead for lead, looks in leads.items() if max(p for p, _ in looks) >= 0.4}
        won = {lead for lead, looks in leads.items() if any(y for _, y in looks)}
        assert month.handed.handed == len(handed)
        assert month.handed.precision.value == pytest.approx(len(handed & won) / len(handed))
        assert month.handed.caught_share.value == pytest.approx(len(handed & won) / len(won))


def test_a_months_auc_is_that_of_the_metrics(rows, done, months):
    """Each lead counting once within the month, by its first look."""
    for served, said, month in zip(done.served, done.said, months, strict=True):
        first = [looks[0] for looks in by_lead(rows, during(said, served.period, rows)).values()]
        probability, label = (np.array(one) for one in zip(*first, strict=True))
        assert month.auc.value == pytest.approx(auc(probability, label, np.ones(len(first))))


def test_the_total_counts_a_handed_lead_once(rows, done, months):
    """A lead that two months would have handed off is one lead in the total."""
    total = total_of(rows, done, months)
    parts = [during(said, s.period, rows) for s, said in zip(done.served, done.said, strict=True)]
    handed = {int(rows.lead[row]) for part in parts for row in part.rows[part.probability >= 0.4]}
    won = {int(rows.lead[row]) for part in parts for row in part.rows if rows.label[row]}
    assert (total.handed, total.sqls, total.caught) == (len(handed), len(won), len(handed & won))
    assert total.handed < sum(month.handed.handed for month in months)
    assert total.expected == pytest.approx(sum(month.expected for month in months))


@pytest.mark.parametrize(
    "rule", [ByPrecision(by="precision", at_least=0.6), ByCapacity(by="capacity", leads_per_week=5)]
)
def test_a_months_cut_off_knows_nothing_of_its_outcomes(rows, done, months, rule):
    """The cut-off is found on the forward test of that time: outcomes that came later do not move it."""
    since = done.served[-1].period.start
    turned = replace(rows, label=rows.label ^ (rows.as_of >= since))
    cuts = [in_hindsight(one, done, rule, seed=7)[-1].cut_off for one in (rows, turned)]
    assert cuts[0] == cuts[1]
    assert cuts[0] != months[-1].cut_off


def test_staleness_is_what_a_plain_loop_finds(rows, done):
    """Older models of one age beside the fresh ones, on the same leads, each weighing one a month."""
    found = staleness(rows, done, "month", seed=7)
    assert [(one.periods, one.models) for one in found] == [(1, 3), (2, 2), (3, 1)]
    for age in found:
        more, leads, gains = [], set(), []
        for new in range(age.periods, len(done.served)):
            period = done.served[new].period
            fresh, old = (by_lead(rows, during(done.said[m], period, rows)) for m in (new, new - age.periods))
            for lead, looks in fresh.items():
                own = loss(*looks[0])
                more.append(loss(*old[lead][0]) - own)
                gains.append(loss(done.served[new].base_rate, looks[0][1]) - own)
                leads.add(lead)
        assert age.more_loss == pytest.approx(mean(more))
        assert age.leads == len(leads)
        assert age.of_gain == pytest.approx(mean(more) / mean(gains))
        assert age.low <= age.more_loss <= age.high
        assert age.low < age.high
        assert age.age_days == pytest.approx(30.4 * age.periods, abs=1.5)


def test_an_old_model_loses_where_the_world_has_turned():
    """Where what counts has changed its sign the staleness is surely above 0, and the words say so."""
    rows = made_up_rows(leads=4000)
    turned = replace(rows, matrix=rows.matrix.copy())
    late = rows.as_of >= np.quantile(rows.as_of, 0.6)
    turned.matrix[late, 0] = 5 - turned.matrix[late, 0]
    record = back_test_record(turned, replay(turned, months_of(turned, 5), LEARNER), "month", RULE, seed=7)
    assert record["staleness"][-1]["low"] > 0
    assert "surely loses more" in record["staleness_text"]


def test_the_record_is_json_and_names_what_others_read(rows, done):
    """No NaN, and the keys that the model card reads."""
    record = json.loads(json.dumps(back_test_record(rows, done, "month", RULE, seed=7), allow_nan=False))
    assert {"age_days", "months", "leads", "more_loss", "low", "high"} <= set(record["staleness"][0])
    assert record["staleness_text"].startswith("A model of 3 months loses ")
    assert [one["name"] for one in record["months"]] == [one.period.name for one in done.served]
    assert f"Over 4 months the models expected {record['total']['expected']:,.0f} leads" in record["text"]


def test_without_a_past_the_record_says_so(rows):
    """Nothing to replay gives words, no figures and no fault."""
    record = back_test_record(rows, replay(rows, [], LEARNER), "week", RULE, seed=7)
    assert (record["months"], record["total"], record["staleness"]) == ([], None, [])
    assert record["text"].startswith("No past week could be replayed.")
    assert "cannot be told" in record["staleness_text"]

"""`/agreed`: what other terms would have brought is what counting lead by lead gives."""

from __future__ import annotations

import pandas as pd
import pytest

from data_checks.handoff import ByCapacity, ByPrecision, ByProbability
from serving.figures.agreements import agreement_versions
from serving.figures.simulation import Terms, past, simulated
from serving.routes.window.agreed import asked_of


@pytest.fixture(scope="module")
def then(figures):
    found = past(figures)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def best(crm, figures, then):
    """Each lead's best score of that time and what came of it, found from the scores one by one."""
    looks = pd.DataFrame(figures.rows("select * from past_scores"))
    looks = looks[looks["model"].isin(then.months)]
    found = looks.groupby("lead_id").agg(best=("probability", "max"), reached=("converted", "any"))
    sizes = pd.to_numeric(crm.leads.set_index("lead_id")["number_of_employees"], errors="coerce")
    return found.assign(employees=sizes.reindex(found.index))


def test_a_threshold_hands_over_whoever_reaches_it(figures, then, best):
    """Handed over, caught and missed are counted as a person would, lead by lead."""
    terms = Terms(ByProbability(by="probability", at_least=0.3), figures.agreement.grades)
    found = simulated(figures, then, terms)
    handed = best[best["best"] >= 0.3]
    assert (found.handed, found.precision.won) == (len(handed), handed["reached"].sum())
    assert found.missed == best["reached"].sum() - handed["reached"].sum()
    assert 0 < found.handed < then.leads == len(best)


def test_a_capacity_hands_over_so_many_a_week(figures, then):
    """The best leads are handed over, as many as the weeks hold; ties at the cut-off go together."""
    terms = Terms(ByCapacity(by="capacity", leads_per_week=4), figures.agreement.grades)
    found = simulated(figures, then, terms)
    assert found.per_week == pytest.approx(4, rel=0.1)


def test_a_wanted_precision_hands_over_as_many_as_keep_it(figures, then, best):
    """No lower cut-off keeps the share that was asked for."""
    terms = Terms(ByPrecision(by="precision", at_least=0.4), figures.agreement.grades)
    found = simulated(figures, then, terms)
    assert found.precision.share >= 0.4
    for cut in sorted(best["best"].unique()):
        if cut < found.cut_off:
            assert best[best["best"] >= cut]["reached"].mean() < 0.4


def test_a_floor_turns_small_companies_away(figures, then, best):
    """Leads below the floor are not handed over; those of unknown size are."""
    rule = ByProbability(by="probability", at_least=0.2)
    found = simulated(figures, then, Terms(rule, figures.agreement.grades, employees_at_least=100))
    small = best["employees"] < 100
    assert found.too_small == small.sum() > 0
    assert found.handed == ((best["best"] >= 0.2) & ~small).sum()
    assert found.turned_away == ((best["best"] >= 0.2) & small & best["reached"]).sum()


def test_every_lead_has_one_grade(figures, then, best):
    """The grades add up to all leads, and each has the leads between its bounds."""
    found = simulated(figures, then, Terms(figures.agreement.handoff, {"A": 0.5, "B": 0.1, "C": 0.0}))
    assert [name for name, _, _ in found.grades] == ["A", "B", "C"]
    assert [rate.of for *_, rate in found.grades] == [
        (best["best"] >= 0.5).sum(),
        ((best["best"] < 0.5) & (best["best"] >= 0.1)).sum(),
        (best["best"] < 0.1).sum(),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "capacity", "setting": "many"},
        {"by": "probability", "setting": "140"},
        {"by": "nonsense", "setting": "4", "employees": "-3", "grade_A": "<b>"},
        {"by": "capacity", "setting": "\N{ARABIC-INDIC DIGIT FOUR}" * 40},
    ],
)
def test_terms_that_cannot_be_read_are_as_agreed(window, figures, asked):
    """The page says so, and shows what is agreed."""
    assert asked_of(asked, figures.agreement).terms == Terms(
        figures.agreement.handoff, figures.agreement.grades
    )
    assert "<b>" not in window.client.get("/agreed", params=asked).text


def test_a_view_can_be_sent_to_a_colleague(window, figures, then):
    """The address of what was tried shows the same figures to whoever opens it."""
    terms = Terms(ByProbability(by="probability", at_least=0.25), figures.agreement.grades)
    page = window.get("/agreed?by=probability&setting=25")
    assert f"{simulated(figures, then, terms).handed:,}" in page


def test_versions_say_what_changed(figures):
    """Two agreements under which models were served are two versions, and the newer says what it changed."""
    present = figures.agreement
    older = present.model_copy(update={"version": "2025.01", "grades": {"A": 0.9, "B": 0.0}})

    class Promotion:
        version, at = "1", figures.now

    newest, oldest = agreement_versions([Promotion()], {"1": older}.get, present)
    assert (newest.version, oldest.version) == (present.version, "2025.01")
    assert any("grade" in change.lower() for change in newest.changes), newest.changes
    assert oldest.changes == ()

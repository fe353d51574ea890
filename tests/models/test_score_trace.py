"""The whole way of one score: it adds up, and it is the way that scoring goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tables import agreed
from features.lead_input import Activity, LeadInput, StageChange
from features.moments import DAY, HOUR, NEVER, to_time
from models.model import Model
from models.scorer import Scorer, load_scorer
from serving.kept_inputs import packed, unpacked
from tiny_bundle import NOW, save_tiny_bundle

CREATED = NOW - 30 * DAY

times = st.sampled_from([CREATED - DAY, CREATED + HOUR, CREATED + 9 * DAY, NOW + DAY])
activities = st.builds(
    Activity,
    st.sampled_from(["Web Visit", "web  visit", "Spam", "", " "]),
    times | st.just(NEVER),
    st.none() | times,
    asset=st.sampled_from([None, "Guide"]),
    direction=st.sampled_from([None, "inbound", "sideways"]),
    activity_id=st.sampled_from([None, None, "A", "B"]),
)
changes = st.builds(StageChange, times | st.just(NEVER), st.sampled_from(["New", "Qualified", "Zombie", " "]))
fields = st.fixed_dictionaries(
    {"lead_id": st.just("L"), "created_at": st.just(to_time(CREATED).isoformat())},
    optional={
        "number_of_employees": st.sampled_from([None, "20", "900", "about 200", "-5"]),
        "email": st.just("jane.doe@example.com"),
        "converted_at": st.just(to_time(CREATED + DAY).isoformat()),
        "account_id": st.just("A-1"),
        "hobby": st.just("chess"),
        "country": st.none(),
    },
)
leads = st.builds(
    LeadInput,
    st.just("L"),
    st.sampled_from([NOW, CREATED, CREATED + 10 * DAY]),
    fields,
    st.lists(activities, max_size=6).map(tuple),
    st.lists(changes, max_size=3).map(tuple),
)
any_lead = settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Scorer:
    """A real model of a scorecard and trees."""
    folder = tmp_path_factory.mktemp("traced") / "bundle"
    save_tiny_bundle(agreed(), folder)
    return load_scorer(folder, "1")


@pytest.fixture(params=["scorecard_and_trees", "scorecard", "trees"])
def scorer(request, whole) -> Scorer:
    """The model, or one of its parts alone."""
    model = whole.bundle.model
    parts = {
        "scorecard_and_trees": model,
        "scorecard": Model("scorecard", model.names, model.scorecard),
        "trees": Model("trees", model.names, None, model.trees),
    }
    return Scorer(replace(whole.bundle, model=parts[request.param]), "1")


@any_lead
@given(leads)
def test_contributions_add_up_to_the_score(scorer, lead):
    """Base and contributions of scorecard, trees or both are the model's score."""
    found = scorer.trace(lead)
    assert found.base + sum(one.contribution for one in found.features) == pytest.approx(found.raw, abs=1e-9)
    assert found.total == pytest.approx(found.raw, abs=1e-9)
    assert [one.feature for one in found.features] == list(scorer.feature_names)


@any_lead
@given(leads)
def test_what_is_kept_of_a_lead_gives_its_score_again_to_the_last_bit(scorer, lead):
    """From what the ledger keeps of any odd lead come the very probability, interval, grade and decision."""
    (score,) = scorer.score([lead])
    if score.probability is None:
        return
    again = scorer.trace(unpacked(packed(scorer.kept(lead))))
    for name in ("probability", "probability_low", "probability_high", "grade", "decision"):
        assert getattr(again, name) == getattr(score, name), name


@any_lead
@given(leads)
def test_nothing_personal_is_kept_or_traced(whole, lead):
    """What is kept of a lead, and its trace, know neither its e-mail address nor an untrained column."""
    kept = whole.kept(lead)
    told = str([kept, whole.trace(kept)])
    assert "jane.doe" not in told
    assert "chess" not in told


def test_a_row_that_is_set_aside_is_no_source(whole):
    """An activity that broke a rule is not used, and so no value comes from it."""
    good = Activity("Web Visit", CREATED + HOUR, activity_id="good")
    odd = Activity(" ", CREATED + 2 * HOUR)
    lead = LeadInput("L", NOW, {"created_at": to_time(CREATED).isoformat()}, (good, odd))
    sources = {
        one for part in whole.trace(lead).features for one in part.sources if one.table == "activities"
    }
    assert {one.occurred for one in sources} == {CREATED + HOUR}


def test_a_lead_is_scored_again_though_a_clause_asks_for_what_is_not_kept(tmp_path):
    """A clause about an e-mail address does not reject the lead whose address was not kept."""
    clause = {"field": "email", "rule": "required", "breach": "reject"}
    save_tiny_bundle(agreed(clause), tmp_path / "bundle")
    scorer = load_scorer(tmp_path / "bundle", "1")
    lead = LeadInput("L", NOW, {"created_at": to_time(CREATED).isoformat(), "email": "jane.doe@example.com"})
    (score,) = scorer.score([lead])
    assert score.probability is not None
    assert scorer.trace(scorer.kept(lead)).probability == score.probability


def test_the_way_of_a_model_lists_the_agreed_grades(whole):
    """The grades fall, and the one reached is marked."""
    steps = whole.way.steps("B")
    assert [one.at_least for one in steps] == sorted(whole.agreement.grades.values(), reverse=True)
    assert [one.grade for one in steps if one.is_reached] == ["B"]

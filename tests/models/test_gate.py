"""Each way in which a bad challenger can look good, and a good one that passes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from features.exclusions import Exclusions
from features.profile import Profile
from features.settings import FeatureSettings
from gate_world import CHALLENGER, World, looking_at
from models.findings import Judgement
from models.gate import Challenger, Champion, Incomparable, judge
from models.gate_settings import GateSettings
from models.metrics import auc, calibration_error, log_loss

SETTINGS = GateSettings()


def judged(world: World, own, champion=None, challenger=CHALLENGER, **settings) -> Judgement:
    return judge(world.window(own), challenger, champion, SETTINGS.model_copy(update=settings), seed=7)


def objected(judgement: Judgement) -> set[tuple[str, str]]:
    return {(one.check, one.subject) for one in judgement.findings if one.objection}


@pytest.fixture(scope="module")
def world() -> World:
    """A company with a truth."""
    return World()


@pytest.fixture(scope="module")
def champion(world) -> Champion:
    """The served model."""
    return world.champion()


def test_a_better_challenger_passes(world, champion):
    """A challenger that is nearer to the truth everywhere meets no objection."""
    assert judged(world, world.guess(0.3), champion).objections == ()


def test_the_champion_itself_passes(world, champion):
    """A challenger that says what the champion says is not worse than it, not even by chance."""
    assert judged(world, champion.said, champion).objections == ()


def test_a_worse_challenger_is_refused(world, champion):
    """One that is further from the truth than the champion is refused, with figures and counts."""
    judgement = judged(world, world.guess(1.2), champion)
    assert ("log-loss", "version 1") in objected(judgement)
    told = next(str(one) for one in judgement.objections if "clearly worse than version 1" in one.rule)
    assert "95 % interval" in told
    assert "4,000 leads" in told
    assert "baton promote --reason" in told


def test_a_challenger_that_a_baseline_beats_is_refused(world):
    """No champion is needed for a refusal: a baseline that is clearly better is enough."""
    assert ("log-loss", "the count rule") in objected(judged(world, world.guess(2.5)))


def test_a_leak_that_ranks_nearly_all_leads_rightly_is_refused(world, champion):
    """Whoever was told the outcome is better than any champion, and is refused for just that."""
    own = np.where(world.label, 0.97, 0.03)
    assert objected(judged(world, own, champion)) == {("ranking", "forward window")}


def test_a_leak_through_one_feature_is_refused_by_its_name(world, champion):
    """A model that ranks well and owes it to one feature is refused, and the feature is named."""
    told = world.random.random(len(world.label)) < np.where(world.label, 0.6, 0.02)
    own = np.where(told, 0.9, world.truth * 0.6)
    leaking = looking_at(CHALLENGER, sales_note=0.93, visits=0.07)
    assert auc(own, world.label, np.ones(len(own))) < SETTINGS.auc_at_most
    judgement = judged(
        world, own, champion, leaking, calibration_error_at_most=1, calibration_worse_at_most=1
    )
    assert objected(judgement) == {("leak", "sales_note")}
    assert "93%" in str(judgement.objections[0])


def test_a_weak_model_may_have_but_one_feature(world):
    """Where little is known, one feature may be all there is: that is no leak."""
    alone = looking_at(CHALLENGER, visits=1.0)
    assert ("leak", "visits") not in objected(judged(world, world.guess(1.0), None, alone))


def test_a_lucky_window_is_refused(world, champion):
    """A gain that one month made, while the model is worse in the rest, is luck and is refused as such."""
    month = world.as_of >= np.quantile(world.as_of, 0.75)
    own = np.where(month, np.where(world.label, 0.93, 0.03), world.guess(1.0))
    judgement = judged(world, own, champion)
    assert ("log-loss", "version 1") not in objected(judgement)
    assert ("stretches", "version 1") in objected(judgement)
    assert "all of the gain from 1970-04-0" in str(judgement.objections)


def test_better_on_average_and_worse_on_a_slice_is_refused(world, champion):
    """A model that is better for most and worse for one industry is refused, and the industry is named."""
    retail = world.industry == "Retail"
    judgement = judged(world, world.guess(np.where(retail, 1.4, 0.1)), champion)
    assert objected(judgement) == {("slice", "industry: Retail")}
    assert "version 1" in str(judgement.objections[0])


def test_a_slice_without_support_is_not_looked_at(world, champion):
    """Of a handful of conversions nothing is concluded."""
    few = judged(world, world.guess(0.3), champion, slice_conversions_at_least=2000)
    assert not [one for one in few.findings if one.check == "slice"]
    assert (
        len([one for one in judged(world, world.guess(0.3), champion).findings if one.check == "slice"]) == 4
    )


def test_better_ranking_with_worse_calibration_is_refused(world):
    """A model that ranks better and has the lower log-loss is refused if its probabilities are less true."""
    own, calm = world.guess(0.05, shift=0.25), world.champion(noise=0.4)
    ones = np.ones(len(world.label))
    assert auc(own, world.label, ones) > auc(calm.said, world.label, ones)
    assert log_loss(own, world.label, ones) < log_loss(calm.said, world.label, ones)
    assert calibration_error(own, world.label, ones) < SETTINGS.calibration_error_at_most
    assert objected(judged(world, own, calm)) == {("calibration", "version 1")}


def test_probabilities_far_from_the_truth_are_refused_without_a_champion(world):
    """Twice the true rate is a fault of its own, however well it ranks."""
    judgement = judged(world, world.guess(0.1, shift=1.0))
    assert ("calibration", "forward window") in objected(judgement)
    assert "was said of them" in str(judgement.objections)


def test_few_leads_are_not_blamed_for_their_chance():
    """With few leads a true model is off by chance, and that is not held against it."""
    world = World(leads=250, seed=3)
    assert calibration_error(world.truth, world.label, np.ones(250)) > 0.02
    judgement = judged(world, world.truth, calibration_error_at_most=0.02)
    assert ("calibration", "forward window") not in objected(judgement)


def test_too_few_conversions_judge_nobody():
    """Below the least number of conversions a model is refused, with the counts."""
    world = World(leads=60)
    judgement = judged(world, world.truth, conversions_at_least=40)
    assert ("enough outcomes", "forward window") in objected(judgement)
    assert "60 leads" in str(judgement.objections[0])


@pytest.mark.parametrize("outcome", [True, False])
def test_one_outcome_alone_is_refused_and_not_fallen_over(outcome):
    """A window in which all leads converted, or none, judges nobody."""
    world = World(leads=60)
    world.label[:] = outcome
    assert objected(judged(world, world.truth)) == {("enough outcomes", "forward window")}


def test_what_the_champion_has_learned_from_does_not_count(world):
    """A champion that is perfect on leads it has learned from, and weak on others, beats nobody."""
    old = world.as_of < np.quantile(world.as_of, 0.5)
    knows = Champion("version 1", np.where(old, np.where(world.label, 0.99, 0.01), world.guess(1.2)), ~old)
    assert judged(world, world.guess(0.4), knows).objections == ()
    blind = Champion("version 1", knows.said, np.ones(len(old), bool))
    assert judged(world, world.guess(0.4), blind).objections


def test_a_champion_that_has_seen_it_all_cannot_be_compared(world, champion):
    """Without leads that neither learned from there is no fair comparison, and that is an objection."""
    seen = Champion("version 1", champion.said, np.zeros(len(world.label), bool))
    judgement = judged(world, world.guess(0.3), seen)
    assert objected(judgement) == {("champion", "version 1")}
    assert "only 0 leads" in str(judgement.objections[0])


def test_a_champion_that_cannot_be_compared_is_an_objection_unless_it_was_agreed(world):
    """A broken champion holds a challenger up; one made for another agreed target is only told of."""
    own = world.guess(0.3)
    broken = judged(world, own, Incomparable("version 1", "its files are damaged"))
    assert "its files are damaged" in str(broken.objections[0])
    other = judged(world, own, Incomparable("version 1", "it foretells won within 180 days", excused=True))
    assert other.objections == ()
    assert "won within 180 days" in str(other.notes)


def test_nobody_may_use_what_was_forbidden(world):
    """Columns and activity types that are never to be used are an objection that no one person overrules."""
    profile = Profile(FeatureSettings(), {"email": "presence", "industry": "category"}, has_accounts=True)
    forbidden = Exclusions(frozenset({"email", "account_id", "fax"}), frozenset({"meeting"}))
    judgement = judged(world, world.guess(0.3), None, Challenger(profile, CHALLENGER.shares, forbidden))
    (objection,) = judgement.objections
    assert objection.binding
    assert objection.found == "account_id, email, activity type meeting"


def test_the_evidence_is_json_with_every_look(world, champion):
    """Whatever was looked at is in the evidence, with its counts, and can be written as strict JSON."""
    told = json.loads(json.dumps(judged(world, world.guess(0.3), champion).to_json(), allow_nan=False))
    assert told["passes"]
    assert {one["check"] for one in told["findings"]} >= {
        "log-loss",
        "ranking",
        "calibration",
        "slice",
        "stretches",
    }
    assert all(one["leads"] for one in told["findings"] if one["check"] == "slice")

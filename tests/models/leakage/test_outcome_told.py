"""How well a column tells the outcome."""

import numpy as np

from crm_tables import agreed
from features.moments import NEVER
from leakage_world import LeakageWorld
from models.leakage.facts import columns_of
from models.leakage.outcome_told import names_outcome, tied, too_good
from models.leakage.strength import auc_within, strength_of

WORLD = LeakageWorld(leads=2000)
WON = WORLD.reached != NEVER
CHANCE = np.random.default_rng(5)


def test_values_that_name_the_outcome_convict():
    """Three values that only winners have, among others that all have, are conclusive and are named."""
    values = np.where(WON & (CHANCE.random(2000) < 0.7), "signed", CHANCE.choice(["a", "b"], 2000))
    [found] = names_outcome(*LeakageWorld(leads=2000, columns={"tag": values}).column("tag"))
    assert found.strength == "conclusive"
    assert "“signed”" in found.text
    assert "“a”" not in found.text


def test_values_that_no_report_may_repeat_are_not_named():
    """Of a column that is never to be used, the finding gives figures and no value."""
    values = np.where(WON, "signed", "open")
    agreement = agreed(never_use=["tag"])
    [found] = names_outcome(
        *LeakageWorld(leads=2000, columns={"tag": values}, agreement=agreement).column("tag")
    )
    assert "signed" not in found.text


def test_a_rare_pure_value_is_left_in_peace():
    """A value that nearly always converts but few converting leads have may be honest."""
    values = np.where(WON & (CHANCE.random(2000) < 0.1), "reference", "web")
    assert [*names_outcome(*LeakageWorld(leads=2000, columns={"source": values}).column("source"))] == []


def test_a_strong_column_is_a_hint_and_a_weak_one_nothing():
    """An AUC of .7 is a hint, chance is none."""
    world = LeakageWorld(
        leads=2000,
        columns={"strong": CHANCE.normal(size=2000) + WON, "weak": CHANCE.normal(size=2000)},
    )
    facts = world.facts()
    found = {one.name: [*tied(facts, one, strength_of(facts, one))] for one in columns_of(facts)}
    assert [one.strength for one in found["strong"]] == ["hint"]
    assert found["weak"] == []


def test_a_column_better_than_all_others_together_convicts_and_its_twin_does_not_shield_it():
    """Two leaks of equal strength among honest columns are both too good, the honest ones are not."""
    honest = {f"fit_{number}": CHANCE.normal(size=2000) + 0.4 * WON for number in range(4)}
    leaks = {f"call_{number}": CHANCE.normal(size=2000) + 1.6 * WON for number in range(2)}
    facts = LeakageWorld(leads=2000, columns={**honest, **leaks}).facts()
    strengths = {one.name: strength_of(facts, one) for one in columns_of(facts)}
    assert {name for name, _ in too_good(facts, strengths, frozenset())} == set(leaks)


def test_the_best_of_many_honest_columns_is_not_too_good():
    """A column of AUC .8 stands beside others that reach more together."""
    honest = {f"fit_{number}": CHANCE.normal(size=2000) + 0.8 * WON for number in range(4)}
    best = {"time_spent": CHANCE.normal(size=2000) + 1.3 * WON}
    facts = LeakageWorld(leads=2000, columns={**honest, **best}).facts()
    strengths = {one.name: strength_of(facts, one) for one in columns_of(facts)}
    assert strengths["time_spent"].auc > 0.78
    assert [*too_good(facts, strengths, frozenset())] == []


def test_what_moves_with_time_alone_tells_nothing():
    """A number that grows with the date, in a world whose rate does too, has an AUC of .5 within periods."""
    period = np.repeat(np.arange(10), 200)
    label = np.random.default_rng(3).random(2000) < period / 12 + 0.05
    score = period + np.random.default_rng(4).normal(0, 0.1, 2000)
    auc, error = auc_within(score, label, period)
    assert abs(auc - 0.5) < 4 * error
    assert auc_within(score, label, np.zeros(2000, np.int64))[0] > 0.65


def test_ties_count_half():
    """A constant score has an AUC of one half exactly, a perfect one of one."""
    label = np.array([True, False, True, False])
    nothing = np.zeros(4, np.int64)
    assert auc_within(np.ones(4), label, nothing)[0] == 0.5
    assert auc_within(label.astype(float), label, nothing)[0] == 1.0

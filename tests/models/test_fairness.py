"""Groups that may not be used, held against what the model does, and against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from features.text_column import from_texts
from gate_world import World
from models.fairness import fairness
from models.forbidden_groups import LEADS_AT_LEAST, NOT_KNOWN, SMALL, grouping_of
from models.proxies import proxies
from training import rows_of

CUT = 0.4


@pytest.fixture(scope="module")
def world():
    """A window of two looks at each of 1,200 leads, and the group of each lead; one group is given less."""
    made = World(1200)
    said = made.guess(0.2)
    group = np.array(["women", "men", "men", NOT_KNOWN])[made.random.integers(0, 4, 1200)]
    said = np.where(group == "women", said * 0.6, said)
    rows = np.concatenate([np.arange(1200), np.arange(1200)])
    return made.window(said)[rows], group


def figures(world):
    window, group = world
    return {one.name: one for one in fairness(window, group, CUT, 20, 0)}


def test_selection_and_true_positives_are_those_of_a_plain_loop(world):
    """Each lead counts once: handed off if any look reaches the cut-off, found if it converted, too."""
    window, group = world
    found = figures(world)
    for name, one in found.items():
        leads = [lead for lead in range(1200) if group[lead] == name]
        handed = {lead for lead, said in zip(window.lead, window.own, strict=True) if said >= CUT}
        reached = {lead for lead, label in zip(window.lead, window.label, strict=True) if label}
        here = [lead for lead in leads if lead in handed]
        won = [lead for lead in leads if lead in reached]
        assert (one.leads, one.handed, one.reached) == (len(leads), len(here), len(won))
        assert one.selected.value == pytest.approx(len(here) / len(leads))
        assert one.caught.value == pytest.approx(sum(lead in handed for lead in won) / len(won))
        whose = np.isin(window.lead, leads)
        assert one.foretold.value == pytest.approx(window.own[whose].sum() / window.label[whose].sum())
    best = max(one.selected.value for one in found.values())
    for one in found.values():
        if one.selected_ratio is not None:
            assert one.selected_ratio.value == pytest.approx(one.selected.value / best)
    assert sum(one.selected_ratio is None for one in found.values()) == 1


def test_a_group_that_is_given_less_is_found(world):
    """It falls below four fifths, fewer of its conversions are found, and too few are foretold."""
    women = figures(world)["women"]
    assert women.below_four_fifths
    assert women.selected_ratio.high < 1
    assert women.caught_ratio.high < 1
    assert women.foretold.high < 1


def test_where_nobody_is_handed_off_nobody_is_held_against_anybody(world):
    """Rates of nought have no ratio."""
    window, group = world
    assert {one.selected_ratio for one in fairness(window, group, 2.0, 20, 0)} == {None}


def test_a_group_of_a_few_leads_is_nobodys_measure(world):
    """Three leads that are all handed off do not make all others look badly treated."""
    window, group = world
    best = [window.lead[row] for row in np.argsort(-window.own)[:6]]
    few = group.astype("<U30")
    few[best] = SMALL
    found = {one.name: one for one in fairness(window, few, CUT, 20, 0)}
    assert found[SMALL].selected.value == 1
    assert found[SMALL].selected_ratio is None
    assert sum(one.selected_ratio is None for one in found.values()) == 2


def planted(seed: int, strength: float):
    """Twelve features of 600 leads, the third of which leans to one of two groups."""
    random = np.random.default_rng(seed)
    group = np.array(["women", "men"])[random.integers(0, 2, 600)]
    columns = {f"feature {number}": random.normal(size=600) for number in range(12)}
    columns["feature 3"] += strength * (group == "women")
    columns["code"] = random.integers(0, 5, 600).astype(float)
    return rows_of(columns, random.random(600) < 0.2, categorical=("code",)), group


def test_a_planted_proxy_is_found_and_named():
    """Where one feature leans to a group, the group can be told, and that feature alone is named."""
    (found,) = proxies(*planted(0, 1.5), LEADS_AT_LEAST, 0)
    assert found.told
    assert found.auc.value > 0.8
    assert [one.feature for one in found.tellers] == ["feature 3"]
    assert found.tellers[0].auc == pytest.approx(0.85, abs=0.05)


def test_a_code_that_stands_for_the_group_is_found_too():
    """A category that says the group outright tells it nearly always."""
    rows, group = planted(0, 0.0)
    rows.matrix[:, -1] = group == "women"
    (found,) = proxies(rows, group, LEADS_AT_LEAST, 0)
    assert found.auc.low > 0.95
    assert found.tellers[0].feature == "code"


def test_noise_is_no_proxy():
    """Of twelve worlds in which no feature knows the group hardly one says that it can be told."""
    found = [proxies(*planted(seed, 0.0), LEADS_AT_LEAST, 0)[0] for seed in range(12)]
    assert sum(one.told for one in found) <= 1
    assert sum(bool(one.tellers) for one in found) <= 2


def test_proxies_of_too_few_leads_or_of_no_feature_are_not_looked_for():
    """A group of fewer leads than asked for has no figure."""
    rows, group = planted(0, 1.5)
    assert proxies(rows[np.arange(40)], group[:40], LEADS_AT_LEAST, 0) == []
    assert proxies(rows_of({"one": np.zeros(0)}, [])[np.arange(0)], group[:0], LEADS_AT_LEAST, 0) == []


@pytest.mark.parametrize(
    ("field", "texts", "why"),
    [
        ("email", ["a@b.de", "c@d.de"] * 100, "it says who somebody is"),
        ("customer", [f"K-{number}" for number in range(200)], "200 values among 200 leads: an identifier"),
        ("number", [str(10_000 + number) for number in range(200)], "an identifier"),
        ("fax", [None] * 200, "filled in for no lead"),
        ("town", [f"town {number % 90}" for number in range(200)], "none of them is that of 50 leads"),
        ("gender", ["f"] * 190 + ["m"] * 10, "no two groups of at least 50 leads"),
    ],
)
def test_what_is_no_group_is_said_to_be_none(field, texts, why):
    """Identifiers, empty fields and fields of rare values are not compared, and the reason is given."""
    found = grouping_of(field, from_texts(texts))
    assert found.groups is None
    assert why in found.why


def test_labels_numbers_and_dates_part_leads_into_groups():
    """Spellings fold, rare labels are together, numbers and years are in bands of equally many leads."""
    gender = grouping_of(
        "gender", from_texts(["Female", "female ", "MALE", "male", None, "other"] * 60 + ["rare"] * 9)
    )
    assert set(gender.groups) == {"Female", "male", "other", NOT_KNOWN, SMALL}
    age = grouping_of("age", from_texts([str(18 + number % 60) for number in range(400)]))
    assert set(age.groups) == {"below 32", "32 to below 46", "46 to below 61", "61 and above"}
    born = grouping_of("born", from_texts([f"{1950 + number % 50}-05-17" for number in range(400)]))
    assert len(set(born.groups)) == 4
    assert set(born.groups) == {"below 1962", "1962 to below 1975", "1975 to below 1987", "1987 and above"}
    weight = grouping_of("income", from_texts([f"{1000 + number}.5" for number in range(400)]))
    assert len(set(weight.groups)) == 4

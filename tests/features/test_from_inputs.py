import numpy as np
import pytest

from features.feature_set import FeatureSet
from features.from_inputs import records_from_inputs
from features.lead_input import Activity, LeadInput
from features.moments import DAY
from features.reference import Reference

TODAY = 20_000 * DAY
NOBODY_KNOWN = Reference.of_nothing(("industry", "lead_source"))


def values_of(feature_set: FeatureSet, *leads: LeadInput) -> dict[str, list[float]]:
    matrix = feature_set.matrix(*records_from_inputs(leads), NOBODY_KNOWN)
    return dict(zip(feature_set.names, matrix.T.tolist(), strict=True))


@pytest.mark.parametrize("told", [None, "", "yesterday", "31/01/2026"])
def test_a_lead_that_does_not_say_when_it_was_created_has_no_age(feature_set: FeatureSet, told) -> None:
    """Without a readable date of creation age and arrival are missing, never a number out of nowhere."""
    values = values_of(feature_set, LeadInput("a", TODAY, {"created_at": told}))
    for name in ("lead_age_days", "arrival_hour", "arrival_weekday", "days_in_stage"):
        assert np.isnan(values[name]).all()


def test_nothing_but_an_id_is_a_lead(feature_set: FeatureSet) -> None:
    """A lead of which nothing is known has no field, no activity and no rate, and all else is a zero."""
    values = values_of(feature_set, LeadInput("a", TODAY, {}))
    assert {number for column in values.values() for number in column if not np.isnan(number)} == {0.0}


def test_no_leads_are_no_rows(feature_set: FeatureSet) -> None:
    """An empty request has a matrix without rows and with every column."""
    assert feature_set.matrix(*records_from_inputs([]), NOBODY_KNOWN).shape == (0, len(feature_set.names))


def test_one_lead_may_be_asked_for_at_two_moments(feature_set: FeatureSet) -> None:
    """The same lead twice in a request is looked at twice, each time at its own moment."""
    seen = (Activity("Demo", TODAY - DAY),)
    moments = (TODAY, TODAY - 2 * DAY)
    values = values_of(feature_set, *(LeadInput("a", moment, {}, seen) for moment in moments))
    assert values["any_activity_count"] == [1, 0]


@pytest.mark.parametrize(
    ("business", "count"), [("Cloud", 2), ("the cloud", 2), ("Payroll", 1), ("Fishing", 0), ("n/a", np.nan)]
)
def test_a_product_suits_a_business_however_it_is_spelt(
    feature_set: FeatureSet, business: str, count: float
) -> None:
    """The product that bears the name of the lead's business counts, by any agreed spelling of the name."""
    seen = tuple(Activity("Demo", TODAY - DAY, product=name) for name in ("cloud", "CLOUD ", "Payroll", None))
    values = values_of(feature_set, LeadInput("a", TODAY, {"line_of_business": business}, seen))
    np.testing.assert_equal(values["product_suits_business_count"], [count])

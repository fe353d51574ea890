import numpy as np
import pytest

from features.feature_set import FeatureSet
from features.from_inputs import records_from_inputs
from features.lead_input import Activity, LeadInput
from features.moments import DAY
from features.reference import ALL, KnownOutcomes, Reference

TODAY = 20_000 * DAY
NOBODY_KNOWN = Reference(
    {}, dict.fromkeys((ALL, "industry", "lead_source"), KnownOutcomes.of(*np.zeros((3, 0), int)))
)


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

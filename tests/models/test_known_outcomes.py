from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.folding import fold, is_missing
from features.from_history import records_from_history
from features.moments import DAY
from features.reference import ALL, PRIOR_WEIGHT, Reference
from models.known_outcomes import reference_of
from seen import looks_at, matrix_of
from small_tables import table
from small_world import Created, Edited, Moved, World, shuffled_history
from whole_catalogue import AGREEMENT, whole_feature_set

HORIZON = AGREEMENT.target.within_days * DAY
SPELLINGS = {"soft ware": "software", "saas": "software"}


class Past:
    """What plain loops find known, at one moment, of the leads that came before."""

    def __init__(self, world: World, as_of: int) -> None:
        self.world, self.as_of = world, as_of

    def label(self, lead_id: str, moment: int, column: str) -> str | None:
        """Return the label that a lead had; all leads have the same for no column."""
        text = self.world.lead_input(lead_id, moment).fields.get(column) if column else "all"
        if not column or is_missing(text):
            return text if not column else None
        label = SPELLINGS.get(fold(text), fold(text))
        return label if label in whole_feature_set().profile.vocabularies[column].labels else "any other"

    def newest(self, label: str | None, column: str, most: int, own: int) -> list[bool]:
        """Return the newest outcomes that were known for good of leads that arrived with the label.

        Outcomes of one moment are taken together; those of the lead's ``own`` moment are left out.
        """
        found = []
        for lead_id, created in self.world.created.items():
            known = created + HORIZON
            moves = [e for e in self.world.known if isinstance(e, Moved) and e.lead_id == lead_id]
            won = any(AGREEMENT.stage_of(e.stage) == "sql" and e.at <= known for e in moves)
            if known <= self.as_of and label is not None and self.label(lead_id, created, column) == label:
                found.append((known, won))
        oldest = min(sorted(known for known, _ in found)[-most:], default=0)
        return [won for known, won in found if known >= oldest and known != own]


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))))
def test_known_rates_are_those_of_a_plain_loop(drawn) -> None:
    """A known rate counts outcomes whose horizon had passed by the moment, smoothed by that of all leads."""
    world, as_of = drawn
    looks = looks_at(world, as_of)
    features, past = whole_feature_set(), Past(world, as_of)
    values = matrix_of(features, world.history(), looks, now=as_of + 100 * DAY)
    for column, feature in enumerate(features.features):
        for row, (lead_id, moment) in enumerate(looks):
            if feature.kind.key.startswith("known_rate") and world.created[lead_id] <= moment:
                rated, latest = feature.case.get("field", ""), feature.case["latest"]
                own = world.created[lead_id] + HORIZON
                everyone = past.newest("all", "", latest, own)
                overall = np.mean(everyone) if everyone else np.nan
                alike = past.newest(past.label(lead_id, moment, rated), rated, latest, own)
                smoothed = (sum(alike) + PRIOR_WEIGHT * overall) / (len(alike) + PRIOR_WEIGHT)
                expected = smoothed if rated else overall
                np.testing.assert_allclose(values[row, column], expected, rtol=1e-12, err_msg=feature.name)


@pytest.mark.parametrize("seed", range(4))
def test_campaigns_that_spell_one_id_differently_have_one_channel(seed: int) -> None:
    """Which channel an id stands for does not depend on the order in which campaigns are listed."""
    rows = [{"campaign_id": "C1", "channel": "Search"}, {"campaign_id": "c1", "channel": "Fair"}]
    history = World((), tuple(rows)).history()
    records = records_from_history(history)
    profile = whole_feature_set().profile
    listed, mixed = (
        reference_of(records, tables.campaigns, AGREEMENT, profile, 0)
        for tables in (history, shuffled_history(history, seed))
    )
    assert listed.channels == mixed.channels


def test_without_known_rates_no_outcome_travels_with_the_bundle() -> None:
    """A company that asks for no known rates has a reference without any outcome."""
    profile = whole_feature_set().profile
    none = profile.settings.model_copy(update={"known_rates": ()})
    world = World(())
    records = records_from_history(world.history())
    found = reference_of(records, table("campaigns", []), AGREEMENT, replace(profile, settings=none), 0)
    assert not found.outcomes


@pytest.mark.parametrize(("after", "converted"), [(HORIZON, True), (HORIZON + 1, False)])
def test_an_outcome_counts_up_to_its_horizon(after: int, converted: bool) -> None:
    """A lead that reached the target at the last microsecond of its horizon converted, one later did not."""
    found = reference_of_world(World((Created(0, "a"), Moved(after, "a", "Qualified"))))
    assert np.diff(found.outcomes[ALL].reached).tolist() == [converted]
    assert found.outcomes[ALL].known.tolist() == [HORIZON]


def test_an_outcome_belongs_to_the_label_that_the_lead_came_with() -> None:
    """A lead whose source was rewritten later still counts for the source that it came from."""
    edited = Edited(DAY, "a", "lead_source", "Fair")
    found = reference_of_world(World((Created(0, "a", {"lead_source": "Web"}), edited)))
    known = whole_feature_set().profile.vocabularies["lead_source"]
    assert found.outcomes["lead_source"].code.tolist() == [known.code_of["web"]]


def reference_of_world(world: World) -> Reference:
    history = world.history()
    profile = whole_feature_set().profile
    return reference_of(records_from_history(history), history.campaigns, AGREEMENT, profile, 10 * HORIZON)

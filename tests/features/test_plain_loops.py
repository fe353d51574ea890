"""The catalogue against a second implementation: plain loops over what happened, one for each kind."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.folding import fold, is_missing
from data_checks.reading import parse_number, parse_time
from data_checks.scales import scale_rank
from data_checks.stages import STAGE_NAMES
from features import asset, behaviour, demographic, market, product_interest, timing
from features.feature import Feature
from features.feature_set import FeatureSet
from features.moments import DAY
from features.profile import Profile
from seen import matrix_of
from small_world import Created, Happened, Moved, World
from whole_catalogue import AGREEMENT

TWO_YEARS = 730.0


class Lead:
    """What was known of one lead at one moment."""

    def __init__(self, world: World, lead_id: str, as_of: int, profile: Profile) -> None:
        told = world.lead_input(lead_id, as_of)
        known = world.until(as_of).known
        self.as_of, self.fields, self.profile = as_of, told.fields, profile
        self.created = next(e.at for e in known if isinstance(e, Created) and e.lead_id == lead_id)
        self.moves = [e for e in known if isinstance(e, Moved) and e.lead_id == lead_id]
        done = [e for e in known if isinstance(e, Happened) and e.lead_id == lead_id]
        used = [e for e in done if text(e, "activity_type") != "unsubscribed"]
        self.activities = sorted(used, key=lambda e: (e.at, e.occurred))

    def within(self, days: float | None) -> list[Happened]:
        """Return the known activities of the last days."""
        return [e for e in self.activities if days is None or e.occurred > self.as_of - days * DAY]

    def labelled(self, column: str, label: str, days: float | None = None) -> list[Happened]:
        """Return the known activities with a label."""
        return [e for e in self.within(days) if text(e, column) == label]

    def days_since(self, found: list[Happened]) -> float:
        """Return the age of the latest, at most two years."""
        return min((self.as_of - max(e.occurred for e in found)) / DAY, TWO_YEARS) if found else math.nan

    def firsts(self, of: Callable[[Happened], Any], days: float | None) -> int:
        """Return how many different things were first known of in the last days."""
        first: dict[Any, Happened] = {}
        for event in self.activities:
            if of(event) is not None:
                first.setdefault(of(event), event)
        inside = self.within(days)
        return sum(event in inside for event in first.values())

    def moment(self) -> datetime:
        """Return when the lead was created."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.created)


def text(event: Happened, column: str) -> str | None:
    told = event.texts[column]
    return None if is_missing(told) else fold(str(told))


def days_in_stage(feature, lead: Lead) -> float:
    since = max((move.at for move in lead.moves), default=lead.created)
    return min((lead.as_of - since) / DAY, TWO_YEARS)


def stage_now(feature, lead: Lead) -> float:
    places = [
        (move.at, -1 if stage is None else STAGE_NAMES.index(stage))
        for move in lead.moves
        for stage in [AGREEMENT.stage_of(move.stage)]
    ]
    place = max(places, default=(0, -1))[1]
    return math.nan if place < 0 else place


def product_focus(feature, lead: Lead) -> float:
    own = lead.profile.activity_labels("product")
    named = [text(event, "product") for event in lead.activities]
    counts = Counter(label if label in own else "any other" for label in named if label)
    return max(counts.values()) / counts.total() if counts else math.nan


def product_suits_business(feature, lead: Lead) -> float:
    business = lead.fields.get("line_of_business")
    if is_missing(business):
        return math.nan
    agreed = {"the cloud": "cloud"}.get(fold(business), fold(business))
    return len(lead.labelled("product", agreed)) if agreed in lead.profile.activity_labels("product") else 0


def category(feature, lead: Lead) -> float:
    told = lead.fields.get(feature.field)
    if is_missing(told):
        return math.nan
    agreed = {"soft ware": "software", "saas": "software", "the cloud": "cloud"}.get(fold(told), fold(told))
    labels = lead.profile.vocabularies[feature.field].labels
    return labels.index(agreed) if agreed in labels else len(labels)


def scale(feature, lead: Lead) -> float | None:
    return scale_rank(feature.scale, lead.fields.get(feature.field), {"medals": ("Gold", "Silver", "Bronze")})


def field_age(feature, lead: Lead) -> float:
    told = parse_time(lead.fields.get(feature.field))
    return math.nan if told is None else (lead.as_of - told) / DAY


def trend(feature, lead: Lead) -> int:
    both = lead.within(2 * feature.window_days)
    near = lead.within(feature.window_days)
    return len(near) - (len(both) - len(near))


LOOPS: dict[type[Feature], Callable[[Any, Lead], float | None]] = {
    behaviour.ActivityCount: lambda f, lead: len(lead.labelled(f.column, f.label, f.window_days)),
    behaviour.AllActivityCount: lambda f, lead: len(lead.within(f.window_days)),
    behaviour.ActivityAge: lambda f, lead: lead.days_since(lead.labelled(f.column, f.label)),
    behaviour.AnyActivityAge: lambda _, lead: lead.days_since(lead.activities),
    behaviour.ActiveDays: lambda f, lead: lead.firsts(lambda e: e.occurred // DAY, f.window_days),
    behaviour.ActivityTrend: trend,
    asset.DistinctAssets: lambda f, lead: lead.firsts(lambda e: text(e, "asset"), f.window_days),
    asset.AssetCount: lambda f, lead: len(lead.labelled("asset", f.asset)),
    asset.AssetAge: lambda _, lead: lead.days_since([e for e in lead.activities if text(e, "asset")]),
    product_interest.ProductCount: lambda f, lead: len(lead.labelled("product", f.product)),
    product_interest.ProductFocus: product_focus,
    product_interest.ProductSuitsBusiness: product_suits_business,
    timing.LeadAge: lambda _, lead: (lead.as_of - lead.created) / DAY,
    timing.Arrival: lambda f, lead: lead.moment().hour if f.part == "hour" else lead.moment().weekday(),
    timing.Stage: stage_now,
    timing.TimeInStage: days_in_stage,
    timing.StageCount: lambda f, lead: sum(AGREEMENT.stage_of(m.stage) == f.stage for m in lead.moves),
    demographic.FieldNumber: lambda f, lead: parse_number(lead.fields.get(f.field)),
    demographic.FieldScale: scale,
    demographic.FieldCategory: category,
    demographic.FieldAge: field_age,
    demographic.FieldKnown: lambda f, lead: float(not is_missing(lead.fields.get(f.field))),
    market.CampaignChannel: lambda _, lead: {"c1": 1, "c2": 0}.get(
        fold(lead.fields.get("campaign_id") or ""), math.nan
    ),
}


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))))
def test_the_engine_equals_plain_loops(feature_set: FeatureSet, drawn) -> None:
    """What plain loops over the past compute is what the engine computes, late records included."""
    world, as_of = drawn
    looks = [(lead_id, as_of) for lead_id in world.until(as_of).lead_ids]
    values = matrix_of(feature_set, world.history(), looks)
    for row, (lead_id, moment) in enumerate(looks):
        lead = Lead(world, lead_id, moment, feature_set.profile)
        for column, feature in enumerate(feature_set.features):
            if type(feature) in LOOPS:
                expected = LOOPS[type(feature)](feature, lead)
                expected = math.nan if expected is None else float(expected)
                np.testing.assert_equal(values[row, column], expected, feature.name)

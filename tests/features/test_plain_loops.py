"""The catalogue against a second implementation: plain loops over what happened, one for each kind."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from any_world import AS_OF, worlds
from data_checks.folding import fold, is_missing
from data_checks.reading import parse_number, parse_time
from data_checks.scales import scale_rank
from data_checks.stages import STAGE_NAMES
from features.catalogue import kinds
from features.feature_set import FeatureSet
from features.moments import DAY
from features.profile import Profile
from seen import matrix_of
from small_world import Created, Happened, Moved, World
from whole_catalogue import AGREEMENT

TWO_YEARS = 730.0
OFFICE = ZoneInfo("Europe/Berlin")
SCALES = {"fit_letter": "medals", "bbb_rating": "bbb", "dnb_rating": "dnb"}


class Lead:
    """What was known of one lead at one moment."""

    def __init__(self, world: World, lead_id: str, as_of: int, profile: Profile) -> None:
        told = world.lead_input(lead_id, as_of)
        known = world.until(as_of).known
        self.as_of, self.fields, self.profile = as_of, told.fields, profile
        self.world, self.lead_id, self.known = world, lead_id, known
        self.created = next(e.at for e in known if isinstance(e, Created) and e.lead_id == lead_id)
        self.moves = [e for e in known if isinstance(e, Moved) and e.lead_id == lead_id]
        done = [e for e in known if isinstance(e, Happened) and e.lead_id == lead_id]
        used = [e for e in done if text(e, "activity_type") != "unsubscribed"]
        self.activities = sorted(used, key=lambda e: (e.at, e.occurred))

    def account(self) -> str | None:
        """Return the account that the lead belongs to."""
        return None if is_missing(told := self.fields.get("account_id")) else fold(str(told))

    def colleagues(self) -> list[str]:
        """Return the other leads that came with the same account, but not in the same moment."""
        came = [e for e in self.known if isinstance(e, Created) and e.at != self.created]
        told = [(e.lead_id, self.world.lead_input(e.lead_id, e.at).fields.get("account_id")) for e in came]
        return [other for other, text in told if not is_missing(text) and fold(str(text)) == self.account()]

    def within(self, days: float | None) -> list[Happened]:
        """Return the known activities of the last days."""
        return [e for e in self.activities if days is None or e.occurred > self.as_of - days * DAY]

    def labelled(self, column: str, label: str, days: float | None = None) -> list[Happened]:
        """Return the known activities with a label."""
        return [e for e in self.within(days) if column_of(e, column) == label]

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

    def arrival(self) -> datetime:
        """Return when the lead was created, on the office's clocks."""
        return at(self.created).astimezone(OFFICE)

    def answers(self, days: float | None) -> list[Happened]:
        """Return what the lead did within three days after the latest call of ours known by then."""
        found = []
        for event in self.within(days):
            calls = [e.occurred for e in self.activities if e.at <= event.at and is_ours(e)]
            if calls and not is_ours(event) and 0 <= event.occurred - max(calls) <= 3 * DAY:
                found.append(event)
        return found


def at(moment: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment)


def is_ours(event: Happened) -> bool:
    return text(event, "direction") == "outbound"


def column_of(event: Happened, column: str) -> str | None:
    if column == "type_and_direction":
        both = [text(event, "activity_type"), text(event, "direction")]
        return None if None in both else " ".join(map(str, both))
    if column == "asset_kind":
        kind, colon, _ = (text(event, "asset") or "").partition(":")
        return kind.strip() if colon and kind.strip() else None
    return text(event, column)


def text(event: Happened, column: str) -> str | None:
    told = event.texts[column]
    return None if is_missing(told) else fold(str(told))


def days_in_stage(case, label, lead: Lead) -> float:
    since = max((move.at for move in lead.moves), default=lead.created)
    return min((lead.as_of - since) / DAY, TWO_YEARS)


def stage_now(case, label, lead: Lead) -> float:
    places = [
        (move.at, -1 if stage is None else STAGE_NAMES.index(stage))
        for move in lead.moves
        for stage in [AGREEMENT.stage_of(move.stage)]
    ]
    place = max(places, default=(0, -1))[1]
    return math.nan if place < 0 else place


def product_focus(case, label, lead: Lead) -> float:
    own = lead.profile.activity_labels("product")
    named = [text(event, "product") for event in lead.activities]
    counts = Counter(label for label in named if label in own)
    return max(counts.values()) / counts.total() if counts else math.nan


def product_suits_business(case, label, lead: Lead) -> float:
    business = lead.fields.get("line_of_business")
    if is_missing(business):
        return math.nan
    agreed = {"the cloud": "cloud"}.get(fold(business), fold(business))
    return len(lead.labelled("product", agreed)) if agreed in lead.profile.activity_labels("product") else 0


def category(case, label, lead: Lead) -> float:
    told = lead.fields.get(case["field"])
    if is_missing(told):
        return math.nan
    agreed = {"soft ware": "software", "saas": "software", "the cloud": "cloud"}.get(fold(told), fold(told))
    labels = lead.profile.vocabularies[case["field"]].labels
    return labels.index(agreed) if agreed in labels else len(labels)


def scale(case, label, lead: Lead) -> float | None:
    return scale_rank(
        SCALES[case["field"]], lead.fields.get(case["field"]), {"medals": ("Gold", "Silver", "Bronze")}
    )


def field_age(case, label, lead: Lead) -> float:
    told = parse_time(lead.fields.get(case["field"]))
    return math.nan if told is None else (lead.as_of - told) / DAY


def trend(case, label, lead: Lead) -> int:
    both = lead.within(2 * case["window"])
    near = lead.within(case["window"])
    return len(near) - (len(both) - len(near))


def in_a_row(days: int) -> Callable[[Any, Any, Lead], int]:
    def count(case, label, lead: Lead) -> int:
        ages = {(lead.as_of - e.occurred) // (days * DAY) for e in lead.activities}
        return next(span for span in range(8) if span == 7 or span not in ages)

    return count


def intensity(events: list[Happened], half_life: float, as_of: int) -> float:
    steps = [(as_of - event.occurred) // round(half_life * DAY) for event in events]
    return sum(0.5**step for step in steps if step < 6)


def working_hours_since(case, label, lead: Lead) -> float:
    if not lead.activities:
        return math.nan
    last = max(*(e.occurred for e in lead.activities), lead.as_of - round(TWO_YEARS * DAY))
    begin, end, hours = at(last), at(lead.as_of), 0.0
    agreed = AGREEMENT.sla.working_hours
    day = max(begin.astimezone(OFFICE).date(), datetime(1990, 1, 1, tzinfo=UTC).date())
    while day <= end.astimezone(OFFICE).date():
        if (
            day not in agreed.holidays
            and ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day.weekday()] in agreed.days
        ):
            opens, closes = (
                datetime.combine(day, hour, OFFICE).astimezone(UTC) for hour in (time(8, 30), time(17))
            )
            hours += max((min(closes, end) - max(opens, begin)) / timedelta(hours=1), 0.0)
        day += timedelta(days=1)
    return hours


def account_leads(case, label, lead: Lead) -> float:
    return len(lead.colleagues()) if lead.account() else math.nan


def account_conversions(case, label, lead: Lead) -> float:
    if not lead.account():
        return math.nan
    return sum(
        any(
            isinstance(e, Moved) and e.lead_id == other and AGREEMENT.stage_of(e.stage) == "sql"
            for e in lead.known
        )
        for other in lead.colleagues()
    )


def times(stage: str, lead: Lead) -> list[Moved]:
    return [move for move in lead.moves if AGREEMENT.stage_of(move.stage) == stage]


def days_since_stage(case, label, lead: Lead) -> float:
    found = times(case["stage"], lead)
    return min((lead.as_of - max(move.at for move in found)) / DAY, TWO_YEARS) if found else math.nan


def answers_per_contact(case, label, lead: Lead) -> float:
    contacts = lead.labelled("direction", "outbound")
    return len(lead.answers(None)) / len(contacts) if contacts else math.nan


Loop = Callable[[Any, Any, Lead], float | None]
LOOPS: dict[str, Loop] = {
    "field_number": lambda case, _, lead: parse_number(lead.fields.get(case["field"])),
    "field_rank": scale,
    "field_category": category,
    "field_age": field_age,
    "field_known": lambda case, _, lead: float(not is_missing(lead.fields.get(case["field"]))),
    "fields_known": lambda _, __, lead: sum(not is_missing(lead.fields.get(f)) for f in lead.profile.columns),
    "activity_count": lambda case, label, lead: len(lead.labelled(case["column"], label, case["window"])),
    "any_activity_count": lambda case, _, lead: len(lead.within(case["window"])),
    "activity_age": lambda case, label, lead: lead.days_since(lead.labelled(case["column"], label)),
    "any_activity_age": lambda _, __, lead: lead.days_since(lead.activities),
    "active_days": lambda case, _, lead: lead.firsts(lambda e: e.occurred // DAY, case["window"]),
    "active_days_in_a_row": in_a_row(1),
    "active_weeks_in_a_row": in_a_row(7),
    "any_activity_trend": trend,
    "activity_trend": lambda case, label, lead: (
        2 * len(lead.labelled(case["column"], label, case["window"]))
        - len(lead.labelled(case["column"], label, 2 * case["window"]))
    ),
    "activity_intensity": lambda case, label, lead: intensity(
        lead.labelled(case["column"], label), case["half_life"], lead.as_of
    ),
    "any_activity_intensity": lambda case, _, lead: intensity(lead.activities, case["half_life"], lead.as_of),
    "answers_count": lambda case, _, lead: len(lead.answers(case["window"])),
    "answers_per_contact": answers_per_contact,
    "distinct_assets": lambda case, _, lead: lead.firsts(lambda e: text(e, "asset"), case["window"]),
    "asset_count": lambda _, label, lead: len(lead.labelled("asset", label)),
    "kind_count": lambda _, label, lead: len(lead.labelled("asset_kind", label)),
    "kind_age": lambda _, label, lead: lead.days_since(lead.labelled("asset_kind", label)),
    "any_asset_age": lambda _, __, lead: lead.days_since([e for e in lead.activities if text(e, "asset")]),
    "product_count": lambda case, label, lead: len(lead.labelled("product", label, case["window"])),
    "product_age": lambda _, label, lead: lead.days_since(lead.labelled("product", label)),
    "distinct_products": lambda _, __, lead: lead.firsts(lambda e: text(e, "product"), None),
    "product_focus": product_focus,
    "product_suits_business": product_suits_business,
    "lead_age": lambda _, __, lead: (lead.as_of - lead.created) / DAY,
    "arrival_hour": lambda _, __, lead: lead.arrival().hour,
    "arrival_weekday": lambda _, __, lead: lead.arrival().weekday(),
    "working_hours_since_activity": working_hours_since,
    "stage_now": stage_now,
    "days_in_stage": days_in_stage,
    "stage_changes_count": lambda _, __, lead: sum(
        AGREEMENT.stage_of(m.stage) is not None for m in lead.moves
    ),
    "times_in_stage": lambda case, _, lead: len(times(case["stage"], lead)),
    "days_since_stage": days_since_stage,
    "account_leads": account_leads,
    "account_conversions": account_conversions,
    "campaign_channel": lambda _, __, lead: {"c1": 1, "c2": 0}.get(
        fold(lead.fields.get("campaign_id") or ""), math.nan
    ),
}


def test_the_plain_loops_are_of_kinds_that_there_are() -> None:
    """No plain loop stands for a kind of feature that is gone."""
    assert LOOPS.keys() <= {kind.key for kind in kinds()}


@given(AS_OF.flatmap(lambda as_of: st.tuples(worlds(as_of), st.just(as_of))))
def test_the_engine_equals_plain_loops(feature_set: FeatureSet, drawn) -> None:
    """What plain loops over the past compute is what the engine computes, late records included."""
    world, as_of = drawn
    looks = [(lead_id, as_of) for lead_id in world.until(as_of).lead_ids]
    values = matrix_of(feature_set, world.history(), looks)
    for row, (lead_id, moment) in enumerate(looks):
        lead = Lead(world, lead_id, moment, feature_set.profile)
        for column, feature in enumerate(feature_set.features):
            if feature.kind.key in LOOPS:
                found = LOOPS[feature.kind.key](feature.case, feature.label, lead)
                expected = math.nan if found is None else float(found)
                np.testing.assert_allclose(
                    values[row, column], expected, rtol=1e-12, atol=1e-9, err_msg=feature.name
                )

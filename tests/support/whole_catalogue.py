"""A company in whose history every kind of feature of the catalogue has something to be declared from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from any_world import CAMPAIGNS
from data_checks.agreement import Agreement
from features.census import Census
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY
from features.profile import Profile
from features.profiling import profile_of
from features.settings import FeatureSettings
from small_world import Created, Event, Happened, Moved, World

SETTINGS = FeatureSettings(
    windows_days=(0.5, 1, 7, 30, 90, 730),
    label_at_least=2,
    known_rates=("industry", "lead_source"),
    known_rates_latest=(2, 500),
)
AGREEMENT = Agreement.model_validate(
    {
        "version": "test",
        "stages": {
            "inquiry": ["New"],
            "mql": ["Marketing Qualified"],
            "sal": ["Sales Accepted"],
            "sql": ["Qualified"],
            "recycled": ["Nurture"],
            "disqualified": ["Unqualified"],
        },
        "target": {"stage": "sql", "within_days": 30},
        "scales": {"medals": ["Gold", "Silver", "Bronze"]},
        "lead_data": [
            {"field": "annual_revenue", "rule": "type", "is": "number", "breach": "flag"},
            {"field": "bbb_rating", "rule": "scale", "scale": "bbb", "at_least": "C", "breach": "flag"},
            {"field": "dnb_rating", "rule": "scale", "scale": "dnb", "at_least": "CC3", "breach": "flag"},
            {
                "field": "fit_letter",
                "rule": "scale",
                "scale": "medals",
                "at_least": "Bronze",
                "breach": "flag",
            },
            {
                "field": "industry",
                "rule": "allowed",
                "values": {"Software": ["Soft Ware", "SaaS"], "Retail": []},
                "breach": "flag",
            },
            {
                "field": "line_of_business",
                "rule": "allowed",
                "values": {"Cloud": ["The Cloud"], "Payroll": []},
                "breach": "flag",
            },
        ],
        "sla": {
            "working_hours": {
                "timezone": "Europe/Berlin",
                "days": ["mon", "tue", "thu", "sat"],
                "opens": "08:30",
                "closes": "17:00",
                "holidays": ["2026-03-30", "2024-02-29"],
            }
        },
        "handoff": {"by": "probability", "at_least": 0.2},
        "never_use": ["email", "owner_id", "spy_note", "activity_type:Unsubscribed"],
    }
)

_LEADS: tuple[Mapping[str, str | None], ...] = (
    {"company": "Acme", "email": "a@example.com", "industry": "Software", "lead_source": "Web"},
    {"industry": "SaaS", "lead_source": " web", "country": "DE", "notes": "called twice"},
    {"industry": "Retail", "lead_source": "Fair", "country": "NA", "number_of_employees": "12"},
    {"industry": "Retail ", "lead_source": "fair", "country": "de", "number_of_employees": "500"},
    {"line_of_business": "Cloud", "campaign_id": "C1", "country": "na", "trial_started": "2026-01-31"},
    {
        "line_of_business": "Payroll",
        "campaign_id": "C2",
        "Umsatz-Klasse": "klein",
        "trial_started": "2025-07-01",
    },
    {"line_of_business": "cloud", "campaign_id": "C1", "Umsatz-Klasse": "Groß", "annual_revenue": "1000000"},
    {"line_of_business": "payroll", "campaign_id": "C2", "Umsatz-Klasse": "GROSS", "annual_revenue": "2e6"},
    {
        "dnb_rating": "5A1",
        "bbb_rating": "A+",
        "fit_letter": "Gold",
        "Umsatz-Klasse": "Klein",
        "spy_note": "x",
    },
)


def whole_world() -> World:
    """Return a world with two of everything that has to be common to be noticed."""
    events: list[Event] = []
    for number, fields in enumerate(_LEADS):
        lead_id, created = f"L{number}", 19_000 * DAY + number * 11 * DAY
        events.append(Created(created, lead_id, {**fields, "account_id": f"ACC-{number % 4}"}))
        for step, (kind, asset, product, direction) in enumerate(
            (
                ("Email Opened", "White Paper: A", "Cloud", "inbound"),
                ("Web Visit", "Webinar", "Payroll", "outbound"),
                ("Demo", "White Paper: B", None, None),
                ("Call", None, None, "inbound"),
                ("Call", None, None, "outbound"),
                ("Unsubscribed", "Farewell", "Goodbye", "away"),
            )
        ):
            texts = {"activity_type": kind, "asset": asset, "product": product, "direction": direction}
            events.append(Happened(lead_id, created + step * DAY, None, texts))
        events.append(Moved(created + 5 * DAY, lead_id, "Qualified" if number % 3 else "Nurture"))
    return World(tuple(events), CAMPAIGNS)


@cache
def whole_profile() -> Profile:
    """Return the profile of the whole world's history."""
    history = whole_world().history()
    return profile_of(
        Census.of(records_from_history(history), AGREEMENT), history.campaigns, AGREEMENT, SETTINGS
    )


@cache
def whole_feature_set() -> FeatureSet:
    """Return every feature that the whole world gives rise to."""
    return FeatureSet.declare(whole_profile())

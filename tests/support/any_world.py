"""Hypothesis strategies: worlds full of ties, late records, edges of windows, odd spellings and gaps."""

from __future__ import annotations

from hypothesis import strategies as st

from features.moments import DAY, HOUR
from small_world import Created, Edited, Event, Happened, Moved, World

AS_OF = st.sampled_from(
    [
        2 * DAY,  # 1970: all that happened before it is older than the epoch
        19_782 * DAY + 12 * HOUR,  # the noon of 2024-02-29
        20_541 * DAY + HOUR,  # 2026-03-29T01:00Z, when Europe's clocks change
    ]
)
LEADS = ("b", "a10", "a9", "Ä")
UNKNOWN_LEAD = "ghost"
TYPES = (
    "Email Opened",
    " email  OPENED",
    "Web\u00a0Visit",
    "web visit",
    "Demo",
    "Никогда",
    "Unsubscribed",
    "n/a",
)
PRODUCTS = (None, "Cloud", "cloud ", "Payroll", "PAYROLL\u200b", "Never seen", "n/a")
ASSETS = (None, "White Paper", "white paper", "\uff37hite paper", "Webinar", "Never seen", "", "-")
DIRECTIONS = (None, "inbound", "Inbound ", "outbound", "sideways")
STAGES = (
    "New",
    "marketing qualified",
    "Sales Accepted",
    "QUALIFIED",
    "Nurture",
    "Unqualified",
    "No such",
    "N/A",
)
FIELDS: dict[str, tuple[str | None, ...]] = {
    "company": (None, "Acme", "Bolt", "=cmd()"),
    "email": (None, "a@example.com", "b@example.com"),
    "industry": (None, "Software", "SOFTWARE ", "soft ware", "Retail", "Never seen", "N/A"),
    "number_of_employees": (None, "12", "12.0", "500", "about 200", "1e308", "-3", "nan"),
    "annual_revenue": (None, "1000000", "2e6", "inf"),
    "country": (None, "DE", "de", "NA", "Never seen"),
    "lead_source": (None, "Web", "web ", "Fair", "Never seen"),
    "campaign_id": (None, "C1", "c1 ", "C2", "C9"),
    "line_of_business": (None, "Cloud", "CLOUD", "The Cloud", "Payroll", "Never seen"),
    "dnb_rating": (None, "5A1", "5 a 1", "HH4", "NQ", "nonsense"),
    "bbb_rating": (None, "A+", "f", "NR"),
    "trial_started": (None, "2026-01-31", "1970-01-01T01:00:00+01:00", "31/01/2026"),
    "Umsatz-Klasse": (None, "klein", "Groß", "GROSS"),
    "notes": (None, "rang back", "🙂", "\u202eright to left"),
    "fit_letter": (None, "gold", "Silver", "tin"),
    "spy_note": (None, "won't buy", "will buy"),
}
_LENGTHS = (
    0,
    1,
    HOUR,
    DAY - 1,
    DAY,
    DAY + 1,
    7 * DAY,
    30 * DAY,
    31 * DAY,
    60 * DAY,
    90 * DAY,
    730 * DAY,
    900 * DAY,
)
_edges = st.builds(lambda length, edge: max(length + edge, 0), st.sampled_from(_LENGTHS), st.integers(-1, 1))
_fields = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FIELDS.items()})
_whose = st.sampled_from((*LEADS, LEADS[0], LEADS[0], UNKNOWN_LEAD))


@st.composite
def worlds(draw: st.DrawFn, as_of: int) -> World:
    """Return a world whose events lie before, at and after ``as_of``, often at the very edge of a window."""
    around = st.one_of(_edges.map(lambda age: as_of - age), _edges.map(lambda wait: as_of + wait))
    some = draw(st.lists(st.sampled_from(LEADS), min_size=1, unique=True))
    created = [Created(as_of - draw(_edges), lead_id, draw(_fields)) for lead_id in some]
    newcomers = [Created(as_of + 1 + draw(_edges), "newcomer", draw(_fields))] if draw(st.booleans()) else []
    events = draw(st.lists(_events(around), max_size=16))
    return World((*created, *newcomers, *events), CAMPAIGNS)


def _events(moments: st.SearchStrategy[int]) -> st.SearchStrategy[Event]:
    texts = st.fixed_dictionaries(
        {
            "activity_type": st.sampled_from(TYPES),
            "asset": st.sampled_from(ASSETS),
            "product": st.sampled_from(PRODUCTS),
            "direction": st.sampled_from(DIRECTIONS),
            "campaign_id": st.sampled_from(FIELDS["campaign_id"]),
        }
    )
    at_once = st.builds(Happened, _whose, moments, st.none(), texts)
    late = st.builds(
        lambda who, when, delay, told: Happened(who, when, when + delay, told),
        _whose,
        moments,
        st.one_of(_edges, st.integers(-DAY, DAY)),
        texts,
    )
    moved = st.builds(Moved, moments, _whose, st.sampled_from(STAGES))
    edited = st.sampled_from(sorted(FIELDS)).flatmap(
        lambda name: st.builds(Edited, moments, _whose, st.just(name), st.sampled_from(FIELDS[name]))
    )
    return st.one_of(at_once, late, moved, edited)


CAMPAIGNS = (
    {"campaign_id": "C1", "channel": "Search"},
    {"campaign_id": "C2", "channel": "Fair"},
    {"campaign_id": "C3", "channel": None},
)

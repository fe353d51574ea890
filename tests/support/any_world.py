"""Hypothesis strategies: worlds full of ties, late records, edges of windows, odd spellings and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from features.moments import DAY, HOUR
from small_world import Created, Edited, Event, Happened, Moved, World

T = TypeVar("T")

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
    "Call",
    "call",
    "Никогда",
    "Unsubscribed",
    "n/a",
)
PRODUCTS = (None, "Cloud", "cloud ", "Payroll", "PAYROLL\u200b", "Never seen", "n/a")
ASSETS = (
    None,
    "White Paper: A",
    "white paper: a",
    "\uff37hite paper: A",
    "White Paper: B",
    "Webinar",
    "Never seen",
    ": x",
    "-",
)
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
    "account_id": (None, "ACC-1", "acc-1 ", "ACC-2", "N/A"),
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
CAMPAIGNS = (
    {"campaign_id": "C1", "channel": "Search"},
    {"campaign_id": "C2", "channel": "Fair"},
    {"campaign_id": "C3", "channel": None},
)
_DAYS = (0, 0.5, 1, 2, 7, 14, 30, 31, 60, 90, 180, 730, 900)
_LENGTHS = tuple(max(round(days * DAY) + edge, 0) for days in _DAYS for edge in (0, -1, 1, HOUR))
_LATENESS = (0, 0, 1, HOUR, DAY, 30 * DAY, -1, -DAY)


@st.composite
def worlds(draw: st.DrawFn, as_of: int) -> World:
    """Return a world whose events lie before, at and after ``as_of``, often at the very edge of a window."""
    # Bytes, because Hypothesis prefers small integers and would take the first choice again and again.
    choices = st.binary(min_size=8, max_size=8).map(_Choices)
    leads = draw(st.integers(1, len(LEADS)))
    created = [_created(draw(choices), lead_id, as_of) for lead_id in LEADS[:leads]]
    whose = (*[LEADS[0]] * 4, *LEADS[:leads], UNKNOWN_LEAD)
    groups = draw(st.lists(choices, max_size=24)) if draw(st.booleans()) else draw(_full(choices))
    return World((*created, *(event for some in groups for event in _events(some, whose, as_of))), CAMPAIGNS)


class _Choices:
    """A drawn number, read as a row of choices: it draws and shrinks faster than a strategy for each."""

    def __init__(self, drawn: bytes) -> None:
        self._left = int.from_bytes(drawn)

    def __call__(self, options: Sequence[T]) -> T:
        self._left, choice = divmod(self._left, len(options))
        return options[choice]


def _full(choices: st.SearchStrategy[_Choices]) -> st.SearchStrategy[list[_Choices]]:
    return st.lists(choices, min_size=24, max_size=24)


def _created(choose: _Choices, lead_id: str, as_of: int) -> Created:
    waits = choose((-1, -1, -1, 1))
    fields = {name: choose(values) for name, values in FIELDS.items()}
    return Created(as_of + waits * choose(_LENGTHS), lead_id, fields)


def _events(choose: _Choices, whose: Sequence[str], as_of: int) -> list[Event]:
    kind = choose("aaaaamet")
    lead_id = choose(whose)
    moment = as_of + choose((-1, -1, 1)) * choose(_LENGTHS)
    if kind == "a":
        return [_activity(choose, lead_id, moment)]
    if kind == "m":
        return [Moved(moment, lead_id, choose(STAGES))]
    name = choose(sorted(FIELDS))
    edits = 1 if kind == "e" else 2
    # Two edits of one field in one moment, as a CRM's own automation makes them.
    return [Edited(moment, lead_id, name, choose(FIELDS[name])) for _ in range(edits)]


def _activity(choose: _Choices, lead_id: str, moment: int) -> Happened:
    recorded = choose((None, moment + choose(_LATENESS)))
    texts = {
        "activity_type": choose(TYPES),
        "asset": choose(ASSETS),
        "product": choose(PRODUCTS),
        "direction": choose(DIRECTIONS),
        "campaign_id": choose(FIELDS["campaign_id"]),
    }
    return Happened(lead_id, moment, recorded, texts)

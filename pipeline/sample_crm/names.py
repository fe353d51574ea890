"""Names of companies, people's addresses and posts, made by code."""

from __future__ import annotations

from typing import Final

from pipeline.sample_crm.arrays import Codes
from pipeline.sample_crm.companies import Companies
from pipeline.sample_crm.people import SOURCES, People
from pipeline.sample_crm.picklists import CHANNELS, COUNTRIES, LINES_OF_BUSINESS, SENIORITIES
from pipeline.sample_crm.streams import stream

_HEADS: Final = (
    "Nor",
    "Val",
    "Ber",
    "Kor",
    "Lin",
    "Mar",
    "Tel",
    "Ost",
    "Hel",
    "Ax",
    "Bri",
    "Cal",
    "Dun",
    "Fer",
    "Gran",
)
_MIDDLES: Final = ("da", "ven", "mo", "ti", "ra", "lo", "ke", "si", "bu", "no", "ster", "ma")
_TAILS: Final = (
    "tec",
    "werk",
    "line",
    "soft",
    "gard",
    "field",
    "port",
    "nova",
    "tron",
    "berg",
    "wood",
    "logic",
)
_FORMS: Final = {
    **dict.fromkeys(("Germany", "Austria"), "GmbH"),
    **dict.fromkeys(("United Kingdom", "Ireland"), "Ltd"),
    "Switzerland": "AG",
    "France": "SA",
    "Netherlands": "BV",
    "Sweden": "AB",
    "Italy": "SpA",
    "Spain": "SL",
    "Poland": "Sp. z o.o.",
    "Denmark": "A/S",
    "Norway": "AS",
    "Finland": "Oy",
}
_GIVEN: Final = (
    *("anna", "bert", "carla", "david", "elena", "felix", "grace", "hugo", "ines", "jan"),
    *("kim", "lars", "maria", "nils", "olga", "paul", "rosa", "sven", "tara", "viktor"),
)
_FAMILY: Final = (
    *("adler", "bauer", "costa", "dubois", "evans", "fischer", "garcia", "hansen", "ivanova", "jansen"),
    *("kowalski", "lopez", "meyer", "novak", "olsen", "peters", "rossi", "smith", "tanaka", "weber"),
)
_POSTS: Final = {
    "C-Level": "Chief {} Officer",
    "Vice President": "VP {}",
    "Director": "Director {}",
    "Manager": "{} Manager",
    "Staff": "{} Specialist",
}
_WAVES: Final = ("Brand", "Generic", "North", "South", "Spring", "Autumn", "Summit", "Alliance", "Insights")


def company_names(seed: int, companies: Companies) -> tuple[list[str], list[str]]:
    """Return the name and the mail domain of each company; names repeat only by chance, domains never."""
    rng = stream(seed, "names")
    picks = rng.integers(
        0, [len(_HEADS), len(_MIDDLES), len(_MIDDLES), len(_TAILS)], (len(companies.country), 4)
    )
    words = [
        _HEADS[a] + _MIDDLES[b] + (_MIDDLES[c] if c % 2 else "") + _TAILS[d] for a, b, c, d in picks.tolist()
    ]
    forms = [_FORMS.get(COUNTRIES[code], "Inc.") for code in companies.country.tolist()]
    names = [f"{word} {form}" for word, form in zip(words, forms, strict=True)]
    domains = [f"{word.lower()}{number}.example" for number, word in enumerate(words)]
    return names, domains


def emails(seed: int, company: Codes, domains: list[str]) -> list[str]:
    """Return one address per lead."""
    rng = stream(seed, "emails")
    picks = rng.integers(0, [len(_GIVEN), len(_FAMILY), 90], (len(company), 3)).tolist()
    return [
        f"{_GIVEN[given]}.{_FAMILY[family]}{number}@{domains[code]}"
        for (given, family, number), code in zip(picks, company.tolist(), strict=True)
    ]


def titles(people: People) -> list[str]:
    """Return the post on the card, which tells seniority and line of business."""
    pairs = zip(people.seniority.tolist(), people.line.tolist(), strict=True)
    return [_POSTS[SENIORITIES[seniority]].format(LINES_OF_BUSINESS[line]) for seniority, line in pairs]


def source_names() -> list[str]:
    """Return the picklist of sources, the new one last."""
    names = [
        f"{CHANNELS[code % len(CHANNELS)]}: {_WAVES[code % len(_WAVES)]} {code // len(CHANNELS) + 1}"
        for code in range(SOURCES)
    ]
    return [*names, "Partner: Marketplace"]

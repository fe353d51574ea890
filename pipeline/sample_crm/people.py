"""Who the leads are: their company, their post, and what of it the CRM was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Flags, Floats, Times
from pipeline.sample_crm.clock import WORLD_ENDS, Clock
from pipeline.sample_crm.clocks import drift_sets_in
from pipeline.sample_crm.companies import Companies, assign_companies, draw_companies
from pipeline.sample_crm.picklists import CHANNELS, LINES_OF_BUSINESS, SENIORITIES
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.shapes import long_tail
from pipeline.sample_crm.streams import stream

SOURCES: Final = 300
NEW_SOURCE_SHARE: Final = 0.15

# How often the CRM does not know a field. Companies that are hard to look up buy less: the gaps are not
# random, and a gap has an effect of its own in `fit`.
GAPS: Final = {
    "industry": 0.05,
    "number_of_employees": 0.10,
    "annual_revenue": 0.30,
    "dnb_rating": 0.25,
    "bbb_rating": 0.35,
    "line_of_business": 0.12,
    "company": 0.04,
}


@dataclass(frozen=True)
class People:
    """One row per lead in order of arrival, shape (leads,); codes are positions in the picklists.

    ``gaps`` says of each field which leads lack it. ``drifted`` says which leads arrived after drift set in
    and ``elapsed`` where in the history they arrived, from 0 to 1.
    """

    created: Times
    company: Codes
    seniority: Codes
    line: Codes
    source: Codes
    consent: Flags
    gaps: dict[str, Flags]
    drifted: Flags
    elapsed: Floats


def draw_people(settings: Settings, rhythm: Clock) -> tuple[People, Companies]:
    """Draw the leads and their companies."""
    rng = stream(settings.seed, "people")
    number = settings.leads
    companies = draw_companies(settings.seed, number)
    created = _arrivals(rng, number, rhythm)
    drifted = created >= drift_sets_in(settings)
    people = People(
        created=created,
        company=assign_companies(settings.seed, number, len(companies.industry)),
        seniority=rng.choice(len(SENIORITIES), number, p=[0.08, 0.12, 0.2, 0.3, 0.3]),
        line=rng.choice(len(LINES_OF_BUSINESS), number, p=long_tail(len(LINES_OF_BUSINESS), 0.4)),
        source=_sources(settings, drifted),
        consent=rng.random(number) < 0.7,
        gaps={name: rng.random(number) < share for name, share in GAPS.items()},
        drifted=drifted,
        elapsed=(created - rhythm.starts) / (WORLD_ENDS - rhythm.starts),
    )
    return people, companies


def channel_of(source: Codes) -> Codes:
    """Return the channel of each source; the source after the last is the new one, a partner's."""
    return np.where(source == SOURCES, CHANNELS.index("Partner"), source % len(CHANNELS))


def _arrivals(rng: np.random.Generator, number: int, rhythm: Clock) -> Times:
    return np.sort(rhythm.when(rng.uniform(0, float(rhythm.at(WORLD_ENDS)), number)))


def _sources(settings: Settings, drifted: Flags) -> Codes:
    rng = stream(settings.seed, "sources")
    usual = rng.choice(SOURCES, settings.leads, p=long_tail(SOURCES, 0.7))
    moved = drifted & (rng.random(settings.leads) < NEW_SOURCE_SHARE)
    return np.where(moved & settings.new_source, SOURCES, usual)

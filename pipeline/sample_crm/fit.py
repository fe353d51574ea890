"""How well a lead fits: the score f(x), and the other things that depend on who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats
from pipeline.sample_crm.companies import SIZE_MEAN, SIZE_SD, Companies
from pipeline.sample_crm.people import SOURCES, People, channel_of
from pipeline.sample_crm.picklists import (
    CHANNELS,
    COUNTRIES,
    INDUSTRIES,
    LINES_OF_BUSINESS,
    PRODUCTS,
    SENIORITIES,
)
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.shapes import sigmoid
from pipeline.sample_crm.streams import stream

FIT_SD: Final = 1.6

_SENIORITY: Final = np.array([0.55, 0.6, 0.35, 0.0, -0.6])
_CREDIT: Final = np.array([0.25, 0.1, -0.2, -0.6])
_GAP: Final = {
    "industry": -0.4,
    "number_of_employees": -0.5,
    "annual_revenue": -0.2,
    "dnb_rating": -0.25,
    "bbb_rating": -0.1,
    "line_of_business": -0.3,
    "company": -0.6,
}


@dataclass(frozen=True)
class Fit:
    """What follows from x alone, one row per lead, shape (leads,).

    ``score`` is f(x) with mean 0; ``activity`` is rho(x), the factor on how much a lead does; ``refusal`` is
    p(x), the probability that sales disqualifies it at its review; ``product`` is the product its line of
    business needs, -1 where that is not known.
    """

    score: Floats
    activity: Floats
    refusal: Floats
    product: Codes


def draw_fit(settings: Settings, people: People, companies: Companies) -> Fit:
    """Return what follows from who the leads are, under effects drawn with the seed.

    f depends on the fields *as the CRM holds them*: where a field is missing, its gap has an effect and its
    hidden value has none. Otherwise nobody could know f from the record, and the best possible score had no
    closed form.
    """
    scale = settings.effect_scale
    score = _raw_score(settings, people, companies)
    score = scale * FIT_SD * (score - score.mean()) / max(float(score.std()), 1e-9)
    score = score + scale * settings.effect_drift * people.elapsed * _second_score(
        settings, people, companies
    )
    size = _known_size(people, companies)
    activity = np.exp(scale * (0.25 * (people.seniority < 3) + 0.1 * size))
    return Fit(
        score=score,
        activity=activity / activity.mean(),
        refusal=sigmoid(-2.2 + scale * (0.9 * (people.seniority == 4) - 0.5 * size)),
        product=np.where(people.gaps["line_of_business"], -1, people.line % len(PRODUCTS)),
    )


def _raw_score(settings: Settings, people: People, companies: Companies) -> Floats:
    """Return the sum of main effects, a hump in size and three interactions, unscaled."""
    rng = stream(settings.seed, "effects")
    industry = np.where(people.gaps["industry"], len(INDUSTRIES), companies.industry[people.company])
    country = companies.country[people.company]
    line = np.where(people.gaps["line_of_business"], len(LINES_OF_BUSINESS), people.line)
    size = _known_size(people, companies)
    score = (
        np.append(rng.normal(0, 0.45, len(INDUSTRIES)), 0)[industry]
        + rng.normal(0, 0.3, len(COUNTRIES))[country]
        + np.append(rng.normal(0, 0.35, len(LINES_OF_BUSINESS)), 0)[line]
        + rng.normal(0, 0.6, SOURCES + 1)[people.source]
        + rng.normal(0, 0.4, len(CHANNELS))[channel_of(people.source)]
        + _SENIORITY[people.seniority]
        + 0.9 * np.exp(-0.5 * ((size - 0.6) / 0.7) ** 2)
        + np.where(people.gaps["dnb_rating"], 0.0, _CREDIT[companies.credit[people.company]])
        - np.where(people.gaps["bbb_rating"], 0.0, 0.06 * (companies.bbb[people.company] - 4))
        + 0.3 * people.consent
        + rng.normal(0, 0.25, (len(INDUSTRIES) + 1, len(_SENIORITY)))[industry, people.seniority]
        + rng.normal(0, 0.2, (len(LINES_OF_BUSINESS) + 1, len(CHANNELS)))[line, channel_of(people.source)]
        + 0.25 * size * (people.seniority < 2)
    )
    return np.asarray(score + sum(effect * people.gaps[name] for name, effect in _GAP.items()))


def _second_score(settings: Settings, people: People, companies: Companies) -> Floats:
    rng = stream(settings.seed, "second effects")
    industry = np.where(people.gaps["industry"], len(INDUSTRIES), companies.industry[people.company])
    score = (
        rng.normal(0, 1, len(INDUSTRIES) + 1)[industry] + rng.normal(0, 1, len(SENIORITIES))[people.seniority]
    )
    return np.asarray((score - score.mean()) / max(float(score.std()), 1e-9))


def _known_size(people: People, companies: Companies) -> Floats:
    """Return the size in standard deviations from the usual one, 0 where it is not known."""
    size = (companies.log_size[people.company] - SIZE_MEAN) / SIZE_SD
    return np.where(people.gaps["number_of_employees"], 0.0, size)

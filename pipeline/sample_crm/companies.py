"""The companies that leads work for, and what a CRM holds about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats
from pipeline.sample_crm.picklists import BBB_RATINGS, COUNTRIES, DNB_STRENGTHS, INDUSTRIES
from pipeline.sample_crm.shapes import long_tail
from pipeline.sample_crm.streams import stream

LEADS_PER_COMPANY: Final = 1.5
SIZE_MEAN: Final = 4.5
SIZE_SD: Final = 1.4


@dataclass(frozen=True)
class Companies:
    """One row per company, shape (companies,); codes are positions in the picklists.

    ``log_size`` is the natural logarithm of the number of employees, ``log_revenue`` that of the annual
    revenue in euro. ``credit`` runs from 0 (best) to 3: the composite credit appraisal that ends a D&B
    rating.
    """

    industry: Codes
    country: Codes
    log_size: Floats
    log_revenue: Floats
    strength: Codes
    credit: Codes
    bbb: Codes


def draw_companies(seed: int, leads: int) -> Companies:
    """Draw enough companies for ``leads`` leads."""
    rng = stream(seed, "companies")
    number = max(1, round(leads / LEADS_PER_COMPANY))
    employees = np.maximum(1, np.round(np.exp(rng.normal(SIZE_MEAN, SIZE_SD, number))))
    log_revenue = np.log(employees) + rng.normal(11.8, 0.6, number)
    credit = rng.choice(4, number, p=[0.3, 0.4, 0.2, 0.1])
    bbb = np.round(3.0 * credit + rng.normal(1.5, 1.8, number)).astype(np.int64)
    return Companies(
        industry=rng.choice(len(INDUSTRIES), number, p=long_tail(len(INDUSTRIES), 0.5)),
        country=rng.choice(len(COUNTRIES), number, p=long_tail(len(COUNTRIES), 0.9)),
        log_size=np.log(employees),
        log_revenue=log_revenue,
        strength=_strength(log_revenue),
        credit=credit,
        bbb=bbb.clip(0, len(BBB_RATINGS) - 1),
    )


def assign_companies(seed: int, leads: int, companies: int) -> Codes:
    """Return the company of each lead, shape (leads,): a few companies send many leads, most send one."""
    rng = stream(seed, "company of lead")
    pull = rng.gamma(0.8, size=companies)
    return rng.choice(companies, leads, p=pull / pull.sum())


def _strength(log_revenue: Floats) -> Codes:
    """Return the D&B financial strength, 0 (5A) to 14 (HH), by a net worth of a fifth of the revenue."""
    bounds = np.log([35e6, 15e6, 7e6, 1.5e6, 7e5, 3.5e5, 2e5, 1e5, 6e4, 4e4, 2.5e4, 1.5e4, 8e3, 5e3])
    worth = log_revenue - np.log(5)
    return np.asarray(len(DNB_STRENGTHS) - 1 - np.searchsorted(bounds[::-1], worth))

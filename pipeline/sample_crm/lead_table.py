"""The table of leads as it stood when each lead arrived: no dirt, no edits and no traps yet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.sample_crm.campaign_table import campaign_ids, running_campaign
from pipeline.sample_crm.names import company_names, emails, source_names, titles
from pipeline.sample_crm.people import channel_of
from pipeline.sample_crm.picklists import (
    BBB_RATINGS,
    COUNTRIES,
    DNB_STRENGTHS,
    INDUSTRIES,
    LINES_OF_BUSINESS,
    RENAMED_INDUSTRY,
    SENIORITIES,
)
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World


def lead_ids(number: int) -> list[str]:
    """Return the ids in order of arrival."""
    return [f"L-{position:06d}" for position in range(1, number + 1)]


def lead_table(world: World) -> pd.DataFrame:
    """Return the leads in order of arrival; missing is "", times are in milliseconds."""
    people, companies = world.people, world.companies
    names, domains = company_names(world.settings.seed, companies)
    ratings = np.array([f"{strength}{credit}" for strength in DNB_STRENGTHS for credit in range(1, 5)])
    dnb = ratings[companies.strength * 4 + companies.credit]
    revenue = np.round(np.exp(companies.log_revenue), -3).astype(np.int64).astype(str)
    employees = np.round(np.exp(companies.log_size)).astype(np.int64).astype(str)
    leads = pd.DataFrame(
        {
            "lead_id": lead_ids(world.settings.leads),
            "created_at": people.created,
            "company": _known(world, "company", np.array(names)[people.company]),
            "email": emails(world.settings.seed, people.company, domains),
            "title": titles(people),
            "industry": _known(world, "industry", _industry(world)),
            "number_of_employees": _known(world, "number_of_employees", employees[people.company]),
            "annual_revenue": _known(world, "annual_revenue", revenue[people.company]),
            "country": np.array(COUNTRIES)[companies.country[people.company]],
            "lead_source": np.array(source_names())[people.source],
            "campaign_id": _campaign(world),
            "line_of_business": _known(world, "line_of_business", np.array(LINES_OF_BUSINESS)[people.line]),
            "dnb_rating": _known(world, "dnb_rating", dnb[people.company]),
            "bbb_rating": _known(world, "bbb_rating", np.array(BBB_RATINGS)[companies.bbb[people.company]]),
            "account_id": [f"AC-{code:06d}" for code in people.company.tolist()],
            "seniority": np.array(SENIORITIES)[people.seniority],
            "marketing_consent": np.where(people.consent, "true", "false"),
        }
    )
    return leads


def _known(world: World, field: str, values: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.where(world.people.gaps[field], "", values)


def _industry(world: World) -> np.ndarray:  # type: ignore[type-arg]
    industry = np.array(INDUSTRIES, dtype=object)[world.companies.industry[world.people.company]]
    if world.settings.renamed_industry:
        old, new = RENAMED_INDUSTRY
        industry = np.where((industry == old) & world.people.drifted, new, industry)
    return industry.astype(str)


def _campaign(world: World) -> np.ndarray:  # type: ignore[type-arg]
    """Return the campaign that the lead's channel ran on its arrival, where somebody filled it in."""
    running = running_campaign(world.settings, channel_of(world.people.source), world.people.created)
    filled = stream(world.settings.seed, "campaign of lead").random(world.settings.leads) < 0.75
    return np.where(filled, np.array(campaign_ids(world.settings))[running], "")

"""The table of leads as each was typed in: no dirt, no edits and no traps yet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.sample_crm.arrays import Texts
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


def lead_table(world: World) -> pd.DataFrame:
    """Return the leads in order of arrival, without their ids; missing is ""."""
    people, companies = world.people, world.companies
    names, domains = company_names(world.settings.seed, companies)
    dnb = np.array([f"{strength}{credit}" for strength in DNB_STRENGTHS for credit in "1234"], dtype=object)
    known = {
        "company": _labels(names)[people.company],
        "industry": _industry(world),
        "number_of_employees": _whole(np.exp(companies.log_size))[people.company],
        "annual_revenue": _whole(np.round(np.exp(companies.log_revenue), -3))[people.company],
        "line_of_business": _labels(LINES_OF_BUSINESS)[people.line],
        "dnb_rating": dnb[companies.strength * 4 + companies.credit][people.company],
        "bbb_rating": _labels(BBB_RATINGS)[companies.bbb[people.company]],
    }
    told = {name: np.where(people.gaps[name], "", values) for name, values in known.items()}
    return pd.DataFrame(
        {
            "created_at": people.created,
            **told,
            "email": emails(world.settings.seed, people.company, domains),
            "title": titles(people),
            "country": _labels(COUNTRIES)[companies.country[people.company]],
            "lead_source": _labels(source_names())[people.source],
            "campaign_id": _campaign(world),
            "account_id": [f"AC-{code:06d}" for code in people.company.tolist()],
            "seniority": _labels(SENIORITIES)[people.seniority],
            "marketing_consent": np.where(people.consent, "true", "false"),
            "handoff_propensity": np.round(world.routing.propensity, 6).astype(str),
        }
    )


def _industry(world: World) -> Texts:
    industry = _labels(INDUSTRIES)[world.companies.industry[world.people.company]]
    old, new = RENAMED_INDUSTRY
    renamed = world.settings.renamed_industry & world.people.drifted & (industry == old)
    return np.where(renamed, new, industry)


def _campaign(world: World) -> Texts:
    """Return the campaign that the lead's channel ran on its arrival, where somebody filled it in."""
    running = running_campaign(world.settings, channel_of(world.people.source), world.people.created)
    filled = stream(world.settings.seed, "campaign of lead").random(world.settings.leads) < 0.75
    return np.where(filled, _labels(campaign_ids(world.settings))[running], "")


def _labels(names: tuple[str, ...] | list[str]) -> Texts:
    return np.array(names, dtype=object)


def _whole(values: Texts) -> Texts:
    return np.round(values).astype(np.int64).astype(str).astype(object)

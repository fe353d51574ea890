"""The values that the sample CRM's picklists hold, as its administrator spells them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data_checks.scales import BBB, STATED_STRENGTHS

INDUSTRIES: Final = (
    "Manufacturing",
    "Software",
    "Financial Services",
    "Healthcare",
    "Retail",
    "Logistics",
    "Energy",
    "Telecommunications",
    "Education",
    "Public Sector",
    "Professional Services",
    "Construction",
)
RENAMED_INDUSTRY: Final = ("Software", "Software & SaaS")

COUNTRIES: Final = (
    "United States",
    "Germany",
    "United Kingdom",
    "France",
    "Netherlands",
    "Switzerland",
    "Austria",
    "Sweden",
    "Italy",
    "Spain",
    "Poland",
    "Belgium",
    "Denmark",
    "Norway",
    "Finland",
    "Ireland",
    "Portugal",
    "Czechia",
    "Canada",
    "Australia",
    "India",
    "Brazil",
    "Japan",
    "Singapore",
    "South Africa",
)

LINES_OF_BUSINESS: Final = (
    "Operations",
    "Finance",
    "Human Resources",
    "Information Technology",
    "Sales",
    "Marketing",
    "Procurement",
    "Legal",
)

PRODUCTS: Final = ("Planning", "Ledger", "People", "Connect", "Pipeline", "Insight")

SENIORITIES: Final = ("C-Level", "Vice President", "Director", "Manager", "Staff")

DNB_STRENGTHS: Final = STATED_STRENGTHS
BBB_RATINGS: Final = BBB.ratings

CHANNELS: Final = (
    "Organic Search",
    "Paid Search",
    "Social",
    "Webinar",
    "Event",
    "Partner",
    "Content Syndication",
    "Bought List",
)

STAGES: Final = (
    "New",
    "Marketing Qualified",
    "Sales Accepted",
    "Qualified",
    "Opportunity",
    "Closed Won",
    "Nurture",
    "Unqualified",
    "Closed Lost",
)

# What people type instead; an agreement may list them as variants of the canonical value.
INDUSTRY_VARIANTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Manufacturing": ("Mfg", "Manufacturing Industry"),
        "Software": ("SW", "IT / Software"),
        "Financial Services": ("Finance & Banking", "Fin. Services"),
        "Healthcare": ("Health Care", "Health-Care"),
        "Telecommunications": ("Telco", "Telecoms"),
        "Public Sector": ("Government", "Public Sect."),
    }
)
COUNTRY_VARIANTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "United States": ("USA", "U.S."),
        "Germany": ("Deutschland", "DE"),
        "United Kingdom": ("UK", "Great Britain"),
        "Netherlands": ("The Netherlands", "Holland"),
        "Switzerland": ("Schweiz", "CH"),
    }
)

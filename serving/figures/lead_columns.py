"""What the pages may tell of who a lead is: nothing that the agreement hides."""

from __future__ import annotations

from typing import Final

from data_checks.agreement import Agreement

CRM_FIELDS: Final = {
    "company": "company",
    "title": "title",
    "source": "lead_source",
    "campaign_id": "campaign_id",
    "industry": "industry",
    "country": "country",
    "line_of_business": "line_of_business",
    "owner": "owner_id",
    "employees": "number_of_employees",
    "size": "number_of_employees",
}
"""The CRM's field behind each column of the table ``leads``."""


def shown_leads(agreement: Agreement) -> str:
    """Return the table ``leads`` as a query may name its leads: their ids, and the columns to be shown."""
    return f"(select l.lead_id, {shown_columns(agreement)} from leads l)"


def shown_columns(agreement: Agreement) -> str:
    """Return the columns for a query of ``leads l``; one that is never to be used is empty."""
    hidden = agreement.hidden
    return ", ".join(
        f"null::varchar as {name}" if field in hidden else f"l.{name}" for name, field in CRM_FIELDS.items()
    )

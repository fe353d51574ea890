"""The tables of the pages on where to aim."""

from __future__ import annotations

from datetime import datetime

from data_checks.agreement import Agreement
from pipeline.page_tables.credits import CAMPAIGN_LEADS, credits_sql
from pipeline.page_tables.segments import VALUES, segment_values, segments_sql
from pipeline.page_tables.writing import PagesFile


def add_aims(pages: PagesFile, agreement: Agreement, now: datetime) -> None:
    """Add ``segments``, ``campaign_leads`` and ``credits``, made of the history and of ``past_scores``."""
    values = segment_values(pages.frame(VALUES), agreement)
    pages.add("segments", values, segments_sql(agreement.target.stage, now))
    pages.add_found("campaign_leads", CAMPAIGN_LEADS)
    pages.add_found("credits", credits_sql(agreement.target.stage))

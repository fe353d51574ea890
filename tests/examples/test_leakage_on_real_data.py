"""On the four public data sets the audit finds the known leaks untold, and spares what is honest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_checks.agreement import load_agreement
from features.from_history import records_from_history
from features.moments import to_time
from models.leakage.audit import Audit, audit
from pipeline.new_project import HOME
from pipeline.now import latest_recorded
from pipeline.params import load_params
from pipeline.sources.folder import read_history
from pipeline.sources.mapping import load_mapping

DATA = os.environ.get("BATON_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="BATON_REAL_DATA names no folder with the public data sets")

DEALS = (
    *("seller_id", "sdr_id", "sr_id", "won_date", "business_segment", "lead_type", "lead_behaviour_profile"),
    *("has_company", "has_gtin", "average_stock", "business_type", "declared_product_catalog_size"),
    "declared_monthly_revenue",
)
EVERYTHING_OF_OLIST = f"""
missing: [unknown]
tables:
  leads:
    file: olist_marketing_qualified_leads_dataset.csv
    join: {{file: olist_closed_deals_dataset.csv, as: deal, match: {{mql_id: mql_id}}}}
    columns:
      lead_id: mql_id
      created_at: {{column: first_contact_date, timezone: America/Sao_Paulo}}
      lead_source: origin
      landing_page: landing_page_id
{"".join(f"      {name}: deal.{name}{chr(10)}" for name in DEALS)}
    outcome: {{stage: won, at: deal.won_date}}
"""
SALES_WRITTEN = {
    *("tags", "lead_quality", "lead_profile", "last_activity", "last_notable_activity"),
    *(f"asymmetrique_{what}_{sort}" for what in ("activity", "profile") for sort in ("index", "score")),
}


def audited(name: str, mapping: Path | None = None) -> Audit:
    """The audit of an example whose agreement neither forbids nor vouches for anything."""
    source = Path(str(DATA)) / name
    if not source.is_dir():
        pytest.skip(f"{source} is absent")
    example = HOME / "examples" / name
    history = read_history(source, load_mapping(mapping or example / "mapping.yaml")).history
    agreement = load_agreement(example / "agreement.yaml")
    told_nothing = agreement.model_copy(update={"never_use": (), "known_at": {}})
    settings = load_params(example / "params.yaml").snapshots
    return audit(records_from_history(history), told_nothing, settings, latest_recorded(history))


def test_what_sales_wrote_at_x_education_is_found_and_the_strong_form_fields_stay():
    """The nine columns, and neither origin, source, occupation nor time on the website."""
    assert set(audited("x_education").suspects.columns) == SALES_WRITTEN


def test_the_length_of_the_call_is_found_in_bank_marketing_and_no_rate_that_moves():
    """`duration` alone; the interest rate and its kind drift with the base rate and are spared."""
    assert set(audited("bank_marketing").suspects.columns) == {"duration"}


def test_what_only_winners_have_and_the_unrecorded_months_are_found_at_olist(tmp_path):
    """Every column of the deals, the leads of 2017, and nothing of the leads' own."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(EVERYTHING_OF_OLIST, encoding="utf-8")
    suspects = audited("olist_funnel", mapping).suspects
    assert set(suspects.columns) == set(DEALS)
    [gap] = suspects.periods
    assert f"{to_time(gap.since):%Y-%m}" == "2017-06"
    assert "2017-12-25" < f"{to_time(gap.until):%Y-%m-%d}" < "2018-01-10"


def test_the_mapping_of_the_example_leaves_nothing_to_find_at_olist():
    """Read from 2018 on and without the deals' columns, nothing is suspect."""
    assert [one.name for one in audited("olist_funnel").examined if one.suspect] == []


def test_events_of_the_end_are_found_in_the_log_of_the_lender_and_the_work_before_it_stays():
    """Acceptance and refusal of the offer are left out; the states of the end are the outcome itself."""
    audit_of_log = audited("bpi_2012_october")
    assert set(audit_of_log.suspects.activity_types) == {"o_accepted", "o_declined"}
    assert {"A_APPROVED", "A_REGISTERED", "A_ACTIVATED", "A_DECLINED"} <= set(audit_of_log.outcome_values)
    assert not audit_of_log.suspects.columns

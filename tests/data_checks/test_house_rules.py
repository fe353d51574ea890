"""What holds for every history, whatever was agreed."""

import numpy as np
import pandas as pd
import pytest

from crm_tables import NOW, agreed, history, lead, table
from data_checks.checking import check_history
from data_checks.findings import Checked, StopBreach
from data_checks.shaping import MissingColumn
from data_checks.tables import CrmHistory


def checked(*leads: dict[str, object], **tables: list[dict[str, object]]) -> Checked:
    return check_history(history([lead(0), *leads], **tables), agreed(), NOW)


def found(result: Checked) -> dict[str, int]:
    return {finding.clause: finding.rows for finding in result.findings}


def activity(number: int, **fields: object) -> dict[str, object]:
    basis = {
        "lead_id": "L0",
        "occurred_at": "2026-02-01",
        "activity_type": "Web Visit",
        "activity_id": f"A{number}",
    }
    return {**basis, **fields}


def test_a_sound_history_has_no_findings():
    """A history that keeps every rule comes back whole and without a word."""
    result = checked(activities=[activity(1)], campaigns=[{"campaign_id": "C1", "cost": 5.0}])
    assert (result.findings, result.quarantined, len(result.flags)) == ((), {}, 0)
    assert len(result.clean.activities) == 1


@pytest.mark.parametrize("missing", [None, " ", "\t"])
def test_a_lead_without_an_id_is_set_aside(missing):
    """A lead that nobody can name is neither trained on nor scored."""
    result = checked(lead(1, lead_id=missing))
    assert found(result) == {"house.leads.lead_id.required": 1}
    assert "fill in lead_id" in result.quarantined["leads"]["reasons"][0]


@pytest.mark.parametrize(
    ("created_at", "rule"),
    [(None, "required"), ("1970-01-01", "possible"), ("2199-01-01", "possible"), ("2026-07-01", "not_later")],
)
def test_a_lead_that_was_not_created_at_a_possible_time_is_set_aside(created_at, rule):
    """A lead without a creation in the past of the check is neither trained on nor scored."""
    result = checked(lead(1, created_at=created_at))
    assert f"house.leads.created_at.{rule}" in found(result)
    assert result.clean.leads["lead_id"].tolist() == ["L0"]


def test_the_clocks_of_two_machines_may_differ_by_minutes():
    """A lead created four minutes after the check is no error, one created six minutes after is."""
    result = checked(lead(1, created_at="2026-06-30T00:04:00"), lead(2, created_at="2026-06-30T00:06:00"))
    assert result.quarantined["leads"]["lead_id"].tolist() == ["L2"]


def test_of_identical_leads_one_is_kept_and_flagged():
    """A row exported twice counts once; the copy is kept in the quarantine, and the lead is flagged."""
    result = checked(lead(1, company="Acme"), lead(1, company="Acme"))
    assert found(result) == {"house.leads.lead_id.copied": 1}
    assert result.clean.leads["lead_id"].tolist() == ["L0", "L1"]
    assert result.quarantined["leads"]["lead_id"].tolist() == ["L1"]
    assert result.flags["lead_id"].tolist() == ["L1"]


def test_different_leads_with_one_id_are_all_set_aside():
    """Nobody can tell which of two rows with one id is true, so neither is used."""
    result = checked(lead(1, company="Acme"), lead(1, company="Acme"), lead(1, company="Other"))
    assert found(result) == {"house.leads.lead_id.unique": 3}
    assert result.quarantined["leads"]["reasons"].str.startswith("lead_id belongs to one row").all()
    assert len(set(result.quarantined["leads"]["reasons"])) == 1
    assert result.clean.leads["lead_id"].tolist() == ["L0"]


def test_what_belongs_to_a_lead_that_is_set_aside_goes_with_it():
    """The activities of a lead that is not used are not used, and say why."""
    result = checked(lead(1, created_at=None), activities=[activity(1, lead_id="L1"), activity(2)])
    assert result.clean.activities["activity_id"].tolist() == ["A2"]
    assert "its lead was set aside" in result.quarantined["activities"]["reasons"][0]


def test_an_activity_of_an_unknown_lead_is_set_aside_alone():
    """A row that names a lead there is not goes into quarantine; its neighbours stay."""
    result = checked(activities=[activity(1, lead_id="nobody"), activity(2)])
    assert found(result) == {"house.activities.lead_id.of_a_lead": 1}
    assert "«nobody» (1)" in result.findings[0].message
    assert result.clean.activities["activity_id"].tolist() == ["A2"]


def test_an_activity_before_its_lead_stays_and_is_flagged():
    """What happened before its lead was created is reported and kept."""
    result = checked(activities=[activity(1, occurred_at="2025-12-31"), activity(2)])
    assert found(result) == {"house.activities.occurred_at.after_its_lead": 1}
    assert len(result.clean.activities) == 2
    assert result.flags[["lead_id", "field"]].to_numpy().tolist() == [["L0", "activities.occurred_at"]]


def test_an_impossible_moment_costs_the_row_or_only_the_value():
    """A row cannot do without its own moment; another impossible moment is read as missing."""
    result = checked(
        activities=[activity(1, occurred_at="1970-01-01"), activity(2, recorded_at="9999-12-31")],
        opportunities=[{"opportunity_id": "O1", "lead_id": "L0", "created_at": "1970-01-01"}],
    )
    assert result.quarantined["activities"]["activity_id"].tolist() == ["A1"]
    assert result.clean.activities["recorded_at"].isna().all()
    assert result.clean.opportunities["created_at"].isna().all()
    assert set(result.flags["rule"]) == {"possible", "after_its_lead"}


def test_an_impossible_conversion_is_read_as_missing():
    """A conversion in 1970 is a default, not an outcome."""
    result = checked(lead(1, converted_at="1970-01-01"))
    assert result.clean.leads["converted_at"].isna().all()
    assert "house.leads.converted_at.possible" in found(result)


def test_what_is_dated_after_the_check_is_counted_and_kept():
    """Later rows stay in the tables, which are read as of a moment, and are counted once."""
    result = checked(activities=[activity(1, occurred_at="2026-07-01")])
    assert found(result) == {"house.activities.occurred_at.not_later": 1}
    assert len(result.clean.activities) == 1
    assert result.flags.empty


def test_an_unknown_stage_is_flagged_with_its_value_and_count():
    """A stage value that the agreement does not know is named, counted, and not lost."""
    result = checked(
        lead(1, stage="Zombie"),
        lead(2, stage=" qualified "),
        stage_changes=[{"lead_id": "L1", "changed_at": "2026-02-01", "stage": "Zombie"}],
    )
    assert found(result) == {"house.leads.stage.known_stage": 1, "house.stage_changes.stage.known_stage": 1}
    assert "«Zombie» (1)" in result.findings[0].message
    assert "stages in the agreement" in result.findings[0].message
    assert len(result.clean.leads) == 3


def test_a_stage_change_exported_twice_counts_once():
    """A table without ids loses exact copies, and says so."""
    change = {"lead_id": "L0", "changed_at": "2026-02-01", "stage": "MQL"}
    result = checked(stage_changes=[change, change, {**change, "reason": "typed"}])
    assert len(result.clean.stage_changes) == 2
    assert found(result) == {"house.stage_changes.lead_id.copied": 1}


def test_an_infinite_amount_is_read_as_missing():
    """Infinity is no amount of money."""
    rows = [{"opportunity_id": "O1", "lead_id": "L0", "created_at": "2026-02-01", "amount": np.inf}]
    result = checked(opportunities=rows, campaigns=[{"campaign_id": "C1", "cost": -np.inf}])
    assert result.clean.opportunities["amount"].isna().all()
    assert result.clean.campaigns["cost"].isna().all()
    assert {"house.opportunities.amount.finite", "house.campaigns.cost.finite"} == set(found(result))


def test_a_change_of_an_unknown_column_is_reported():
    """A field change whose column leads do not have cannot be followed back, and is named."""
    change = {"lead_id": "L0", "field": "shoe_size", "changed_at": "2026-02-01"}
    assert found(checked(field_changes=[change])) == {"house.field_changes.field.of_a_column": 1}


def test_a_renamed_required_column_is_refused_with_its_probable_name():
    """A table without its id column is no table, and the error says what to rename."""
    leads = table("leads", [lead(0)]).rename(columns={"lead_id": "Lead ID"})
    with pytest.raises(MissingColumn, match="rename 'Lead ID' to 'lead_id'"):
        check_history(CrmHistory(leads=leads), agreed(), NOW)


def test_optional_columns_may_be_absent():
    """A frame without its optional columns is completed with empty ones."""
    leads = pd.DataFrame({"lead_id": ["L0"], "created_at": table("leads", [lead(0)])["created_at"]})
    result = check_history(CrmHistory(leads=leads), agreed(), NOW)
    assert result.clean.leads["industry"].isna().all()


def test_no_leads_at_all_is_a_history_too():
    """A header without rows is checked like any other table."""
    result = check_history(history([]), agreed(), NOW)
    assert (len(result.clean.leads), result.findings) == (0, ())


def test_a_history_of_which_nothing_is_left_stops_the_run():
    """If every lead had to be set aside, the run stops and says so."""
    with pytest.raises(StopBreach, match="all 2 were set aside"):
        check_history(history([lead(0, created_at=None), lead(1, created_at=None)]), agreed(), NOW)

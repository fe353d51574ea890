"""Names in the agreement that nothing of the history has are noted."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from data_checks.named_in_vain import named_in_vain

HISTORY = SimpleNamespace(
    leads=pd.DataFrame({"lead_id": ["a"], "email": ["a@b.de"], "fax": [None]}),
    activities=pd.DataFrame({"activity_type": ["Unsubscribed", None]}),
)


def notes(never_use=(), known_at=()):
    return named_in_vain(
        SimpleNamespace(never_use=never_use, known_at=dict.fromkeys(known_at, "as_of")), HISTORY
    )


def test_what_is_there_is_not_noted():
    """Columns with a value, and activity types however they are spelt."""
    assert notes(["email", "activity_type:unsubscribed "], ["lead_id"]) == []


def test_what_is_not_there_is_noted_with_what_may_be_meant():
    """A slip, an empty column and an activity type that nobody has each get a sentence with a next step."""
    slip, empty, kind = (
        notes(["emial", "activity_type:Call"], ["fax"])[0:1] + notes(["fax"]) + notes(["activity_type:Call"])
    )
    assert "never_use names emial" in slip
    assert "if email is meant" in slip
    assert "names fax" in empty
    assert "no activity of that type" in kind
    assert len(notes(["emial", "activity_type:Call"], ["fax"])) == 3

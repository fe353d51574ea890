"""Activities against the outcome: when they happened, and when they were written down."""

from __future__ import annotations

import numpy as np
import pytest

from features.moments import DAY, HOUR, NEVER, SECOND
from leakage_world import LeakageWorld

WORLD = LeakageWorld()
WINNERS = np.flatnonzero(WORLD.reached != NEVER)
ENDED = np.flatnonzero(np.minimum(WORLD.reached, WORLD.closed) != NEVER)
CREATED, REACHED = WORLD.created, WORLD.reached
END = np.minimum(WORLD.reached, WORLD.closed)


def found(*rows: tuple[int, str, int, int | None]) -> dict[str, str]:
    """Kind and strength of the evidence on the one type that the rows are of."""
    facts_of_type = LeakageWorld(activities=list(rows)).audit().of("activity_type")
    [one] = facts_of_type.values()
    return {evidence.kind: evidence.strength for evidence in one.evidence}


def test_what_was_written_after_the_outcome_and_dated_before_it_convicts():
    """A call dated a day before SQL and written down an hour after it stands there because of it."""
    kinds = found(
        *((lead, "Call", max(REACHED[lead] - DAY, CREATED[lead]), REACHED[lead] + HOUR) for lead in WINNERS)
    )
    assert kinds["written_after"] == "conclusive"


def test_lists_that_come_late_are_a_hint_at_most():
    """Webinar lists handed in three days late do not wait for the outcome."""
    kinds = found(
        *((lead, "Webinar", CREATED[lead] + DAY // 2, CREATED[lead] + 4 * DAY) for lead in range(600))
    )
    assert kinds == {"late": "hint"}


def test_a_consequence_convicts():
    """A type that only ever follows the outcome says nothing of an open lead."""
    kinds = found(*((lead, "Kick-off", REACHED[lead] + 3 * DAY, None) for lead in WINNERS))
    assert kinds["follows"] == "conclusive"


def test_what_comes_with_either_outcome_convicts():
    """A type dated half a minute before leads are won or lost is part of the outcome."""
    kinds = found(*((lead, "Decision", END[lead] - 30 * SECOND, None) for lead in ENDED))
    assert kinds["with_outcome"] == "conclusive"


def test_what_only_winners_have_convicts_however_early():
    """Dated on arrival and without a recording date, but for winners alone."""
    kinds = found(*((lead, "Needs Talk", CREATED[lead] + HOUR, None) for lead in WINNERS))
    assert kinds["foretells"] == "conclusive"


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_strong_honest_sign_is_left_in_peace(share):
    """A demo that every winner and a good part of the others ask for is as honest as it is strong."""
    chance = np.random.default_rng(2).random(600)
    asks = [lead for lead in range(600) if REACHED[lead] != NEVER or chance[lead] < share]
    assert found(*((lead, "Demo", CREATED[lead] + HOUR, None) for lead in asks)) == {}


def test_what_goes_on_after_the_outcome_is_noted_only():
    """Mails opened before and after SQL are harmless: features do not see the latter."""
    rows = [(lead, "Mail", CREATED[lead] + HOUR, None) for lead in range(600)]
    rows += [(lead, "Mail", REACHED[lead] + day * DAY, None) for lead in WINNERS for day in (1, 2)]
    assert found(*rows) == {"follows": "note"}


def test_dates_before_what_they_depend_on_are_a_hint():
    """Records written down before they happened are dated wrongly, or are plans."""
    rows = [(lead, "Visit", CREATED[lead] + 5 * DAY, CREATED[lead] + DAY) for lead in range(600)]
    assert found(*rows)["out_of_order"] == "hint"

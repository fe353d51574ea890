"""What Baton handed over in a month, and how sales answered it: by grade, and why leads came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data_checks.agreement import Agreement
from serving.figures.contacts import Contact, contact
from serving.figures.lead_history import reason_words
from serving.figures.rates import Rate
from serving.handoffs import Verdict
from serving.ledger.handoffs_between import Answered


@dataclass(frozen=True)
class GradeAnswers:
    """The hand-offs of one grade, met by the first answer of sales; ``accepted`` is of those answered."""

    contact: Contact
    accepted: Rate


@dataclass(frozen=True)
class OwnHandoffs:
    """Those of a month by grade, the best first, as they stood at ``until``.

    ``returned`` holds verdict, reason, and how many leads.
    """

    until: datetime
    grades: tuple[GradeAnswers, ...]
    returned: tuple[tuple[Verdict, str, int], ...]


def own_handoffs(agreement: Agreement, handed: Sequence[Answered], now: datetime) -> OwnHandoffs:
    """Return how the hand-offs were answered until ``now``."""
    graded = sorted(
        {one.grade for one in handed}, key=lambda grade: (-agreement.grades.get(grade, -1), grade)
    )
    back = Counter(
        (one.verdict, reason_words(one.reason, agreement) or "no reason given")
        for one in handed
        if one.verdict is not None and one.verdict != "accepted"
    )
    return OwnHandoffs(
        now,
        tuple(
            _of_grade(agreement, grade, [one for one in handed if one.grade == grade], now)
            for grade in graded
        ),
        tuple((*key, count) for key, count in sorted(back.items(), key=lambda one: (-one[1], one[0]))),
    )


def _of_grade(agreement: Agreement, grade: str, own: Sequence[Answered], now: datetime) -> GradeAnswers:
    times = [(one.opened_at, one.due_at, one.first_answer_at) for one in own]
    answered = [one for one in own if one.first_answer_at is not None]
    accepted = Rate(sum(one.verdict == "accepted" for one in answered), len(answered))
    return GradeAnswers(contact(agreement.sla, grade, times, now), accepted)

"""What Baton handed over in a month, and how sales answered it: by grade, and why leads came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data_checks.agreement import Agreement
from serving.figures.due_clock import median_hours
from serving.figures.lead_history import reason_words
from serving.figures.rates import Rate
from serving.handoffs import Verdict
from serving.ledger.handoffs_between import Answered


@dataclass(frozen=True)
class GradeAnswers:
    """The hand-offs of one grade. ``in_time`` is of those that were answered or whose time is over.

    ``late`` were answered after their time, ``silent`` not at all though it is over, ``waiting`` have time
    still. ``accepted`` is of those answered. ``hours`` is the median of the working hours until
    the first answer.
    """

    grade: str
    promised_hours: float | None
    handed: int
    in_time: Rate
    late: int
    silent: int
    waiting: int
    accepted: Rate
    hours: float | None


@dataclass(frozen=True)
class OwnHandoffs:
    """Those of a month by grade, the best first; and ``returned``: verdict, reason, and how many leads."""

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
        tuple(
            _of_grade(agreement, grade, [one for one in handed if one.grade == grade], now)
            for grade in graded
        ),
        tuple((*key, count) for key, count in sorted(back.items(), key=lambda one: (-one[1], one[0]))),
    )


def _of_grade(agreement: Agreement, grade: str, own: Sequence[Answered], now: datetime) -> GradeAnswers:
    answered = [one for one in own if one.first_answer_at is not None]
    late = sum(_is_after(one.first_answer_at, one.due_at) for one in answered)
    silent = sum(one.first_answer_at is None and _is_after(now, one.due_at) for one in own)
    in_time = len(answered) - late
    return GradeAnswers(
        grade=grade,
        promised_hours=agreement.sla.first_contact_hours.get(grade),
        handed=len(own),
        in_time=Rate(in_time, in_time + late + silent),
        late=late,
        silent=silent,
        waiting=len(own) - len(answered) - silent,
        accepted=Rate(sum(one.verdict == "accepted" for one in answered), len(answered)),
        hours=median_hours(
            agreement.sla.working_hours,
            [(one.opened_at, one.first_answer_at) for one in answered if one.first_answer_at is not None],
        ),
    )


def _is_after(moment: datetime | None, due_at: datetime | None) -> bool:
    return moment is not None and due_at is not None and moment > due_at

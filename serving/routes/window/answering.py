"""What the pages need to offer an answer, and to say in words why one was not taken."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from serving.problems import Fault, Problem
from serving.routes.window.frame import Visit

LEADS: Final = "/open-leads"
"""Where all pages about leads stand in the navigation."""

MAY_NOT: Final = "Your key may look and not answer: that takes the scope `feedback`."
NO_MODEL_WORDS: Final = (
    "No model is in service, and with it no agreement to answer by; nothing can be recorded now."
)

_OF_FIELD: Final[Mapping[str, str]] = {
    "reason": "Choose one of the agreed reasons.",
    "until": "Choose a day that lies ahead, and before 2100.",
    "by": "Say who you are, in up to 255 characters.",
    "comment": "Say it in up to 2,000 characters of plain text.",
}
_OF_PROBLEM: Final[Mapping[str, str]] = {
    "other-request": "This form was sent before, with something else in it, and that is recorded. "
    "Here it is anew: send it only if you want to add to what was said.",
    "wrong-idempotency-key": "The form came without its number, by which Baton knows that it is sent once. "
    "Here it is anew.",
    "ledger-down": "The ledger cannot be written now. Send the form again in a moment.",
    "erased": "What was said with this form has been erased since.",
}


def answers_of(visit: Visit) -> dict[str, Any]:
    """Return what a template needs to offer answers: the agreed reasons, or why there is nothing to offer."""
    served = visit.room.champion.served
    sla = (served.scorer.agreement if served else visit.figures.agreement).sla
    refused = None if visit.may("feedback") else MAY_NOT
    return {
        "cannot": refused or (None if served else NO_MODEL_WORDS),
        "rejection_reasons": sla.rejection_reasons,
        "tomorrow": f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}",
        "once": new_once,
        "here_again": visit.address(said=None),
    }


def new_once() -> str:
    """Return a number that a form is sent under: sent twice, it counts once."""
    return secrets.token_urlsafe(16)


def in_words(problem: Problem) -> tuple[str, ...]:
    """Return what is wrong with an answer, for whoever gave it."""
    told = dict.fromkeys(_told(fault) for fault in problem.faults)
    return tuple(told) or (_OF_PROBLEM.get(problem.kind.slug, problem.detail),)


def _told(fault: Fault) -> str:
    return _OF_FIELD.get(fault.path.split(".")[0], f"{fault.path}: {fault.message}.")

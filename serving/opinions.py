"""What the champion says of leads, and what a challenger says beside it: one is answered, the other noted."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from serving.verdict import Draft, Verdict, verdict_of

if TYPE_CHECKING:
    from features.lead_input import LeadInput
    from models.scorer import LeadScore
    from serving.champion import ModelWatch, Scorer, Served

LOG: Final = logging.getLogger("baton.challenger")
QUIET_SECONDS: Final = 60.0
"""A challenger that fails is told of once in so many seconds."""

_BITS: Final = 53
_STEP: Final = 2.0**-_BITS


@dataclass(frozen=True)
class Opinion:
    """What a model says of a lead."""

    scorer: Scorer
    verdict: Verdict


@dataclass(frozen=True)
class Opinions:
    """The opinion that is answered, and the other model's, if there is one."""

    answer: Opinion
    other: Opinion | None = None


def falls_below(lead_id: str, share: float) -> bool:
    """Tell whether a lead is among a share of all leads: the same ones always, and fewer for a lesser share.

    >>> [falls_below("L-1001", share) for share in (0.0, 0.5, 1.0)]
    [False, True, True]
    """
    head = int.from_bytes(hashlib.sha256(lead_id.encode()).digest()[:8], "big")
    return (head >> (64 - _BITS)) * _STEP < share


class Panel:
    """The champion, who answers, and the challenger, whom nobody has to wait for in vain.

    The challenger answers for ``share`` of the leads unless the gate objects to it. Whatever goes wrong with
    it, the champion answers for all.
    """

    def __init__(
        self, challenger: ModelWatch, share: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._challenger, self._share, self._clock = challenger, share, clock
        self._told_at = float("-inf")

    @property
    def share(self) -> float:
        """The share of leads that the challenger answers for now."""
        return self._share_of(self._challenger.served)

    def _share_of(self, challenger: Served | None) -> float:
        return 0.0 if challenger is None or challenger.is_objected else self._share

    def opinions(self, champion: Served, asked: Sequence[tuple[Draft, bool]]) -> list[Opinions]:
        """Return what is said of each draft; with it comes whether reasons are wanted."""
        leads = [(draft[0], wanted) for draft, wanted in asked if isinstance(draft, tuple)]
        second, others = self._challenger.served, None
        canaries = [False] * len(leads)
        if second is not None and leads:
            share = self._share_of(second)
            chosen = [falls_below(lead.lead_id, share) for lead, _ in leads]
            others = self._tried(second, leads, chosen)
            canaries = canaries if others is None else chosen
        first = _scores(champion.scorer, leads, [not one for one in canaries])
        scored = iter(zip(first, others or [None] * len(leads), canaries, strict=True))
        return [_opinions(draft, champion, second, scored) for draft, _ in asked]

    def _tried(
        self, second: Served, leads: Sequence[tuple[LeadInput, bool]], explained: Sequence[bool]
    ) -> tuple[LeadScore, ...] | None:
        try:
            scores = _scores(second.scorer, leads, explained)
            if len(scores) != len(leads):
                raise ValueError(f"{len(scores)} scores")
        except Exception as error:
            if self._clock() - self._told_at >= QUIET_SECONDS:
                self._told_at = self._clock()
                # What was raised may quote a lead.
                told = second.scorer.model_version, len(leads), type(error).__name__
                LOG.error("challenger %s failed on %d leads, the champion answered: %s", *told)
            return None
        return scores


def _scores(
    scorer: Scorer, leads: Sequence[tuple[LeadInput, bool]], explained: Sequence[bool]
) -> tuple[LeadScore, ...]:
    """Score leads; only where it is answered does a score need its reasons, if they are wanted."""
    wanted = [asked and told for (_, asked), told in zip(leads, explained, strict=True)]
    return scorer.score([lead for lead, _ in leads], wanted)


def _opinions(
    draft: Draft,
    champion: Served,
    second: Served | None,
    scored: Iterator[tuple[LeadScore, LeadScore | None, bool]],
) -> Opinions:
    """Return what is said of a draft; a lead takes the next of the scores."""
    if isinstance(draft, Verdict):
        return Opinions(Opinion(champion.scorer, draft))
    first, other, is_canary = next(scored)
    own = Opinion(champion.scorer, verdict_of(draft, first))
    if other is None or second is None:
        return Opinions(own)
    challenging = Opinion(second.scorer, verdict_of(draft, other))
    return Opinions(challenging, own) if is_canary else Opinions(own, challenging)

"""From a lead to its score: checks, features, model, grade, decision. Both doors use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.instant import Issue, LeadChecker
from features.from_inputs import records_from_inputs
from features.lead_input import LeadInput
from features.moments import NEVER
from features.records import Records, Snapshots
from models.bundle import Bundle, load_bundle
from models.decision import Decision, decision_of, grade_of
from models.explanation import Explainer, Explanation, FamilyEffect, Reason
from models.log_odds import probability_of
from models.outcomes import is_open, reached_at
from models.row_sieve import RowSieve
from models.score_trace import ModelWay, ScoreTrace, model_way, trace_score

Fields = Mapping[str, str | None]
MOMENTS: Final = frozenset({"created_at", "converted_at"})


@dataclass(frozen=True, slots=True)
class LeadScore:
    """What Baton says of one lead. A rejected lead has no probability and no grade.

    ``probability_low`` and ``probability_high`` are the interval of the rate among leads of such a score in a
    later period (`models.calibration.interval`), None if nobody could measure it.
    ``base_probability``, ``reasons`` and ``families`` are those of its `Explanation`, if one was asked for.
    """

    lead_id: str
    as_of: int
    decision: Decision
    probability: float | None = None
    grade: str | None = None
    reasons: tuple[Reason, ...] = ()
    issues: tuple[Issue, ...] = ()
    base_probability: float | None = None
    families: tuple[FamilyEffect, ...] = ()
    probability_low: float | None = None
    probability_high: float | None = None

    def with_issues(self, more: tuple[Issue, ...]) -> LeadScore:
        """Return the score with more to be said of the lead's data."""
        return replace(self, issues=(*self.issues, *more)) if more else self


@dataclass(frozen=True, slots=True)
class _Scored:
    """What the model says of some rows: the probability of each and the ends of its interval."""

    probability: list[float]
    low: list[float | None]
    high: list[float | None]


class Scorer:
    """A bundle made ready to score."""

    def __init__(self, bundle: Bundle, version: str) -> None:
        bundle.model.require_whole()
        self.bundle = bundle
        self.model_version = version
        self.feature_names = bundle.features.names
        self.horizon_days = bundle.facts.horizon_days
        self.trained_on = bundle.facts.trained_on
        self.rung = bundle.model.rung
        self.standing = bundle.facts.standing
        self.known_ids = {name: frozenset(ids) for name, ids in bundle.facts.known_ids.items()}
        self._checker = LeadChecker(bundle.agreement, self.known_ids)
        self._sieve = RowSieve(bundle.agreement, self.known_ids)
        self._columns = frozenset(bundle.facts.lead_columns)
        self._kept = (self._columns - bundle.agreement.hidden) | MOMENTS
        self._explain = Explainer(
            bundle.features, bundle.effects, bundle.model.contributions, bundle.facts.calibration
        )

    @property
    def agreement(self) -> Agreement:
        """The agreement that the model was made under."""
        return self.bundle.agreement

    def score(
        self, leads: Sequence[LeadInput], explained: Sequence[bool] | None = None
    ) -> tuple[LeadScore, ...]:
        """Score leads as the endpoint receives them. One bad lead does not touch its neighbours.

        An activity or a stage change that breaks a rule is set aside from its lead, with an issue.
        ``explained`` says for which leads reasons are wanted, by default for all: they cost more than
        the probability does.
        """
        if not leads:
            return ()
        sifted = [self._sieve.sift(lead) for lead in leads]
        usable = [lead for lead, _ in sifted]
        records, snapshots = records_from_inputs(usable, self.bundle.features.profile.absent)
        scores = self.score_records(records, snapshots, [lead.fields for lead in usable], explained)
        return tuple(score.with_issues(found) for score, (_, found) in zip(scores, sifted, strict=True))

    def score_records(
        self,
        records: Records,
        snapshots: Snapshots,
        fields: Sequence[Fields],
        explained: Sequence[bool] | None = None,
    ) -> tuple[LeadScore, ...]:
        """Score snapshots; ``fields`` are the lead columns of each as of its moment, for the checks.

        The rows of ``records`` have passed their checks. ``explained`` is as for `score`.
        """
        issues = [self._issues(records, snapshots, row, fields[row]) for row in range(len(snapshots))]
        fit = np.array([not any(issue.breach == "reject" for issue in found) for found in issues], bool)
        kept = snapshots[np.flatnonzero(fit)]
        open_now = is_open(records, kept, self.agreement, reached_at(records, self.agreement))
        values = self.bundle.features.matrix(records, kept, self.bundle.reference)
        scored = self._scored(values)
        wanted = fit if explained is None else fit & np.array(explained, bool)
        explanations = self._explanations(values, wanted[fit])
        scores: list[LeadScore] = []
        done = 0
        for row, found in enumerate(issues):
            lead_id = records.lead_ids[int(snapshots.lead[row])]
            moment = int(snapshots.as_of[row])
            if not fit[row]:
                scores.append(LeadScore(lead_id, moment, "reject", issues=found))
                continue
            scores.append(
                LeadScore(
                    lead_id,
                    moment,
                    decision_of(self.bundle.facts.cut_off, scored.probability[done], bool(open_now[done])),
                    scored.probability[done],
                    grade_of(self.agreement.grades, scored.probability[done]),
                    explanations[done].reasons,
                    found if open_now[done] else (*found, _not_open(self.agreement)),
                    explanations[done].base_probability,
                    explanations[done].families,
                    scored.low[done],
                    scored.high[done],
                )
            )
            done += 1
        return tuple(scores)

    def kept(self, lead: LeadInput) -> LeadInput:
        """Return what may be kept of a lead: the columns that the model was trained with, none personal.

        Its moments are kept in any case: whether a lead is open is told by them.
        """
        return replace(lead, fields={name: lead.fields[name] for name in lead.fields if name in self._kept})

    @property
    def way(self) -> ModelWay:
        """What the model does with any lead."""
        return model_way(self.bundle)

    def trace(self, lead: LeadInput) -> ScoreTrace:
        """Return the whole way from the records of a lead to its decision.

        Whether the lead breaks a clause is not asked again: that was when it was scored, and what is kept of
        a lead need not hold the field that a clause is about.
        """
        return trace_score(self.bundle, self._sieve.sift(lead)[0])

    def _scored(self, values: NDArray[np.float64]) -> _Scored:
        if not len(values):
            return _Scored([], [], [])
        score = self.bundle.facts.calibration.log_odds(self.bundle.model.log_odds(values))
        probability, interval = probability_of(score).tolist(), self.bundle.facts.interval
        if interval is None:
            return _Scored(probability, [None] * len(values), [None] * len(values))
        return _Scored(probability, *(end.tolist() for end in interval.ends(score)))

    def _explanations(self, values: NDArray[np.float64], wanted: NDArray[np.bool_]) -> list[Explanation]:
        found = iter(self._explain(values[wanted]))
        return [next(found) if asked else Explanation() for asked in wanted.tolist()]

    def _issues(self, records: Records, snapshots: Snapshots, row: int, fields: Fields) -> tuple[Issue, ...]:
        as_of = int(snapshots.as_of[row])
        created = int(records.created[int(snapshots.lead[row])])
        found = list(self._checker.check(fields, as_of))
        if as_of < created != NEVER:
            found.append(_created_later())
        found += [_unknown_field(name) for name in fields if name not in self._columns]
        return tuple(found)


def load_scorer(folder: Path, version: str = "unregistered") -> Scorer:
    """Read a bundle and make it ready.

    Raises:
        BundleError: The bundle is missing, damaged or not its own.
    """
    return Scorer(load_bundle(folder), version)


def _created_later() -> Issue:
    return Issue(
        "created_at",
        "exists_as_of",
        "a lead is scored at a moment after its creation; found an as_of before created_at. "
        "Next: correct created_at, or ask for a later as_of.",
        "reject",
    )


@lru_cache(maxsize=1024)
def _unknown_field(name: str) -> Issue:
    return Issue(
        name[:100],
        "known_field",
        f"the model knows the fields it was trained with; found {name[:100]!r}, which is not used. "
        "Next: none, it is used after the next training if the CRM's history has it.",
        "flag",
    )


def _not_open(agreement: Agreement) -> Issue:
    return Issue(
        "stage",
        "is_open",
        f"only an open lead is handed to sales; found one that is closed or has reached "
        f"{agreement.target.stage}. Next: none.",
        "flag",
    )

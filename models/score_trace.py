"""The whole way of one score: records, features, contributions, calibration, grade, decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.from_inputs import records_from_inputs
from features.lead_input import LeadInput
from features.trace import Source, trace
from models.decision import Decision, decision_of, grade_of
from models.log_odds import probability_of
from models.outcomes import is_open, reached_at

if TYPE_CHECKING:
    from models.bundle import Bundle
    from models.model import Rung


@dataclass(frozen=True)
class TracedFeature:
    """A feature's part in one score.

    ``value`` is as answers show it, ``contribution`` what it added to the score in log-odds, and ``sources``
    the records that the value came from.
    """

    feature: str
    family: str
    sentence: str
    value: float | str | None
    contribution: float
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class GradeStep:
    """An agreed grade, the least probability that it asks for, and whether it is the one reached."""

    grade: str
    at_least: float
    is_reached: bool


@dataclass(frozen=True)
class ModelWay:
    """What a model does with any lead: its rung, its kind of calibration, the cut-off, the agreed grades."""

    rung: Rung
    calibration: str
    cut_off: float
    grades: tuple[tuple[str, float], ...]

    def steps(self, reached: str | None) -> tuple[GradeStep, ...]:
        """Return the grades, the best first, with the one that was reached."""
        return tuple(GradeStep(grade, least, grade == reached) for grade, least in self.grades)


@dataclass(frozen=True)
class ScoreTrace:
    """How one score came about, all scores in log-odds.

    ``base`` is the score that the model expects of any lead; with the contributions of all features it adds
    up to ``total``, which is ``raw``, the model's score, but for rounding. ``calibrated`` is it
    after calibration.
    """

    features: tuple[TracedFeature, ...]
    base: float
    total: float
    raw: float
    calibrated: float
    probability: float
    probability_low: float | None
    probability_high: float | None
    grade: str
    is_open: bool
    decision: Decision


def model_way(bundle: Bundle) -> ModelWay:
    """Return what a bundle does with any lead."""
    falling = sorted(bundle.agreement.grades.items(), key=lambda grade: -grade[1])
    facts = bundle.facts
    return ModelWay(bundle.model.rung, facts.calibration.kind, facts.cut_off, tuple(falling))


def trace_score(bundle: Bundle, lead: LeadInput) -> ScoreTrace:
    """Return how a bundle comes to the score of a lead; its rows have passed their checks."""
    facts, agreement = bundle.facts, bundle.agreement
    records, look = records_from_inputs([lead], bundle.features.profile.absent)
    # What is scored comes the way that scoring goes, so that it is the same to the last bit.
    values = bundle.features.matrix(records, look, bundle.reference)
    raw = bundle.model.log_odds(values)
    calibrated = facts.calibration.log_odds(raw)
    probability = float(probability_of(calibrated)[0])
    low, high = (None, None) if facts.interval is None else facts.interval.ends(calibrated)
    parts = bundle.model.contributions(values)[0].tolist()
    open_now = bool(is_open(records, look, agreement, reached_at(records, agreement))[0])
    traced = trace(bundle.features, records, lead.as_of, bundle.reference)
    return ScoreTrace(
        features=tuple(
            TracedFeature(
                one.feature.name,
                one.feature.family,
                one.feature.sentence,
                one.feature.shown(float(value)),
                part,
                one.sources,
            )
            for one, value, part in zip(traced, values[0], parts[:-1], strict=True)
        ),
        base=parts[-1],
        total=float(np.sum(parts)),
        raw=float(raw[0]),
        calibrated=float(calibrated[0]),
        probability=probability,
        probability_low=None if low is None else float(low[0]),
        probability_high=None if high is None else float(high[0]),
        grade=grade_of(agreement.grades, probability),
        is_open=open_now,
        decision=decision_of(facts.cut_off, probability, open_now),
    )

"""What the models of the past said of each period's leads, beside what came of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_checks.handoff import Handoff
from models.back_test.periods import Period
from models.back_test.replay import Replay, Said, Served
from models.cut_off import NOBODY, cut_off_by
from models.hand_off_yield import JudgedLeads, Yield, intervals_of, yields
from models.metrics import Floats
from models.paired import Interval, losses, mean_interval, resampled_interval
from models.ranking import auc_of_weights
from models.training_rows import TrainingRows


@dataclass(frozen=True)
class Month:
    """A period in hindsight.

    A lead counts once in it, by its first look: ``expected`` is the sum of the probabilities, ``observed``
    how many of the ``leads`` reached the target, and ``expected_rate`` and ``observed_rate`` are their
    shares. ``ratio`` is expected over observed, None where nothing came true. ``gain`` and
    ``gain_on_counts`` say by how much the model's log-loss is lower than that of the base rate, and of the
    count rule, known then. ``cut_off`` is the least probability that the agreed rule would have handed off,
    found on the forward test of that time, None where it is nobody; ``handed`` is what that brought, any of
    a lead's looks counting. All intervals are of 95 %, over leads.
    """

    name: str
    served: Served
    leads: int
    looks: int
    expected: float
    observed: int
    expected_rate: float
    observed_rate: Interval
    ratio: Interval | None
    auc: Interval | None
    log_loss: float
    base_rate_log_loss: float
    count_rule_log_loss: float
    gain: Interval
    gain_on_counts: Interval
    cut_off: float | None
    handed: Yield


@dataclass(frozen=True)
class Total:
    """All periods together.

    ``leads`` counts a lead in each period in which it was looked at, as do ``expected`` and ``observed``.
    ``true_months`` is in how many periods the expected rate lay within the interval of the observed one.
    ``handed`` leads would have been handed off in any period, ``sqls`` are all that reached the target;
    ``caught`` are both. Each lead counts once in these.
    """

    leads: int
    expected: float
    observed: int
    true_months: int
    handed: int
    sqls: int
    caught: int
    precision: Interval | None
    caught_share: Interval | None


def first_looks(said: Said, rows: TrainingRows) -> Said:
    """Return what was said of each lead when it was first looked at.

    Later looks are at the leads that had not converted in the meantime, so a mean over all looks of a lead
    would depend on what came of it.
    """
    order = np.lexsort((rows.as_of[said.rows], rows.lead[said.rows]))
    _, first = np.unique(rows.lead[said.rows][order], return_index=True)
    kept = np.sort(order[first])
    return Said(said.rows[kept], said.probability[kept])


def in_hindsight(rows: TrainingRows, replay: Replay, rule: Handoff, seed: int) -> tuple[Month, ...]:
    """Return each period as the model of its begin saw it, and as it came; ``rule`` is the agreed one."""
    cuts = {name: _cut(rows, said, rule) for name, said in replay.tested.items()}
    told = zip(replay.served, replay.said, replay.counted, strict=True)
    return tuple(
        _month(rows, served, during(said, served.period, rows), counted, cuts[served.searched], seed)
        for served, said, counted in told
    )


def during(said: Said, period: Period, rows: TrainingRows) -> Said:
    """Return what a model said of a period's rows."""
    as_of = rows.as_of[said.rows]
    own = (as_of >= period.start) & (as_of < period.until)
    return Said(said.rows[own], said.probability[own])


def total_of(rows: TrainingRows, replay: Replay, months: Sequence[Month]) -> Total | None:
    """Return all periods together; None without any."""
    if not months:
        return None
    told = zip(replay.served, replay.said, strict=True)
    parts = [during(said, served.period, rows) for served, said in told]
    cuts = [NOBODY if month.cut_off is None else month.cut_off for month in months]
    lead = rows.lead[np.concatenate([part.rows for part in parts])]
    label = rows.label[np.concatenate([part.rows for part in parts])]
    reaches = np.concatenate([part.probability >= cut for part, cut in zip(parts, cuts, strict=True)])
    handed, sqls = np.unique(lead[reaches]), np.unique(lead[label])
    caught = len(np.intersect1d(handed, sqls))
    precision, share = (
        intervals_of(np.array([caught]), np.array([len(whole)]))[0] for whole in (handed, sqls)
    )
    return Total(
        leads=sum(month.leads for month in months),
        expected=sum(month.expected for month in months),
        observed=sum(month.observed for month in months),
        true_months=sum(
            month.observed_rate.low <= month.expected_rate <= month.observed_rate.high for month in months
        ),
        handed=len(handed),
        sqls=len(sqls),
        caught=caught,
        precision=precision,
        caught_share=share,
    )


def _cut(rows: TrainingRows, tested: Said, rule: Handoff) -> float:
    then = rows[tested.rows]
    return cut_off_by(rule, tested.probability, then.label, then.lead, then.as_of)


def _month(  # noqa: PLR0913, PLR0917 - who was served, what was said, what was agreed
    rows: TrainingRows, served: Served, said: Said, counted: Said, cut: float, seed: int
) -> Month:
    looks = rows[said.rows]
    leads = JudgedLeads.of(said.probability, looks.label, looks.lead, looks.as_of)
    said, counted = first_looks(said, rows), first_looks(counted, rows)
    own, probability = rows[said.rows], said.probability
    label, lead, weight = own.label, own.lead, np.ones(len(own))
    outcome = label.astype(np.float64)
    base = losses(np.full(len(own), served.base_rate), label)
    mine, counts = losses(probability, label), losses(counted.probability, label)

    def ratio(weights: Floats) -> float:
        came = float(weights @ outcome)
        return float(weights @ probability) / came if came else float("nan")

    return Month(
        name=served.period.name,
        served=served,
        leads=len(leads),
        looks=len(looks),
        expected=float(probability.sum()),
        observed=int(label.sum()),
        expected_rate=float(probability.mean()),
        observed_rate=mean_interval(outcome, weight, lead, seed),
        ratio=resampled_interval(ratio, weight, lead, seed) if label.any() else None,
        auc=(
            resampled_interval(auc_of_weights(probability, label), weight, lead, seed)
            if own.has_both_outcomes
            else None
        ),
        log_loss=float(mine.mean()),
        base_rate_log_loss=float(base.mean()),
        count_rule_log_loss=float(counts.mean()),
        gain=mean_interval(base - mine, weight, lead, seed),
        gain_on_counts=mean_interval(counts - mine, weight, lead, seed),
        cut_off=None if cut == NOBODY else cut,
        handed=yields(leads, np.array([cut]))[0],
    )

"""The best possible score: calibrated, blind to the future, and equal to a plain sum."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data_checks.errors import BatonError
from models.metrics import auc
from pipeline.sample_crm.clock import DAY, NEVER, WORLD_ENDS
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.oracle import best_possible, best_scores, has_truth
from pipeline.sample_crm.truth import Truth

HORIZON = 90


def scored(truth: Truth, age_days: float) -> tuple[np.ndarray, np.ndarray]:
    """π and outcome of the mature leads that are open at this age."""
    at = truth.leads.created + round(age_days * DAY)
    best = best_scores(truth, list(truth.ids), at * 1000, HORIZON)
    mature = ~np.isnan(best) & (at + HORIZON * DAY < WORLD_ENDS)
    return best[mature], (truth.leads.sql_at <= at + HORIZON * DAY)[mature]


def standard_errors_by_decile(best: np.ndarray, reached: np.ndarray) -> np.ndarray:
    deciles = np.array_split(np.argsort(best, kind="stable"), 10)
    expected = np.array([best[rows].sum() for rows in deciles])
    spread = np.array([np.sqrt((best[rows] * (1 - best[rows])).sum()) for rows in deciles])
    return (np.array([reached[rows].sum() for rows in deciles]) - expected) / spread


@pytest.mark.parametrize(("age_days", "low", "high"), [(0, 0.76, 0.82), (14, 0.83, 0.88)])
def test_calibrated_and_well_spread(usual, age_days, low, high):
    """In every decile as many leads reach SQL as the best score says; its AUC grows with age."""
    best, reached = scored(usual, age_days)
    assert np.abs(standard_errors_by_decile(best, reached)).max() < 2.5
    assert low < auc(best, reached, np.ones(len(best))) < high


@pytest.mark.parametrize("age_days", [7, 40])
def test_calibrated_under_drift(drifting, age_days):
    """Steps, outages, gateways and new sources change the odds and never the honesty of the best score."""
    best, reached = scored(drifting, age_days)
    assert np.abs(standard_errors_by_decile(best, reached)).max() < 2.5


def test_calibrated_by_what_sales_did(usual):
    """Hand-off and first call are in the best score: calibrated among called and uncalled alike."""
    at = usual.leads.created + DAY
    best = best_scores(usual, list(usual.ids), at * 1000, HORIZON)
    mature = ~np.isnan(best) & (at + HORIZON * DAY < WORLD_ENDS)
    reached = usual.leads.sql_at <= at + HORIZON * DAY
    called, handed = usual.leads.called_at < at, usual.leads.handed_at < at
    for group in (called, handed & ~called, ~handed):
        rows = mature & group
        error = np.sqrt((best[rows] * (1 - best[rows])).sum())
        assert abs((reached[rows] - best[rows]).sum()) < 2.5 * error


def test_without_effects_nothing_tells_leads_apart(effectless):
    """With all effects zero the best possible AUC is a half."""
    best, reached = scored(effectless, 14)
    expected = auc(np.tile(best, 2), np.repeat([True, False], len(best)), np.concatenate([best, 1 - best]))
    assert expected < 0.51
    pairs = reached.sum() * (~reached).sum()
    noise = np.sqrt((len(reached) + 1) / 12 / pairs)
    assert abs(auc(best, reached, np.ones(len(best))) - expected) < 3 * noise


def test_blind_to_the_future(usual):
    """Nothing that is recorded after the moment changes the best score at the moment."""
    at = usual.leads.created + 10 * DAY
    rng = np.random.default_rng(1)
    changed = replace(
        usual,
        leads=replace(
            usual.leads,
            sql_at=np.where(
                usual.leads.sql_at > at, at + 1 + rng.integers(DAY, size=len(at)), usual.leads.sql_at
            ),
            refused_at=np.where(usual.leads.refused_at > at, NEVER, usual.leads.refused_at),
            called_at=np.where(usual.leads.called_at > at, NEVER, usual.leads.called_at),
            buyer=~usual.leads.buyer,
            intent=usual.leads.intent[::-1],
            interest=usual.leads.interest[::-1],
        ),
        tracked=with_another_future(usual.tracked, at),
        uploaded=with_another_future(usual.uploaded, at),
    )
    ids = list(usual.ids)
    np.testing.assert_allclose(
        best_scores(changed, ids, at * 1000, HORIZON), best_scores(usual, ids, at * 1000, HORIZON), rtol=1e-9
    )


def with_another_future(events: Events, at: np.ndarray) -> Events:
    """Drop what is recorded after ``at``, and record something else instead."""
    past = events.take(np.flatnonzero(events.recorded <= at[events.lead]))
    more = events.take(np.arange(0, len(events.lead), 3))
    later = at[more.lead] + 1
    more = replace(more, occurred=later - (more.recorded - more.occurred), recorded=later)
    both = [np.concatenate([getattr(past, name), getattr(more, name)]) for name in vars(past)]
    return Events(*both).in_order()


def test_only_open_leads_have_a_score(usual):
    """A lead has a best score from its arrival until it reaches SQL or is disqualified, and none else."""
    closed = np.minimum(usual.leads.sql_at, usual.leads.refused_at)
    rows = np.flatnonzero(closed < WORLD_ENDS)[::5]
    created, closed = usual.leads.created[rows], closed[rows]
    ids = list(usual.ids[rows])
    assert np.isnan(best_scores(usual, ids, (created - 1) * 1000, HORIZON)).all()
    assert not np.isnan(best_scores(usual, ids, created * 1000, HORIZON)).any()
    assert np.isnan(best_scores(usual, ids, closed * 1000, HORIZON)).all()
    assert not np.isnan(best_scores(usual, ids, (closed - 1) * 1000, HORIZON)).any()


def test_a_copy_never_converts(usual):
    """A lead that was typed in twice has no chance on its copy."""
    copies = list(usual.originals)[:20]
    original = usual.ids.get_indexer([usual.originals[copy] for copy in copies])
    at = usual.leads.created[original] * 1000
    assert (best_scores(usual, copies, at, HORIZON) == 0).all()


def test_longer_horizons_promise_more(usual):
    """π grows with the horizon, from nothing at a horizon of zero."""
    at = (usual.leads.created + 5 * DAY)[::10] * 1000
    none, short, long = (best_scores(usual, list(usual.ids[::10]), at, days) for days in (0, 30, 120))
    known = ~np.isnan(none)
    assert np.allclose(none[known], 0)
    assert (short[known] > 0).all()
    assert (long[known] > short[known]).all()
    assert (long[known] <= 1).all()


def test_from_a_folder(folder, tmp_path):
    """The oracle reads what was written, and says so where there is no truth."""
    scores = best_possible(folder, ["L-000001", "L-000001"], 1_790_000_000_000_000, HORIZON)
    assert scores.shape == (2,)
    assert scores[0] == scores[1] or np.isnan(scores).all()
    assert has_truth(folder)
    assert not has_truth(tmp_path)
    with pytest.raises(BatonError, match="best possible score"):
        best_possible(tmp_path, ["L-000001"], 0, HORIZON)
    with pytest.raises(BatonError, match="'L-0'"):
        best_possible(Path(folder), ["L-000001", "L-0"], 0, HORIZON)

"""Kinds of leads on the model card, the small ones told together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gate_world import World
from models.metrics import auc, log_loss
from models.slice_figures import slice_figures


@pytest.fixture(scope="module")
def window():
    """A window with four industries, a hundred tiny kinds and one kind of everything."""
    world = World(1500)
    made = world.window(world.guess(0.3))
    tiny = np.array([f"kind {number % 100}" for number in range(1500)])
    return replace(made, kinds={**made.kinds, "tiny": tiny, "one": np.full(1500, "")})


def test_figures_of_a_kind_are_those_of_its_leads(window):
    """Counts, rate, AUC, log-loss and foretold by came are what a plain look at the kind's leads gives."""
    for one in slice_figures(window, "the base rate", 20, 0)[:4]:
        here = window.kinds["industry"] == one.name
        label, said = window.label[here], window.own[here]
        assert (one.leads, one.conversions) == (here.sum(), label.sum())
        assert one.rate.value == pytest.approx(label.mean())
        assert one.auc.value == pytest.approx(auc(said, label, np.ones(here.sum())))
        assert one.log_loss.value == pytest.approx(log_loss(said, label, np.ones(here.sum())))
        assert one.ratio.value == pytest.approx(said.sum() / label.sum())
        assert one.gain.low < one.gain.value < one.gain.high


def test_every_lead_is_in_one_kind_and_the_small_ones_are_said_to_be_small(window):
    """Nobody is left out of a way of parting leads; kinds of too few conversions have no name."""
    found = slice_figures(window, "the base rate", 20, 0)
    for way in window.kinds:
        assert sum(one.leads for one in found if one.way == way) == 1500
    (small,) = (one for one in found if one.way == "tiny")
    assert (small.name, small.folded) == (None, 100)
    (all_,) = (one for one in found if one.way == "one")
    assert (all_.name, all_.folded) == ("", 0)


def test_too_few_conversions_leave_counts_only(window):
    """Where even together there are too few, a kind has its rate and no other figure."""
    few = window[np.arange(12)]
    for one in slice_figures(few, "the base rate", 20, 0):
        assert (one.auc, one.log_loss, one.ratio, one.gain) == (None, None, None, None)
        assert one.rate.low <= one.rate.value <= one.rate.high

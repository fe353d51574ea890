"""The curve of SQLs caught against leads handed off."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np

from models.cut_off_table import POINTS, cut_off_table
from training import made_up_rows
from whole_catalogue import AGREEMENT

ROWS = made_up_rows()
PROBABILITY = np.random.default_rng(1).random(len(ROWS))


def test_the_curve_goes_from_nobody_to_everybody():
    """It begins where no lead is handed off, never falls, and ends with all leads and all SQLs."""
    table = cut_off_table(AGREEMENT, ROWS, PROBABILITY, seed=0)
    points = np.array([(one.per_week, one.caught) for one in table.curve])
    assert len(points) <= POINTS
    assert points[0].tolist() == [0, 0]
    assert (np.diff(points, axis=0) >= 0).all()
    assert points[-1].tolist() == [table.leads / table.weeks, table.sqls]


def test_one_probability_for_all_leaves_no_choice():
    """Where every lead has the same probability the curve has only its two ends."""
    table = cut_off_table(AGREEMENT, ROWS, np.full(len(ROWS), 0.3), seed=0)
    assert [one.caught for one in table.curve] == [0, table.sqls]


def test_the_table_is_plain_json_and_the_same_again():
    """Any reader of JSON can read it: it holds no NaN, and the same test gives it again to the last digit."""
    texts = [
        json.dumps(asdict(cut_off_table(AGREEMENT, ROWS, PROBABILITY, seed=0)), allow_nan=False)
        for _ in range(2)
    ]
    assert texts[0] == texts[1]

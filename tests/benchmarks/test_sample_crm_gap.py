from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sample_crm_gap import figures
from training import made_up_rows


def test_the_best_possible_has_no_gap_to_itself():
    """It explains all that can be explained; the base rate explains nothing."""
    rows = made_up_rows()
    best = np.where(rows.matrix[:, 0] > 2, 0.6, 0.2)
    rate = np.full(len(rows), np.average(rows.label, weights=rows.weight))
    found = figures(rows, {"baton": best, "base_rate": rate}, best)
    assert found["auc_gap"] == pytest.approx(0)
    assert found["explained"] == pytest.approx(1)
    assert found["off_best"] == pytest.approx(0)
    assert figures(rows, {"baton": rate, "base_rate": rate}, best)["explained"] == pytest.approx(0)


def test_probabilities_are_off_by_what_they_miss():
    """Each a tenth too high is a tenth of the mean rate off."""
    rows = made_up_rows()
    best = np.where(rows.matrix[:, 0] > 2, 0.6, 0.2)
    rate = np.full(len(rows), np.average(rows.label, weights=rows.weight))
    found = figures(rows, {"baton": 1.1 * best, "base_rate": rate}, best)
    assert found["off_best"] == pytest.approx(0.1)

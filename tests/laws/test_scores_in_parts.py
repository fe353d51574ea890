"""`baton score` in one piece, in parts, and in several processes."""

from __future__ import annotations

import pandas as pd
import pytest

from tiny_source import make_tiny_source, scored


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return make_tiny_source(tmp_path_factory.mktemp("tiny"))


@pytest.mark.parametrize("options", [("--workers", "1"), ("--workers", "2")])
def test_scores_do_not_depend_on_how_leads_are_cut(source, tmp_path, options):
    """Leads scored in five parts, here or by workers, have the same scores, reasons and order, bit by bit."""
    whole = scored(source, tmp_path / "whole")
    parts = scored(source, tmp_path / "parts", "--partitions", "5", *options)
    assert len(whole) > 100
    assert whole["probability"].notna().any()
    assert whole["reasons"].str.len().gt(2).any()
    pd.testing.assert_frame_equal(parts, whole, check_exact=True)


def test_nothing_under_way_stays_behind(source, tmp_path):
    """After scoring in parts no work is left in the project."""
    scored(source, tmp_path, "--partitions", "3", "--workers", "1")
    assert not list((tmp_path / "var" / "work" / "score").iterdir())

"""What goes with each value of a feature."""

from __future__ import annotations

import numpy as np
import pytest

from crm_tables import agreed
from models.bundle import load_bundle
from models.effect_table import FEW, EffectTable, effect_table, some_leads
from tiny_bundle import save_tiny_bundle, tiny_world


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A bundle with its table."""
    folder = tmp_path_factory.mktemp("bundle")
    save_tiny_bundle(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}), folder)
    return load_bundle(folder)


@pytest.fixture(scope="module")
def table(bundle):
    """The table of the tiny model."""
    return bundle.effects


def test_the_bands_of_a_feature_hold_every_lead_once(table):
    """Leads add up to all leads, and the rates, weighed by them, to the rate of all: nobody is left out."""
    for one in table.features:
        leads = [band.leads for band in one.bands]
        assert sum(leads) == pytest.approx(table.leads, abs=len(leads))
        won = sum(band.leads * (band.rate or 0) for band in one.bands)
        assert won / table.leads == pytest.approx(table.rate, abs=len(leads) / table.leads)


def test_a_rate_lies_in_its_interval(table):
    """Each band's rate and effect are inside their intervals, and a band without leads has none."""
    for band in (band for one in table.features for band in one.bands):
        if band.rate is None:
            assert (band.leads, band.effect) == (0, None)
        else:
            assert band.rate_low <= band.rate <= band.rate_high
        if band.effect_low is not None:
            assert band.effect_low <= band.effect <= band.effect_high


def test_the_table_survives_the_bundle(bundle, tmp_path):
    """A table read back is the table that was written."""
    table = bundle.effects
    assert EffectTable.from_json(table.to_json(), bundle.features.names) == table
    assert EffectTable.from_json(EffectTable().to_json(), bundle.features.names) == EffectTable()


def test_rates_are_those_of_plain_counting():
    """In every band, leads and conversions are what a loop over the rows counts."""
    features, rows = tiny_world(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}))
    table = effect_table(features, rows, np.zeros_like, 1)
    for column, one in enumerate(table.features):
        counted: dict[str, list[float]] = {band.label: [0.0, 0.0] for band in one.bands}
        for value, label, weight in zip(rows.matrix[:, column], rows.label, rows.weight, strict=True):
            found = counted[one.band(value).label]
            found[0] += weight
            found[1] += weight * label
        for band in one.bands:
            leads, won = counted[band.label]
            assert band.leads == round(leads)
            assert band.rate == (round(won / leads, 6) if leads else None)
            assert band.few == (round(leads) < FEW)


def test_drawing_keeps_leads_whole_and_is_repeatable():
    """A sample holds all rows of a lead or none, keeps to its bound, and is the same for the same seed."""
    lead = np.repeat(np.arange(200), 5)
    drawn = some_leads(lead, 300, 3)
    assert len(drawn) == 300
    assert all((lead[drawn] == one).sum() == 5 for one in np.unique(lead[drawn]))
    assert (some_leads(lead, 300, 3) == drawn).all()
    assert (some_leads(lead, 300, 4) != drawn).any()
    assert (some_leads(lead, 10**6, 3) == np.arange(1000)).all()


def test_a_lead_counts_once_however_often_it_was_looked_at():
    """Two looks of weight one half are one lead in the band."""
    features, rows = tiny_world(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}))
    table = effect_table(features, rows, np.zeros_like, 1)
    assert table.leads == len(np.unique(rows.lead))
    assert len(rows) > table.leads

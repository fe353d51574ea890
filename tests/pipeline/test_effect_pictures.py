"""The report's pictures and table of what goes with each value."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from crm_tables import agreed
from models.bundle import load_bundle
from models.effect_table import Band
from pipeline.effect_pictures import MOST_BANDS, draw_bands, write_effects
from tiny_bundle import save_tiny_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A bundle with its table."""
    folder = tmp_path_factory.mktemp("bundle")
    save_tiny_bundle(agreed(), folder)
    return load_bundle(folder)


def a_band(label: str, leads: int) -> Band:
    return Band(label, leads, 0.2, 0.1, 0.3, 0.05, 0.04, 0.06)


def words_of(picture: str) -> list[str]:
    return [text for text in re.findall(r">([^<]+)<", picture) if text.strip()]


def test_a_picture_names_each_value_with_its_leads_and_rate():
    """Every value stands in the picture with how many leads had it, and a rate only where they are enough."""
    words = words_of(draw_bands([a_band("Austria", 1204), a_band("Brazil", 7)]))
    for word in ("Austria", "Brazil", "1,204, 20%", "7, few"):
        assert word in words


def test_a_picture_shows_the_values_of_most_leads():
    """Of many values the rarest are left to the table, and those that no lead had are not drawn."""
    nobody = replace(a_band("nobody", 0), rate=None, effect=None, effect_low=None, effect_high=None)
    bands = [a_band(f"value {number}", 100 + number) for number in range(MOST_BANDS + 2)]
    words = words_of(draw_bands([nobody, *bands]))
    assert [word for word in words if word.startswith("value")] == [one.label for one in bands[2:]]
    assert "nobody" not in words


def test_what_a_crm_holds_is_drawn_and_not_obeyed():
    """HTML in a category is text in the picture."""
    picture = draw_bands([a_band("<script>alert(1)</script>", 50), a_band("'+\"¶", 60)])
    assert "<script" not in picture
    ET.fromstring(picture)


def test_the_table_is_complete_and_defused(bundle, tmp_path):
    """The file has every value that a lead had, its leads add up, and no text in it is a formula."""
    path = tmp_path / "effects.csv"
    write_effects(bundle.effects, bundle.features, path)
    table = pd.read_csv(path)
    assert set(table["feature"]) == set(bundle.features.names)
    total = table.groupby("feature")["leads"].sum()
    assert total.to_numpy() == pytest.approx(bundle.effects.leads, abs=6)
    first = bundle.effects.features[0]
    risky = replace(first, bands=(a_band("=1+1", 40),))
    only = replace(bundle.features, features=bundle.features.features[:1])
    write_effects(replace(bundle.effects, features=(risky,)), only, path)
    assert pd.read_csv(path)["label"].tolist() == ["'=1+1"]

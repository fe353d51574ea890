"""`/drivers`: strengths are the model's, and what became of a value is what the leads' looks say."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.bundle import load_bundle, save_bundle
from models.shelf import Shelf
from pipeline.training import read_chosen_rows, read_features, read_lead_ids
from serving.figures.drivers import WAYS, bands, drivers, families, split
from serving.figures.former_model import since_former


@pytest.fixture(scope="module")
def looks(crm):
    """Every mature look of the training rows beside its lead, in pandas."""
    names = read_features(crm.project).names
    rows = read_chosen_rows(crm.project, names)
    frame = pd.DataFrame(rows.matrix, columns=list(rows.names))
    frame["lead_id"] = read_lead_ids(crm.project, rows.lead)
    frame["won"] = rows.label
    return frame.merge(crm.leads[["lead_id", "created_at", "lead_source"]], on="lead_id")


def test_strengths_are_those_that_the_model_was_measured_by(crm, figures):
    """Families and features stand in the order and with the figures that stage evaluate found."""
    told = pd.read_csv(crm.project.plots / "importance.csv")
    found = drivers(figures)
    assert [one.feature for one in found] == told["feature"].tolist()
    assert [one.moves.value for one in found] == pytest.approx(told["effect"].tolist())
    assert len(families(figures)) == len(pd.read_csv(crm.project.plots / "families.csv"))
    one_family = drivers(figures, "demographic")
    assert one_family
    assert {one.family for one in one_family} == {"demographic"}


def test_what_became_of_a_label_is_counted_by_quarter_and_source(figures, looks):
    """Shares of one label, whole and parted, are those of its looks; its leads are shared out over them."""
    features = load_labels(figures)
    for name in features:
        for band in bands(figures, name)[:2]:
            code = band.place
            own = looks[looks[name] == code]
            assert band.rate.value == pytest.approx(own["won"].mean(), abs=1e-6)
            by_quarter = split(figures, name, "period")
            quarter = own["created_at"].dt.tz_localize(None).dt.to_period("Q")
            for value in by_quarter.parts:
                part = own[[f"{one.year} Q{one.quarter}" == value for one in quarter]]
                rate = by_quarter.rates.get((code, value))
                assert (rate is None) == part.empty
                if rate is not None:
                    assert rate.value == pytest.approx(part["won"].mean())
            shares = 1 / looks.groupby("lead_id")["won"].transform("size")
            by_source = split(figures, name, "source")
            leads = sum(rate.of for (place, _), rate in by_source.rates.items() if place == code)
            assert leads == pytest.approx(shares[own.index].sum(), abs=len(by_source.parts))


def load_labels(figures):
    """Some labelled features among the strongest."""
    rows = figures.rows(
        "select distinct b.feature from banded b join effects e using (feature) "
        "where e.label = 'any other' order by 1 limit 3"
    )
    assert rows
    return [row["feature"] for row in rows]


def test_numbers_stand_in_their_order_and_sizes_too(figures):
    """Bands of a number are in order, sizes by size, and quarters by time."""
    numbers = [
        row["feature"]
        for row in figures.rows(
            """
            select feature from effects group by feature
            having count(*) <= 7 and bool_and(label <> 'any other')
            """
        )
    ]
    for name in numbers[:20]:
        places = [one.place for one in bands(figures, name)]
        assert places == sorted(places)
    name = figures.row("select feature from banded limit 1")["feature"]
    sizes = [one for one in split(figures, name, "size").parts if one != "not known"]
    assert sizes == [
        one for one in ("1 to 9", "10 to 49", "50 to 249", "250 to 999", "1,000 and more") if one in sizes
    ]
    quarters = split(figures, name, "period").parts
    assert list(quarters) == sorted(quarters)


def test_each_driver_leads_to_its_values(window, figures):
    """The page links each feature, shows its values with counts, and every view has a file."""
    page = window.get("/drivers")
    strongest = drivers(figures)[0]
    assert f"/drivers?feature={strongest.feature}" in page
    detail = window.get(f"/drivers?feature={strongest.feature}&by=industry")
    for band in bands(figures, strongest.feature)[:10]:
        assert f"of {band.rate.of:,}" in detail
    text = window.get(f"/drivers/values.csv?feature={strongest.feature}").lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["leads"]) for row in rows] == [one.rate.of for one in bands(figures, strongest.feature)]
    for way in WAYS:
        assert window.get(f"/drivers/split.csv?feature={strongest.feature}&by={way}")


def test_every_picture_says_what_it_shows(window, figures):
    """A picture has a label with its figures, and no script or style of its own."""
    name = drivers(figures)[0].feature
    for path in ("/drivers", f"/drivers?feature={name}", "/trust", "/data"):
        page = window.get(path)
        labels = re.findall(r'<div class="chart" role="img" aria-label="([^"]+)"', page)
        assert len(labels) == page.count('<div class="chart"') > 0
        assert all("%" in label or "points" in label for label in labels)
        assert "<script" not in page
        assert "style=" not in page


def test_an_unknown_address_falls_back(window):
    """A feature, a family or a way that is not there shows the whole page, and says so of a feature."""
    assert "looks at no such feature" in window.get("/drivers?feature=%3Cscript%3E&family=x&by=y")
    assert "looks at no such feature" not in window.get("/drivers?feature=")


def test_the_first_model_has_nothing_to_be_held_against(window, crm, figures, tmp_path):
    """Without another model on the shelf the page says that nothing can have moved."""
    assert "No other model was served before" in window.get("/drivers")
    assert since_former(figures, Shelf(tmp_path / "nothing")) is None


def test_what_moved_is_the_difference_of_mean_effects(crm, figures, tmp_path):
    """Strength is the mean size of a feature's effects over its bands; halving them is what moved."""
    bundle = load_bundle(crm.project.bundle)
    name = drivers(figures)[0].feature
    halved = tuple(
        replace(
            one,
            bands=tuple(
                replace(
                    band,
                    **{
                        part: None if getattr(band, part) is None else getattr(band, part) / 2
                        for part in ("effect", "effect_low", "effect_high")
                    },
                )
                for band in one.bands
            ),
        )
        if one.feature == name
        else one
        for one in bundle.effects.features
    )
    save_bundle(replace(bundle, effects=replace(bundle.effects, features=halved)), tmp_path / "former")
    shelf = Shelf(tmp_path / "shelf")
    for version, folder in (("1", tmp_path / "former"), ("2", crm.project.bundle)):
        shelf.put(folder, version)
        shelf.promote(version, by="a test", reason="a test")
    since = since_former(figures, shelf)
    assert since.former.version == "1"
    [moved] = since.moved
    own = pd.DataFrame(figures.rows("select * from effects where feature = $name", {"name": name}))
    own = own[(own["leads"] > 0) & own["effect"].notna()]
    strength = np.average(own["effect"].abs(), weights=own["leads"])
    assert moved.feature == name
    assert moved.now.value == pytest.approx(strength)
    assert moved.before.value == pytest.approx(strength / 2, rel=1e-4)
    assert moved.change.value == pytest.approx(strength / 2, rel=1e-4)


def test_a_former_model_that_is_gone_is_named(crm, figures, tmp_path):
    """Of a version that is not on the shelf any more the page says so."""
    bundle = load_bundle(crm.project.bundle)
    save_bundle(replace(bundle, effects=replace(bundle.effects, leads=1)), tmp_path / "former")
    shelf = Shelf(tmp_path / "shelf")
    shelf.put(tmp_path / "former", "1")
    shelf.promote("1", by="a test", reason="a test")
    (tmp_path / "shelf" / "1" / "effects.json").write_text("half")
    assert "cannot be read" in since_former(figures, shelf).fault
    (tmp_path / "shelf" / "1").rename(tmp_path / "shelf" / "away")
    assert "not on the shelf" in since_former(figures, shelf).fault

"""A bundle whose parts do not belong together is refused, and says how they differ."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from crm_tables import agreed
from models.bundle import MANIFEST, BundleError, load_bundle, save_bundle
from tiny_bundle import save_tiny_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The tiny model."""
    folder = tmp_path_factory.mktemp("bundle")
    save_tiny_bundle(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}), folder)
    return load_bundle(folder)


def test_features_that_the_model_does_not_know_are_named(bundle, tmp_path):
    """A set without one of the model's features is refused, with the name of the one that is missing."""
    lost = bundle.features.names[2]
    save_bundle(replace(bundle, features=bundle.features.without({lost})), tmp_path)
    with pytest.raises(BundleError, match=f"{lost} missing"):
        load_bundle(tmp_path)


def test_features_in_another_order_are_named(bundle, tmp_path):
    """The same features in another order are refused, with their places."""
    turned = replace(bundle.features, features=bundle.features.features[::-1])
    save_bundle(replace(bundle, features=turned), tmp_path)
    with pytest.raises(BundleError, match=rf"\({len(turned.names)} instead of 1\).* moved"):
        load_bundle(tmp_path)


def test_features_computed_another_way_are_refused(bundle, tmp_path):
    """Where the names agree and the fingerprint does not, that is said."""
    facts = bundle.facts.model_copy(update={"feature_fingerprint": "0" * 64})
    save_bundle(replace(bundle, facts=facts), tmp_path)
    with pytest.raises(BundleError, match="same names, computed another way"):
        load_bundle(tmp_path)


def test_a_bundle_of_an_earlier_format_is_refused(bundle, tmp_path):
    """A bundle in which the calibration was two numbers is not read."""
    save_bundle(bundle, tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "format": 3}))
    with pytest.raises(BundleError, match="a bundle has format 5"):
        load_bundle(tmp_path)

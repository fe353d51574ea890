"""The twin of a served model: the same recipe, learned from the part of the leads before the forward test.

The served trees have learned from every mature lead, so nothing is left to judge them by. Their twin has
not, and stands in for them in the gate.
"""

from __future__ import annotations

import numpy as np

from models.bundle import Bundle, BundleError
from models.calibration import Calibration
from models.metrics import Floats


def twin_probability(bundle: Bundle, matrix: Floats) -> Floats:
    """Return the probability that the bundle's twin gives each row of the bundle's own features.

    Raises:
        BundleError: The bundle has no twin, or one that cannot be read or was grown on other features.
    """
    import lightgbm

    again = "build the bundle again with `dvc repro`"
    if not bundle.twin:
        raise BundleError("a bundle is judged by its twin", "none in twin.txt", again)
    try:
        booster = lightgbm.Booster(model_str=bundle.twin)
    except lightgbm.basic.LightGBMError as fault:
        raise BundleError("a bundle's twin is in LightGBM's text format", str(fault), again) from fault
    if tuple(booster.feature_name()) != bundle.features.names:
        found = f"{booster.num_feature()} features in the twin, {len(bundle.features.names)} in the set"
        raise BundleError("a twin is used with the features it was grown on", found, again)
    raw = np.asarray(booster.predict(matrix, raw_score=True, num_threads=1))
    return Calibration(bundle.facts.slope, bundle.facts.intercept).probability(raw)


def shares_of_gain(bundle: Bundle) -> dict[str, float]:
    """Return which share of all that the twin's splits gained came by each feature."""
    import lightgbm

    booster = lightgbm.Booster(model_str=bundle.twin)
    gain = booster.feature_importance("gain")
    return dict(zip(booster.feature_name(), (gain / max(gain.sum(), 1e-12)).tolist(), strict=True))

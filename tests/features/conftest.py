"""The feature set that the laws are held against: every kind of feature is in it."""

import pytest

from features.feature_set import FeatureSet
from whole_catalogue import whole_feature_set


@pytest.fixture(scope="session")
def feature_set() -> FeatureSet:
    """Every feature that a company with something of everything has."""
    return whole_feature_set()

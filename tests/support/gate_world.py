"""A forward window whose leads have known probabilities, and scorers that know them more or less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from features.exclusions import NOTHING
from features.moments import DAY
from features.profile import Profile
from features.settings import FeatureSettings
from models.gate import Challenger, Champion
from models.log_odds import log_odds_of, probability_of
from models.metrics import Floats
from models.window import Window

INDUSTRIES = ("Retail", "Energy", "Software", "Education")
CHALLENGER = Challenger(Profile(FeatureSettings(), {}), {"visits": 0.4, "size": 0.3, "age": 0.3}, NOTHING)


class World:
    """Leads of four months, four industries and a known truth."""

    def __init__(self, leads: int = 4000, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.truth = probability_of(self.random.normal(-1.5, 1.2, leads))
        self.label = self.random.random(leads) < self.truth
        self.as_of = np.sort(self.random.integers(0, 120, leads)) * DAY
        self.industry = np.array(INDUSTRIES)[self.random.integers(0, len(INDUSTRIES), leads)]

    def guess(self, noise: Floats | float, shift: float = 0.0) -> Floats:
        """Return the truth with noise in log-odds, and a shift that leaves the ranking as it is."""
        return probability_of(
            log_odds_of(self.truth) + self.random.normal(0, 1, len(self.truth)) * noise + shift
        )

    def window(self, own: Floats) -> Window:
        """Return the window in which the challenger said so."""
        leads = len(self.truth)
        return Window(
            label=self.label,
            weight=np.ones(leads),
            as_of=self.as_of,
            lead=np.arange(leads),
            own=own,
            others={"the base rate": np.full(leads, self.truth.mean()), "the count rule": self.guess(1.5)},
            kinds={"industry": self.industry},
        )

    def champion(self, noise: float = 0.7) -> Champion:
        """Return a champion that is right but for some noise, and has learned from none of the leads."""
        return Champion("version 1", self.guess(noise), np.ones(len(self.truth), bool))


def looking_at(challenger: Challenger, **share: float) -> Challenger:
    """Return the challenger with other shares of gain."""
    return replace(challenger, shares=share)

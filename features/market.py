"""What became of others: conversion among outcomes already known, and the channel that brought the lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.demographic import label_of, words
from features.feature import Feature, snake
from features.profile import Profile
from features.reference import ALL
from features.text_column import from_texts
from features.view import View


@dataclass(frozen=True)
class KnownRate(Feature):
    """The conversion rate of leads like this one, among the newest outcomes known at the moment."""

    column: str
    latest: int

    family = "market"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for all leads and one for each agreed column, if any is asked for in the settings."""
        rated = [column for column in profile.settings.known_rates if column in profile.vocabularies]
        for column in (ALL, *rated) if profile.settings.known_rates else ():
            yield from (cls(column, latest) for latest in profile.settings.known_rates_latest)

    @property
    def name(self) -> str:
        """The column and over how many outcomes."""
        return f"known_rate_{snake(self.column) if self.column else 'all'}_latest_{self.latest}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        like = f"the same {words(self.column).lower()}" if self.column else "all leads"
        return f"Known conversion rate of {like} (newest {self.latest} outcomes)"

    def values(self, view: View) -> NDArray[Any]:
        """Return the rate, 0 to 1; NaN while no outcome was known."""
        codes = view.field_codes(self.column) if self.column else np.zeros(len(view.snapshots), np.int32)
        return view.reference.rate(self.column, codes, view.snapshots.as_of, self.latest)


@dataclass(frozen=True)
class CampaignChannel(Feature):
    """The channel of the campaign that brought the lead."""

    family = "market"
    needs = "campaigns"
    categorical = True

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One, if campaigns have channels."""
        if "campaigns.channel" in profile.vocabularies:
            yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "campaign_channel"

    @property
    def sentence(self) -> str:
        """What the category means."""
        return "Channel of the campaign that brought the lead"

    def values(self, view: View) -> NDArray[Any]:
        """Return the channel's code."""
        campaigns = view.field("campaign_id")
        channels = from_texts([view.reference.channel(label) for label in campaigns.labels] + [None])
        return view.profile.vocabularies["campaigns.channel"].codes(channels)[campaigns.codes]

    def told(self, value: float, profile: Profile) -> str:
        """Return the sentence with the channel's label."""
        return f"{self.sentence}: {self.shown(value, profile) or 'not known'}"

    def shown(self, value: float, profile: Profile) -> float | str | None:
        """Return the channel's label."""
        return label_of(value, profile.vocabularies["campaigns.channel"].labels)

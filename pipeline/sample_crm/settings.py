"""What a sample CRM looks like: its size, its strength of effects, its dirt and its drift."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from data_checks.errors import BatonError

DEFAULT_LEADS: Final = 20_000
DEFAULT_SEED: Final = 7

_SHARES: Final = ("dirt_share", "random_arm", "handed_share")
_NOT_NEGATIVE: Final = ("effect_scale", "outage_days", "bot_opens_per_day")


@dataclass(frozen=True)
class Settings:
    """The knobs of the sample CRM; two equal settings write equal bytes.

    ``months`` of history end on a fixed date. ``effect_scale`` multiplies every effect on the log scale, so 0
    is a world in which nothing tells leads apart and 1 the usual one. ``base_rate`` is the expected share of
    leads that reach SQL within 90 days, ``dirt_share`` the share that each of the commoner faults befalls.
    Sales can take ``handed_share`` of the leads of an average week; ``random_arm`` is the share of hand-off
    decisions that are turned over at random, with their propensity logged. ``seasonal_swing`` is the height
    of a wave in the log-odds of being a buyer, as long as the history.

    The rest is drift, off by default, and sets in at two thirds of the history: ``base_rate_step`` on the
    log-odds of being a buyer, ``effect_drift`` in standard deviations of a second score that grows from 0
    over the whole history, a picklist value of ``industry`` that is renamed, a source that did not exist
    before, ``outage_days`` without tracking, and ``bot_opens_per_day`` of a mail gateway that opens every
    mail.
    """

    leads: int = DEFAULT_LEADS
    seed: int = DEFAULT_SEED
    months: int = 18
    effect_scale: float = 1.0
    base_rate: float = 0.22
    dirt_share: float = 0.01
    random_arm: float = 0.05
    handed_share: float = 0.35
    seasonal_swing: float = 0.15
    base_rate_step: float = 0.0
    effect_drift: float = 0.0
    renamed_industry: bool = False
    new_source: bool = False
    outage_days: float = 0.0
    bot_opens_per_day: float = 0.0

    def __post_init__(self) -> None:
        """Refuse settings that no world can have."""
        _check(self.leads >= 1, "leads is at least 1", self.leads)
        _check(self.seed >= 0, "the seed is not negative", self.seed)
        _check(1 <= self.months <= 60, "months of history are between 1 and 60", self.months)
        _check(0.001 <= self.base_rate <= 0.5, "base_rate is between .001 and .5", self.base_rate)
        for name in _SHARES:
            _check(0 <= getattr(self, name) <= 0.5, f"{name} is between 0 and .5", getattr(self, name))
        for name in _NOT_NEGATIVE:
            _check(getattr(self, name) >= 0, f"{name} is not negative", getattr(self, name))

    def as_dict(self) -> dict[str, object]:
        """Return the settings as JSON can hold them."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}


def _check(holds: bool, rule: str, value: float) -> None:
    if not holds:
        raise BatonError(rule, repr(value), "change the settings of the sample CRM")

"""What moved since the model that was served before: how strongly each feature moves scores, then and now."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from models.effect_table import EffectTable
from models.intervals import Z
from models.shelf import Promotion, Shelf
from serving.figures.file import Figures
from serving.figures.rates import Estimate


@dataclass(frozen=True)
class Moved:
    """A feature's strength in the model of the pages and in the former one; None where a model has it not.

    ``change`` is the difference; its interval takes both to be found on different leads, so it is a little
    wide.
    """

    feature: str
    sentence: str
    now: Estimate | None
    before: Estimate | None
    change: Estimate

    @property
    def is_sure(self) -> bool:
        """Whether the interval of the change leaves out zero."""
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and not low <= 0 <= high


@dataclass(frozen=True)
class Since:
    """The former model, and what moved since, the largest change first; or in ``fault`` why nobody knows."""

    former: Promotion
    moved: tuple[Moved, ...] = ()
    fault: str = ""


def since_former(figures: Figures, shelf: Shelf) -> Since | None:
    """Return what moved since the last other model that was served; None if there was none.

    Strength is the mean of the effects' sizes over the bands of a feature, each band weighted by its leads:
    it can be had of any bundle, as each keeps the effects of its bands.
    """
    present = figures.fact("bundle")["bundle_hash"]
    try:
        others = [one for one in shelf.history() if one.bundle_hash != present]
    except BatonError:
        return None
    if not others:
        return None
    former = others[-1]
    folder = shelf.bundle_of(former.version)
    if folder is None:
        return Since(former, fault=f"version {former.version} is not on the shelf any more")
    try:
        effects, sentences = _read(folder, former.bundle_hash)
    except (OSError, ValueError, KeyError, TypeError, BatonError) as fault:
        return Since(former, fault=f"its effects cannot be read ({type(fault).__name__})")
    before = {
        one.feature: _strength(
            (band.leads, band.effect, band.effect_low, band.effect_high) for band in one.bands
        )
        for one in effects.features
    }
    rows = figures.rows("select feature, any_value(sentence) as sentence from effects group by feature")
    sentences = sentences | {row["feature"]: row["sentence"] for row in rows}
    return Since(former, _changes(_present(figures), before, sentences))


def _changes(
    now: Mapping[str, Estimate], before: Mapping[str, Estimate], sentences: Mapping[str, str]
) -> tuple[Moved, ...]:
    found = [
        Moved(name, sentences.get(name, name), now.get(name), before.get(name), change)
        for name in {*now, *before}
        if (change := _change(now.get(name), before.get(name))).value
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.change.value or 0.0), one.feature)))


def _change(now: Estimate | None, before: Estimate | None) -> Estimate:
    ends = [one for one in (now, before) if one is not None]
    difference = (now.value if now and now.value else 0.0) - (
        before.value if before and before.value else 0.0
    )
    half = math.hypot(*((one.high or 0.0) - (one.value or 0.0) for one in ends))
    return Estimate(difference, difference - half, difference + half, min(one.of for one in ends))


def _present(figures: Figures) -> dict[str, Estimate]:
    rows = figures.rows(
        """
        select feature, list([leads::double, effect, effect_low, effect_high] order by place) as bands
        from effects group by feature
        """
    )
    return {row["feature"]: _strength(tuple(band) for band in row["bands"]) for row in rows}


def _strength(bands: Iterable[Any]) -> Estimate:
    known = [band for band in bands if band[0] and band[1] is not None]
    leads = sum(band[0] for band in known)
    if not leads:
        return Estimate(0.0, 0.0, 0.0, 0)
    value = sum(many * abs(effect) for many, effect, _, _ in known) / leads
    # Of a band of one lead there is no interval.
    errors = [many * (high - low) / (2 * Z) for many, _, low, high in known if low is not None]
    half = Z * math.hypot(*errors) / leads
    return Estimate(value, value - half, value + half, round(leads))


@lru_cache(maxsize=4)
def _read(bundle: Path, _sealed: str) -> tuple[EffectTable, dict[str, str]]:
    told = json.loads((bundle / "effects.json").read_text(encoding="utf-8"))
    features = FeatureSet.from_json(json.loads((bundle / "features.json").read_text(encoding="utf-8")))
    sentences = {one.name: one.sentence for one in features.features}
    return EffectTable.from_json(told, tuple(told["features"])), sentences

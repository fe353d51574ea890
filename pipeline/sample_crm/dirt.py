"""Dirt: what people and interfaces do to a CRM. None of it destroys what the oracle reads.

What is spelled badly still says what it says, what is lost was a gap before f(x) was drawn, and what cannot
be read at all stands in rows of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipeline.sample_crm.clock import NEVER
from pipeline.sample_crm.picklists import COUNTRY_VARIANTS, INDUSTRY_VARIANTS
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import draw_texts, stream

NO_VALUE_WORDS: Final = ("N/A", "n/a", "-", "unknown")
IMPOSSIBLE: Final[tuple[int, int]] = (0, 253_370_764_800_000)  # 1970-01-01 and 9999-01-01

_LOOK_ALIKES: Final = str.maketrans("aeopc", "\u0430\u0435\u043e\u0440\u0441")  # Cyrillic


def dirty_leads(settings: Settings, leads: pd.DataFrame) -> pd.DataFrame:
    """Return the leads with some of their texts badly typed; missing is ""."""
    rng = stream(settings.seed, "dirt")
    share = settings.dirt_share
    dirty = leads.copy()
    for field in ("industry", "country", "lead_source", "line_of_business"):
        _retype(rng, dirty, field, share / 2, str.upper)
        _retype(rng, dirty, field, share / 2, lambda text: f"  {text} ")
    for field, variants in (("industry", INDUSTRY_VARIANTS), ("country", COUNTRY_VARIANTS)):
        _retype(rng, dirty, field, share, _variant(variants))
    _retype(rng, dirty, "industry", share / 4, lambda text: text.translate(_LOOK_ALIKES))
    _retype(rng, dirty, "number_of_employees", share / 2, lambda text: f"-{text}")
    _retype(rng, dirty, "number_of_employees", share / 2, lambda text: f"about {text}")
    _retype(rng, dirty, "email", share / 2, lambda text: text.replace("@", " at "))
    for field in ("industry", "number_of_employees", "annual_revenue", "line_of_business"):
        _name_gaps(rng, dirty, field, min(0.5, 10 * share))
    return dirty


def junk_leads(settings: Settings, leads: pd.DataFrame) -> pd.DataFrame:
    """Return rows to add to the finished table of leads: test records of 1970, and rows exported twice."""
    rng = stream(settings.seed, "junk leads")
    tests, twice = _number(settings, 0.02), _number(settings, 0.25)
    test = pd.DataFrame({name: [""] * tests for name in leads}, dtype="str")
    test["lead_id"] = [f"L-TEST{number:02d}" for number in range(1, tests + 1)]
    test["created_at"], test["converted_at"] = IMPOSSIBLE[0], NEVER
    test["company"], test["stage"] = "Test Test", "New"
    again = leads.iloc[np.sort(rng.choice(len(leads), min(twice, len(leads)), replace=False))]
    return pd.concat([test, again], ignore_index=True)


def junk_activities(settings: Settings, activities: pd.DataFrame) -> pd.DataFrame:
    """Return rows to add to the finished table of activities: impossible dates, leads nobody knows."""
    rng = stream(settings.seed, "junk activities")
    number = min(_number(settings, 0.1), len(activities))
    junk = activities.iloc[np.sort(rng.choice(len(activities), number, replace=False))].copy()
    fault = rng.integers(3, size=number)
    junk["occurred_at"] = np.where(fault < 2, np.array([*IMPOSSIBLE, 0])[fault], junk["occurred_at"])
    junk["lead_id"] = junk["lead_id"].where(fault < 2, "L-DELETED")
    junk["activity_id"] = [f"A-J{place:06d}" for place in range(1, number + 1)]
    return junk


def _number(settings: Settings, share: float) -> int:
    return int(np.ceil(settings.dirt_share * share * settings.leads))


def _retype(
    rng: np.random.Generator, frame: pd.DataFrame, field: str, share: float, change: Callable[[str], str]
) -> None:
    texts = frame[field].to_numpy(dtype=object)
    rows = np.flatnonzero((rng.random(len(texts)) < share) & (texts != ""))
    texts[rows] = [change(text) for text in texts[rows]]
    frame[field] = texts


def _name_gaps(rng: np.random.Generator, frame: pd.DataFrame, field: str, share: float) -> None:
    texts = frame[field].to_numpy(dtype=object)
    words = draw_texts(rng, NO_VALUE_WORDS, len(texts))
    frame[field] = np.where((texts == "") & (rng.random(len(texts)) < share), words, texts)


def _variant(variants: Mapping[str, tuple[str, ...]]) -> Callable[[str], str]:
    return lambda text: variants.get(text, (text,))[len(text) % 2 if text in variants else 0]

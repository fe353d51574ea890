"""What leads do, with which assets and products, and how much more buyers than others do it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats
from pipeline.sample_crm.picklists import PRODUCTS
from pipeline.sample_crm.streams import draw_codes

TRACKED: Final = (
    "Page Visit",
    "Product Page Visit",
    "Pricing Page Visit",
    "Email Opened",
    "Email Clicked",
    "Content Download",
    "Webinar Registered",
    "Form Fill",
    "Demo Request",
    "Inbound Call",
)
UPLOADED: Final = ("Webinar Attended", "Event Visit")
KINDS: Final = (*TRACKED, *UPLOADED)
EMAIL_OPENED: Final = KINDS.index("Email Opened")
WEBINAR_KINDS: Final = ("Webinar Registered", "Webinar Attended")
WITH_PRODUCT: Final = ("Product Page Visit", "Form Fill", "Demo Request", "Inbound Call")
INBOUND: Final = ("Form Fill", "Demo Request", "Inbound Call")

ASSET_FAMILIES: Final = (
    "E-book",
    "White Paper",
    "Industry Report",
    "Case Study",
    "Buyer's Guide",
    "ROI Calculator",
)
ASSET_TOPICS: Final = ("Month-End Close", "Workforce", "Supply Chain", "Data Quality")
ASSETS: Final = tuple(f"{family}: {topic}" for family in ASSET_FAMILIES for topic in ASSET_TOPICS)
WEBINARS: Final = tuple(f"Webinar: {topic}" for topic in (*ASSET_TOPICS, "Product Tour", "Customer Stories"))
ALL_ASSETS: Final = (*ASSETS, *WEBINARS)

# Rows: others, buyers.
_TRACKED_SHARES: Final = np.array(
    [
        [0.35, 0.10, 0.025, 0.26, 0.100, 0.100, 0.035, 0.018, 0.004, 0.008],
        [0.25, 0.15, 0.095, 0.17, 0.105, 0.085, 0.035, 0.040, 0.040, 0.030],
    ]
)
_UPLOADED_SHARES: Final = np.array([[0.7, 0.3], [0.55, 0.45]])
_FAMILY_SHARES: Final = np.array([[0.32, 0.22, 0.22, 0.12, 0.08, 0.04], [0.15, 0.15, 0.14, 0.24, 0.17, 0.15]])
_WEBINAR_SHARES: Final = np.array([[0.2, 0.2, 0.2, 0.2, 0.1, 0.1], [0.12, 0.12, 0.12, 0.12, 0.32, 0.2]])
_OWN_PRODUCT: Final = np.array([0.25, 0.55])


@dataclass(frozen=True)
class Marks:
    """The laws of what is done, given the class: shares of kinds, assets and products.

    Shapes: ``tracked`` (2, kinds tracked), ``uploaded`` (2, kinds uploaded), ``download`` and ``webinar``
    (2, all assets), ``own_product`` (2,): the probability that the product is the one that the lead's line of
    business needs. The first axis is the class: others, buyers.
    """

    tracked: Floats
    uploaded: Floats
    download: Floats
    webinar: Floats
    own_product: Floats

    def log_ratio(self, kind: Codes, asset: Codes, product: Codes, wanted: Codes) -> Floats:
        """Return log (P(asset, product | kind, buyer) / P(asset, product | kind, other)), shape (events,)."""
        with_asset = np.where(np.isin(kind, codes(("Content Download",))), 0, 1)
        ratios = np.stack([_log_ratio(self.download), _log_ratio(self.webinar)])
        by_asset = np.where(asset < 0, 0.0, ratios[with_asset, asset])
        own, foreign = _log_ratio(self.own_product), _log_ratio(1 - self.own_product)
        by_product = np.where((product < 0) | (wanted < 0), 0.0, np.where(product == wanted, own, foreign))
        return np.asarray(by_asset + by_product)


@lru_cache(maxsize=8)
def marks(scale: float) -> Marks:
    """Return the laws of a world whose effects are ``scale`` times the usual ones."""
    download = np.hstack([np.repeat(_FAMILY_SHARES / 4, 4, axis=1), np.zeros((2, len(WEBINARS)))])
    webinar = np.hstack([np.zeros((2, len(ASSETS))), _WEBINAR_SHARES])
    own = np.stack([_OWN_PRODUCT, 1 - _OWN_PRODUCT], axis=-1)
    return Marks(
        tracked=_between(_TRACKED_SHARES, scale),
        uploaded=_between(_UPLOADED_SHARES, scale),
        download=_between(download, scale),
        webinar=_between(webinar, scale),
        own_product=_between(own, scale)[:, 0],
    )


def codes(names: tuple[str, ...]) -> Codes:
    """Return the positions of these kinds in KINDS."""
    return np.array([KINDS.index(name) for name in names])


def draw_marks(
    rng: np.random.Generator, laws: Marks, kind: Codes, buyer: Codes, wanted: Codes
) -> tuple[Codes, Codes]:
    """Return the asset and the product of each event, -1 where its kind has none, shape (events,) each."""
    asset, product = np.full(len(kind), -1), np.full(len(kind), -1)
    for names, shares in ((("Content Download",), laws.download), (WEBINAR_KINDS, laws.webinar)):
        rows = np.flatnonzero(np.isin(kind, codes(names)))
        asset[rows] = draw_codes(rng, shares, buyer[rows])
    rows = np.flatnonzero(np.isin(kind, codes(WITH_PRODUCT)))
    foreign = (wanted[rows] + rng.integers(1, len(PRODUCTS), size=len(rows))) % len(PRODUCTS)
    own = (rng.random(len(rows)) < laws.own_product[buyer[rows]]) & (wanted[rows] >= 0)
    anything = rng.integers(len(PRODUCTS), size=len(rows))
    product[rows] = np.where(own, wanted[rows], np.where(wanted[rows] >= 0, foreign, anything))
    return asset, product


def _between(shares: Floats, scale: float) -> Floats:
    """Temper the shares of each class towards those of both together."""
    neutral = np.broadcast_to(shares.mean(axis=0), shares.shape)
    possible = neutral > 0
    safe, base = np.where(possible, shares, 1.0), np.where(possible, neutral, 1.0)
    powered = np.where(possible, base * (safe / base) ** scale, 0.0)
    return np.asarray(powered / powered.sum(axis=-1, keepdims=True))


def _log_ratio(shares: Floats) -> Floats:
    others, buyers = np.where(shares > 0, shares, 1.0)
    return np.asarray(np.log(buyers) - np.log(others))

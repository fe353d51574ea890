"""Which products the lead looks at, and whether they suit its business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, snake
from features.profile import Profile
from features.view import View


@dataclass(frozen=True)
class ProductCount(Feature):
    """How often one product was looked at."""

    product: str

    family = "product interest"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One for each common product."""
        return (cls(product) for product in profile.activity_labels("product"))

    @property
    def name(self) -> str:
        """The product."""
        return f"product_{snake(self.product)}_count"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How many activities concerned the product {self.product!r} so far"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts."""
        return view.activity_counts("product", None)[
            :, view.profile.activity_labels("product").index(self.product)
        ]


@dataclass(frozen=True)
class ProductFocus(Feature):
    """How far the interest is in one product."""

    family = "product interest"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One, if the history tells products apart."""
        if len(profile.activity_labels("product")) > 1:
            yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "product_focus"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "Share of the most looked-at product among all product activities"

    def values(self, view: View) -> NDArray[Any]:
        """Return the share, 0 to 1; NaN where no product was looked at."""
        counts = view.activity_counts("product", None)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(counts.max(axis=1) / counts.sum(axis=1))


@dataclass(frozen=True)
class ProductSuitsBusiness(Feature):
    """How often the product that bears the name of the lead's line of business was looked at."""

    family = "product interest"
    needs = "activities"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """One, if any product is named like a line of business."""
        business = profile.vocabularies.get("line_of_business")
        if business and set(business.labels) & set(profile.activity_labels("product")):
            yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "product_suits_business_count"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "How many activities concerned the product of the lead's own line of business"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts; NaN where the line of business is not known."""
        product_of = view.profile.vocabularies["activities.product"].code_of
        spellings = view.profile.vocabularies["line_of_business"].spellings
        variants = {text: product_of[label] for text, label in spellings.items() if label in product_of}
        codes = view.field("line_of_business").recoded({**product_of, **variants}, -1)
        counts = view.activity_counts("product", None)
        own = np.take_along_axis(counts, np.maximum(codes, 0)[:, np.newaxis].astype(np.int64), axis=1)[:, 0]
        known = view.field_codes("line_of_business") >= 0
        return np.where(known, np.where(codes >= 0, own, 0), np.nan)

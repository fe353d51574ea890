"""Which products the lead looks at, and whether they suit its business."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from features.behaviour import labels
from features.feature import Case, Values, feature
from features.profile import Profile
from features.view import View


def products(profile: Profile) -> Iterable[Case]:
    """Once, with a column for each common product."""
    return ({"column": "product"},) if profile.activity_labels("product") else ()


def products_and_windows(profile: Profile) -> Iterable[Case]:
    """One for each window of a month or more and one for the whole past."""
    days = [window for window in profile.settings.windows_days if window >= 30]
    return ({**case, "window": window} for case in products(profile) for window in (*days, None))


def several_products(profile: Profile) -> Iterable[Case]:
    """Once, if the history tells products apart."""
    return ({},) if len(profile.activity_labels("product")) > 1 else ()


def products_of_business(profile: Profile) -> Iterable[Case]:
    """Once, if any product is named like a line of business."""
    business = profile.vocabularies.get("line_of_business")
    named = set(business.labels) if business else set()
    return ({},) if named & set(profile.activity_labels("product")) else ()


@feature(
    "product interest",
    "product_{label}_count{window}",
    "How many activities concerned the product {label} {window}",
    needs="activities",
    each=products_and_windows,
    labels=labels,
)
def product_count(view: View, column: str, window: float | None) -> Values:
    """Return how often each product was looked at."""
    return view.activity_counts(column, window)


@feature(
    "product interest",
    "days_since_product_{label}",
    "Days since the product {label} was last looked at",
    needs="activities",
    each=products,
    labels=labels,
)
def product_age(view: View, column: str) -> Values:
    """Return how long ago each product was last looked at; NaN where it never was."""
    return view.activity_ages(column)


@feature(
    "product interest",
    "distinct_products",
    "How many different products were looked at so far",
    needs="activities",
    each=several_products,
)
def distinct_products(view: View) -> Values:
    """Return how many different products were looked at, rare ones included."""
    return view.first_seen("product", None)


@feature(
    "product interest",
    "product_focus",
    "Share of the most looked-at product among all common ones",
    needs="activities",
    each=several_products,
)
def product_focus(view: View) -> Values:
    """Return how far the interest is in one product, 0 to 1; NaN where none of the common was looked at."""
    counts = view.activity_counts("product", None)[:, :-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return counts.max(axis=1) / counts.sum(axis=1)


@feature(
    "product interest",
    "product_suits_business_count",
    "How many activities concerned the product of the lead's own line of business",
    needs="activities",
    each=products_of_business,
)
def product_suits_business(view: View) -> Values:
    """Return how often the product was looked at that bears the name of the lead's line of business.

    NaN where the line of business is not known.
    """
    product_of = view.profile.vocabularies["activities.product"].code_of
    spellings = view.profile.vocabularies["line_of_business"].spellings
    variants = {text: product_of[label] for text, label in spellings.items() if label in product_of}
    codes = view.field("line_of_business").recoded({**product_of, **variants}, -1)
    counts = view.activity_counts("product", None)
    own = np.take_along_axis(counts, np.maximum(codes, 0)[:, np.newaxis].astype(np.int64), axis=1)[:, 0]
    known = view.field_codes("line_of_business") >= 0
    return np.where(known, np.where(codes >= 0, own, 0), np.nan)

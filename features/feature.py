"""What a feature is: one declaration that computes, names and explains a number."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from features.profile import Profile
from features.view import View

Family = Literal["demographic", "behaviour", "asset", "product interest", "timing", "market"]


@dataclass(frozen=True)
class Feature(ABC):
    """One column of the training data.

    A subclass is a family's way of looking at a lead; its instances are the features that a company's
    own history gives rise to (`declared`). The fields of an instance are all that it is: they are
    written to the bundle and read back.
    """

    family: ClassVar[Family]
    needs: ClassVar[str] = "leads"
    """The table without which the feature is switched off."""
    categorical: ClassVar[bool] = False
    """Whether the values are codes of a vocabulary (-1 is missing) and not amounts."""

    @classmethod
    @abstractmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:
        """Return the features of this kind that the profile of a history gives rise to."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The column's name: plain snake_case, unique in the catalogue."""

    @property
    @abstractmethod
    def sentence(self) -> str:
        """What the number means, in marketing's words."""

    @abstractmethod
    def values(self, view: View) -> NDArray[Any]:
        """Return one number per snapshot of the view; NaN is missing."""

    def told(self, value: float, profile: Profile) -> str:  # noqa: ARG002 - categories look their label up
        """Return the sentence with a lead's own value."""
        return f"{self.sentence}: {'not known' if np.isnan(value) else _short(value)}"

    def shown(self, value: float, profile: Profile) -> float | str | None:  # noqa: ARG002
        """Return the value as an answer shows it."""
        return None if np.isnan(value) else float(value)

    def to_json(self) -> dict[str, Any]:
        """Return the declaration as JSON; `features.catalogue.feature_from_json` reads it back."""
        return {"kind": type(self).__name__, **asdict(self)}


def snake(text: str) -> str:
    """Return the text as snake_case; what cannot be told apart so gets a short hash.

    >>> snake("Email Opened")
    'email_opened'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    faithful = plain.replace("_", " ") == re.sub(r"[\s_]+", " ", text.casefold()).strip()
    return (
        plain if plain and faithful else f"{plain}_{hashlib.sha256(text.encode()).hexdigest()[:4]}".strip("_")
    )


def in_window(days: float | None) -> str:
    """Return the window in words.

    >>> in_window(7)
    'in the last 7 days'
    """
    if days is None:
        return "so far"
    return "in the last day" if days == 1 else f"in the last {_short(days)} days"


def _short(number: float) -> str:
    return f"{number:,.0f}" if 1000 <= abs(number) < 1e15 else f"{number:.4g}"

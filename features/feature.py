"""What a feature is: one declaration that computes, names and explains one or many columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from math import isnan
from typing import Any, Literal

from numpy.typing import NDArray

from features.profile import Profile
from features.wording import column_name, number, sentence

Family = Literal["demographic", "behaviour", "asset", "product interest", "timing", "account and market"]
Monotone = Literal[-1, 1]
"""A direction: 1 is that a higher value never speaks against a lead, -1 that it never speaks for it."""

Values = NDArray[Any]
Case = Mapping[str, Any]
"""What tells the repetitions of a declaration apart: plain values by the name of the parameter."""
Texts = Sequence[str]


def once(profile: Profile) -> Iterable[Case]:  # noqa: ARG001 - asked like every other `each`
    """Return the one case of a declaration that is not repeated."""
    return ({},)


@dataclass(frozen=True)
class Kind:
    """A declaration of the catalogue.

    ``compute`` takes a `View` and the case's values and returns one number per snapshot (NaN is
    missing), or, for a kind with ``labels``, one column per label. ``name`` and ``say`` are templates
    in which ``{label}`` and each key of the case may stand. ``each`` lists the cases that a history's
    profile gives rise to, ``labels`` the labels of a case and how each is written. For a kind whose
    values are codes, ``categories`` lists what they stand for. ``needs`` is the table without which
    the kind is switched off. ``monotone`` is the direction in which the trees must keep to the values,
    all else being equal; None leaves it to the data, and is all that codes can have.
    """

    compute: Callable[..., Values]
    family: Family
    name: str
    say: str
    needs: str = "leads"
    each: Callable[[Profile], Iterable[Case]] = once
    labels: Callable[..., Mapping[str, str]] | None = None
    categories: Callable[..., Texts] | None = None
    monotone: Monotone | None = None

    @property
    def key(self) -> str:
        """What the bundle calls this kind: the name of the function."""
        return self.compute.__name__

    def __reduce__(self) -> tuple[Callable[[str, str], Kind], tuple[str, str]]:
        # The function's name stands for the kind, so that other processes find it by that.
        return _declared_in, (self.compute.__module__, self.key)

    def declared(self, profile: Profile) -> Iterator[Feature]:
        """Yield the columns that the profile of a history gives rise to."""
        for case in self.each(profile) if self.needs not in profile.absent else ():
            yield from self.columns(profile, case)

    def columns(self, profile: Profile, case: Case) -> Iterator[Feature]:
        """Yield the columns of one case."""
        told = None if self.categories is None else tuple(self.categories(profile, **case))
        if self.labels is None:
            yield Feature(column_name(self.name, case), sentence(self.say, case), self, case, categories=told)
            return
        for position, (label, written) in enumerate(self.labels(profile, **case).items()):
            name = column_name(self.name, {**case, "label": label})
            say = sentence(self.say, {**case, "label": written})
            yield Feature(name, say, self, case, position, label, told)


def feature(  # noqa: PLR0913 - a declaration says all of it in one place
    family: Family,
    name: str,
    say: str,
    *,
    needs: str = "leads",
    each: Callable[[Profile], Iterable[Case]] = once,
    labels: Callable[..., Mapping[str, str]] | None = None,
    categories: Callable[..., Texts] | None = None,
    monotone: Monotone | None = None,
) -> Callable[[Callable[..., Values]], Kind]:
    """Declare the function below as a feature; see `Kind` for what the arguments mean."""
    return lambda compute: Kind(compute, family, name, say, needs, each, labels, categories, monotone)


def _declared_in(module: str, name: str) -> Kind:
    kind: Kind = getattr(import_module(module), name)
    return kind


@dataclass(frozen=True)
class Feature:
    """One column of the training data: a kind, its case, and the label if the kind has labels.

    ``name`` is plain snake_case and unique in the catalogue; ``sentence`` says what the number means,
    in marketing's words. ``position`` is the column within what the kind computes for the case,
    ``categories`` what the values stand for if they are codes.
    """

    name: str
    sentence: str
    kind: Kind
    case: Case
    position: int = 0
    label: str | None = None
    categories: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def family(self) -> Family:
        """The family, as marketing knows it."""
        return self.kind.family

    @property
    def categorical(self) -> bool:
        """Whether the values are codes (-1 is missing) and not amounts."""
        return self.categories is not None

    def shown(self, value: float) -> float | str | None:
        """Return the value as an answer shows it."""
        if isnan(value):
            return None
        if self.categories is None:
            return float(value)
        return self.categories[int(value)] if value < len(self.categories) else "any other"

    def told(self, value: float) -> str:
        """Return the sentence with a lead's own value."""
        shown = self.shown(value)
        if shown is None:
            return f"{self.sentence}: not known"
        return f"{self.sentence}: {shown if isinstance(shown, str) else number(shown)}"

    def to_json(self) -> dict[str, Any]:
        """Return the feature as JSON; `features.catalogue.feature_from_json` reads it back."""
        labelled = {} if self.label is None else {"label": self.label}
        return {"name": self.name, "kind": self.kind.key, "case": dict(self.case), **labelled}

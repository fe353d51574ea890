"""The forward window as the gate sees it: what became of later leads, and what each scorer had said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from features.moments import Moments
from models.metrics import Floats, Labels

Kinds = NDArray[np.str_]


@dataclass(frozen=True)
class Window:
    """Rows later than anything that the challenger's twin knows.

    ``own`` is what the twin said of each, ``others`` what others did, by name as people call them.
    ``kinds`` says for each way of parting leads (``industry``) which part each row is of; "" is not known.
    """

    label: Labels
    weight: Floats
    as_of: Moments
    lead: Moments
    own: Floats
    others: Mapping[str, Floats]
    kinds: Mapping[str, Kinds] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Window:
        return Window(
            self.label[rows],
            self.weight[rows],
            self.as_of[rows],
            self.lead[rows],
            self.own[rows],
            {name: said[rows] for name, said in self.others.items()},
            {name: part[rows] for name, part in self.kinds.items()},
        )

    def against(self, name: str, said: Floats) -> Window:
        """Return the window with one other scorer only."""
        return Window(self.label, self.weight, self.as_of, self.lead, self.own, {name: said}, self.kinds)

    @property
    def leads(self) -> int:
        """How many leads there are."""
        return len(np.unique(self.lead))

    @property
    def conversions(self) -> int:
        """How many leads converted."""
        return len(np.unique(self.lead[self.label]))

    @property
    def counts(self) -> dict[str, int]:
        """The counts behind any figure of the window."""
        return {"leads": self.leads, "conversions": self.conversions}

    @property
    def told(self) -> str:
        """The counts in words."""
        return f"{self.leads:,} leads, {self.conversions:,} conversions"

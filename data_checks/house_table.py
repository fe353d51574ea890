"""A table as the house rules look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_checks.agreement import Agreement
from data_checks.clause import TableName
from data_checks.fates import Fate
from data_checks.rulings import Ruling
from data_checks.tables import SHAPES

Mask = npt.NDArray[np.bool_]


def moments_of(times: pd.Series) -> npt.NDArray[np.int64]:
    """Return times in microseconds since 1970 UTC; what is missing is the smallest integer."""
    return np.asarray(times.to_numpy("datetime64[us]")).astype(np.int64, copy=False)


def places_in(ids: pd.Series, known: pd.Series) -> npt.NDArray[np.int64]:
    """Return for each of ``ids`` its first place in ``known``, or -1."""
    index = pd.Index(known)
    firsts = np.flatnonzero(~index.duplicated())
    places: npt.NDArray[np.int64] = np.append(firsts, -1)[index[firsts].get_indexer(pd.Index(ids))]
    return places


@dataclass(frozen=True)
class HouseTable:
    """One table, and what lies around it: the agreement, the moment, the leads as the source has them.

    ``now`` is in microseconds since 1970 UTC.
    """

    name: TableName
    frame: pd.DataFrame
    agreement: Agreement
    now: int
    leads: pd.DataFrame

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a row says nothing."""
        return SHAPES[self.name].required

    @property
    def of_a_lead(self) -> bool:
        """Whether the rows belong to leads and are not the leads themselves."""
        return self.name != "leads" and "lead_id" in self.required

    def moments(self, field: str) -> npt.NDArray[np.int64]:
        """Return a time column in microseconds since 1970 UTC; what is missing is the smallest integer."""
        return moments_of(self.frame[field])

    def missing(self, field: str) -> Mask:
        """Return where a column is empty; of a text, white space is empty too."""
        values = self.frame[field]
        if isinstance(values.dtype, pd.StringDtype) or values.dtype == object:
            values = values.where(values.str.strip() != "")
        return np.asarray(values.isna(), dtype=np.bool_)

    @cached_property
    def lead_places(self) -> npt.NDArray[np.int64]:
        """For each row, the place of its lead in ``leads``, or -1."""
        return places_in(self.frame["lead_id"], self.leads["lead_id"])

    @property
    def lead_created(self) -> npt.NDArray[np.int64]:
        """For each row, when its lead was created; the smallest integer where that is not known."""
        created = moments_of(self.leads["created_at"])
        return np.append(created, np.iinfo(np.int64).min)[self.lead_places]

    def ruling(  # noqa: PLR0913  a ruling says many things, most by name
        self,
        field: str,
        rule: str,
        mask: Mask,
        law: str,
        next_step: str,
        *,
        fate: Fate,
        examples: tuple[tuple[str, int], ...] = (),
        told: bool = True,
    ) -> Ruling:
        """Return the ruling that the rows of ``mask`` break ``law``."""
        breach: Literal["reject", "flag"] = "reject" if fate == "quarantine" else "flag"
        return Ruling(
            clause=f"house.{self.name}.{field}.{rule}",
            table=self.name,
            field=field,
            rule=rule,
            breach=breach,
            law=law,
            next_step=next_step,
            rows=np.flatnonzero(mask),
            total=len(self.frame),
            reasons=f"{law}; this row breaks it. Next: {next_step}.",
            examples=examples,
            fate=fate,
            told=told,
        )

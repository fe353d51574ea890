"""What a rule decides about the rows of a table, before it is told as findings, flags and quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_checks.clause import BlamingClause, Breach, Terms, percent
from data_checks.columns import Column, Positions
from data_checks.fates import Fate
from data_checks.findings import FLAG_COLUMNS, MOST_EXAMPLES, Finding
from data_checks.verdicts import Verdict

_CONSEQUENCES: Final[dict[str, str]] = {
    "reject": "They are set aside, neither trained on nor scored",
    "flag": "They stay and are reported",
    "stop": "The run stops",
}


@dataclass(frozen=True)
class Ruling:
    """The rows of one table that broke one rule, and what follows.

    ``rows`` are positions in the table; ``reasons`` says for each of them, or for all at once, what is
    wrong. ``fate`` is what becomes of the rows: ``blank`` flags them and takes the value away. ``breach``
    is what the finding is called, ``stop`` when the run must halt. ``total`` is the number of values
    that were judged, ``found`` says what was found where counting rows does not, ``examples`` are
    values with their counts, and ``told`` says whether a finding is made of it.
    """

    clause: str
    table: str
    field: str
    rule: str
    breach: Breach
    law: str
    next_step: str
    rows: Positions
    total: int
    reasons: npt.NDArray[np.object_] | str = ""
    found: str | None = None
    examples: tuple[tuple[str, int], ...] = ()
    fate: Fate = "stay"
    told: bool = True

    def finding(self) -> Finding:
        """Tell the ruling as a finding."""
        such_as = ", ".join(f"{text} ({count:,})" for text, count in self.examples)
        found = self.found or f"{len(self.rows):,} of {self.total:,} otherwise"
        if such_as:
            found += f", such as {such_as}"
        message = (
            f"{self.table}: {self.law}; found {found}. {_CONSEQUENCES[self.breach]}. Next: {self.next_step}."
        )
        return Finding(
            self.clause,
            self.table,
            self.field,
            self.rule,
            self.breach,
            message,
            len(self.rows),
            self.total,
            tuple(text for text, _ in self.examples),
        )

    def reason_of_rows(self) -> npt.NDArray[np.object_]:
        """Return for each of the rows what is wrong with it."""
        if isinstance(self.reasons, str):
            return np.full(len(self.rows), self.reasons, dtype=object)
        return self.reasons


def ruling_on(verdict: Verdict, column: Column, terms: Terms) -> Ruling:
    """Return what follows from a verdict on the clause of a column."""
    clause = verdict.clause
    if isinstance(clause, BlamingClause):
        return _ruling_on_rows(verdict, clause, column, terms)
    found = "nothing" if verdict.observed is None else f"{verdict.observed:,.4g} days"
    return Ruling(
        clause=verdict.identifier,
        table=clause.table,
        field=clause.field,
        rule=clause.name,
        breach=clause.breach,
        law=f"{clause.field} {clause.sentence()}",
        next_step=clause.remedy(None),
        rows=verdict.rows,
        total=len(column),
        found=None if len(verdict.rows) else found,
    )


def _ruling_on_rows(verdict: Verdict, clause: BlamingClause, column: Column, terms: Terms) -> Ruling:
    codes = column.codes[verdict.rows]
    complaints = {code: clause.complaint(column.text(code), terms) for code in np.unique(codes).tolist()}
    counted = Counter(codes.tolist()).most_common(MOST_EXAMPLES)
    examples = [(text, count) for code, count in counted if (text := column.text(code)) is not None]
    shown = [] if clause.field in terms.hidden else examples
    limit = clause.stops_above
    stops = limit is not None and len(codes) > limit * verdict.judged
    return Ruling(
        clause=verdict.identifier,
        table=clause.table,
        field=clause.field,
        rule=clause.name,
        breach="stop" if stops else clause.row_breach,
        law=_law(clause, limit),
        next_step=clause.remedy(examples[0][0] if examples else None),
        rows=verdict.rows,
        total=verdict.judged,
        reasons=np.array([complaints[code] for code in codes.tolist()], dtype=object),
        examples=tuple((terms.quote(clause.field, text), count) for text, count in shown),
        fate="quarantine" if clause.row_breach == "reject" else "flag",
    )


def part(frame: pd.DataFrame, rulings: Sequence[Ruling]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that stay, with blanked values gone, and those set aside, with their ``reasons``.

    Together they are the rows of ``frame``, each once, in its order.
    """
    reasons: dict[int, list[str]] = {}
    kept = frame.copy(deep=False)
    for ruling in rulings:
        if ruling.fate == "blank":
            kept[ruling.field] = kept[ruling.field].mask(_as_mask(ruling.rows, len(frame)))
        elif ruling.fate == "quarantine":
            for row, reason in zip(ruling.rows.tolist(), ruling.reason_of_rows(), strict=True):
                reasons.setdefault(row, []).append(reason)
    aside = np.array(sorted(reasons), dtype=np.int64)
    kept = kept if not len(aside) else kept[~_as_mask(aside, len(frame))].reset_index(drop=True)
    quarantined = frame.iloc[aside].reset_index(drop=True)
    quarantined["reasons"] = pd.Series([" ".join(reasons[row]) for row in aside.tolist()], dtype="str")
    return kept, quarantined


def flags_of(frame: pd.DataFrame, rulings: Sequence[Ruling]) -> pd.DataFrame:
    """Return one flag per lead and flagging rule, of the rows of ``frame`` that are not set aside."""
    aside = [ruling.rows for ruling in rulings if ruling.fate == "quarantine"]
    gone = _as_mask(np.concatenate([np.empty(0, dtype=np.int64), *aside]), len(frame))
    parts = [_flags_of_one(frame, ruling, gone) for ruling in rulings if ruling.fate in {"flag", "blank"}]
    return joined_flags([flags for flags in parts if len(flags)])


def joined_flags(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the flags of several tables in one frame."""
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in FLAG_COLUMNS})
    return pd.concat(parts, ignore_index=True).astype("str")


def _flags_of_one(frame: pd.DataFrame, ruling: Ruling, gone: npt.NDArray[np.bool_]) -> pd.DataFrame:
    if "lead_id" not in frame:
        return pd.DataFrame(columns=list(FLAG_COLUMNS))
    here = ~gone[ruling.rows]
    field = ruling.field if ruling.table == "leads" else f"{ruling.table}.{ruling.field}"
    flags = pd.DataFrame(
        {
            "lead_id": frame["lead_id"].to_numpy()[ruling.rows[here]],
            "field": field,
            "rule": ruling.rule,
            "message": ruling.reason_of_rows()[here],
        }
    )
    return flags.drop_duplicates(["lead_id", "field", "rule"])


def _as_mask(rows: Positions, length: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    mask[rows] = True
    return mask


def _law(clause: BlamingClause, limit: float | None) -> str:
    tolerated = f" in all but {percent(limit)} of the rows" if limit else ""
    return f"{clause.field} {clause.sentence()}{tolerated}"

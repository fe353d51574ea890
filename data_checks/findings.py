"""What a check found, as data: findings, quarantined rows, flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

from data_checks.clause import Breach
from data_checks.errors import BatonError
from data_checks.tables import CrmHistory

FLAG_COLUMNS: Final = ("lead_id", "field", "rule", "message")
MOST_EXAMPLES: Final = 5


@dataclass(frozen=True)
class Finding:
    """One rule that a table broke.

    ``clause`` identifies the rule (``leads.industry.allowed``), ``rows`` of ``total`` rows broke it,
    ``examples`` are up to five of the values, ``message`` says all of it for people. A house rule
    holds without any agreement; its identifier begins with ``house.``.
    """

    clause: str
    table: str
    field: str
    rule: str
    breach: Breach
    message: str
    rows: int
    total: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain data."""
        return {**asdict(self), "examples": list(self.examples)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """Return the finding that :meth:`to_json` wrote."""
        return cls(**{**data, "examples": tuple(data["examples"])})


@dataclass(frozen=True)
class Checked:
    """A history parted into what may be used and what may not; no row is lost.

    ``quarantined`` holds, by table, the rows set aside, with a column ``reasons``; ``flags`` has the
    columns ``lead_id, field, rule, message``, one row per lead and broken rule that is only reported.
    """

    clean: CrmHistory
    quarantined: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    flags: pd.DataFrame


class StopBreach(BatonError):  # noqa: N818  the word of the agreement
    """The run must not go on: a clause with ``stop``, or with ``tolerate``, was broken.

    ``findings`` are all that were made until then, the stopping ones among them.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        stopping = [finding for finding in findings if finding.breach == "stop"]
        self.findings = findings
        super().__init__(
            "no clause that stops the run is broken",
            "; ".join(finding.message for finding in stopping),
            "repair the source, or change the clause by agreement, then run again",
        )

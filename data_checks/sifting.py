"""A history parted by the rulings on its tables, step by step, so that no row is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from data_checks.findings import Checked
from data_checks.house_table import places_in
from data_checks.rulings import Ruling, flags_of, joined_flags, part
from data_checks.tables import CrmHistory

Rulings = Mapping[str, Sequence[Ruling]]


def sift(history: CrmHistory, rulings: Rulings) -> Checked:
    """Return the history parted by rulings, given by table."""
    parts = {name: part(frame, rulings[name]) for name, frame in history if rulings.get(name)}
    kept: dict[str, Any] = {name: stays for name, (stays, _) in parts.items()}
    return Checked(
        clean=replace(history, **kept),
        quarantined={name: aside for name, (_, aside) in parts.items() if len(aside)},
        findings=tuple(one.finding() for several in rulings.values() for one in several if one.told),
        flags=joined_flags([flags_of(frame, rulings[name]) for name, frame in history if rulings.get(name)]),
    )


def joined(steps: Sequence[Checked]) -> Checked:
    """Return what several steps came to, each having sifted what the one before left.

    Flags of leads that a later step set aside are left out: their reasons are in the quarantine.
    """
    clean = steps[-1].clean
    flags = joined_flags([step.flags for step in steps])
    return Checked(
        clean=clean,
        quarantined={name: aside for name, _ in clean if len(aside := _joined_rows(name, steps))},
        findings=tuple(finding for step in steps for finding in step.findings),
        flags=flags[places_in(flags["lead_id"], clean.leads["lead_id"]) >= 0].reset_index(drop=True),
    )


def _joined_rows(name: str, steps: Sequence[Checked]) -> pd.DataFrame:
    asides = [step.quarantined[name] for step in steps if name in step.quarantined]
    return pd.concat(asides, ignore_index=True) if asides else pd.DataFrame()

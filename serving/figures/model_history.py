"""Which models were served: when, by whom, why, and what the gate had said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data_checks.errors import BatonError
from models.shelf import Promotion, Shelf


@dataclass(frozen=True)
class Service:
    """A stretch in which one model was served; ``until`` is None of the present one.

    ``is_again`` says that the version had been served before: somebody went back to it.
    """

    promotion: Promotion
    until: datetime | None
    is_again: bool

    @property
    def gate(self) -> str:
        """What the gate had said of it."""
        if self.promotion.overruled:
            return f"objected and was overruled: {'; '.join(self.promotion.overruled)}"
        return "it had been served before" if self.is_again else "let it pass"


@dataclass(frozen=True)
class ModelHistory:
    """Every change of the served model, the newest first, and who challenges it; or in ``fault`` why not."""

    services: tuple[Service, ...] = ()
    challenger: Promotion | None = None
    fault: str = ""


@dataclass(frozen=True)
class GateVerdict:
    """What the gate said last: of the bundle with this hash, whether it passes, and in which words."""

    bundle_hash: str
    passes: bool
    objections: tuple[str, ...]
    notes: tuple[str, ...]


def model_history(shelf: Shelf) -> ModelHistory:
    """Return the models that were served, as the shelf's record has them."""
    try:
        past, challenger = shelf.history(), shelf.challenger()
    except (BatonError, OSError) as fault:
        return ModelHistory(fault=str(fault))
    return ModelHistory(tuple(reversed(_services(past))), challenger)


def _services(past: Sequence[Promotion]) -> list[Service]:
    ends = [*(one.at for one in past[1:]), None][: len(past)]
    return [
        Service(one, until, any(one.version == other.version for other in past[:place]))
        for place, (one, until) in enumerate(zip(past, ends, strict=True))
    ]


def gate_verdict(reports: Path) -> GateVerdict | None:
    """Return what the gate said last, None if no report of it is there."""
    try:
        told: dict[str, Any] = json.loads((reports / "gate.json").read_text(encoding="utf-8"))
        return GateVerdict(
            told["bundle_hash"], bool(told["passes"]), tuple(told["objections"]), tuple(told["notes"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None

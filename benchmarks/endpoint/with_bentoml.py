"""BentoML's own typed endpoint over the same scoring."""

from __future__ import annotations

from typing import Any

import bentoml
import numpy as np

from benchmarks.endpoint.by_hand import microseconds, now, own
from benchmarks.endpoint.rival_messages import Lead


@bentoml.service(workers=1)
class Rival:
    """Scores leads."""

    def __init__(self) -> None:
        self.model = own()

    @bentoml.api(route="/score")
    async def score(self, leads: list[Lead]) -> dict[str, Any]:
        """Score leads."""
        asked = [(one.lead_id, microseconds(one.as_of) if one.as_of else now()) for one in leads]
        rows = [
            self.model.row(one.fields, [activity.model_dump() for activity in one.activities], as_of)
            for one, (_, as_of) in zip(leads, asked, strict=True)
        ]
        return {"scores": self.model.answers(asked, np.array(rows))}

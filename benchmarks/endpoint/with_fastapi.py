"""The FastAPI service that a good engineer would write: typed, features by hand, NumPy to LightGBM."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastapi import FastAPI

from benchmarks.endpoint.by_hand import microseconds, now, own
from benchmarks.endpoint.rival_messages import Request

app = FastAPI()
MODEL = own()


@app.post("/score")
async def score(request: Request) -> dict[str, Any]:
    """Score leads."""
    leads = [(one.lead_id, microseconds(one.as_of) if one.as_of else now()) for one in request.leads]
    rows = [
        MODEL.row(one.fields, [activity.model_dump() for activity in one.activities], as_of)
        for one, (_, as_of) in zip(request.leads, leads, strict=True)
    ]
    return {"scores": MODEL.answers(leads, np.array(rows))}

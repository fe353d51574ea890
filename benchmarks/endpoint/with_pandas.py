"""The same FastAPI service as most write it: a lead becomes a DataFrame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fastapi import FastAPI

from benchmarks.endpoint.by_hand import DAY, microseconds, now, number, own
from benchmarks.endpoint.rival_messages import Lead, Request

app = FastAPI()
MODEL = own()


@app.post("/score")
async def score(request: Request) -> dict[str, Any]:
    """Score leads."""
    leads = [(one.lead_id, microseconds(one.as_of) if one.as_of else now()) for one in request.leads]
    frame = pd.DataFrame([_row(one, as_of) for one, (_, as_of) in zip(request.leads, leads, strict=True)])
    return {"scores": MODEL.answers(leads, frame[MODEL.names].to_numpy(np.float64))}


def _row(lead: Lead, as_of: int) -> dict[str, float]:
    frame = pd.DataFrame(
        [one.model_dump() for one in lead.activities], columns=["activity_type", "occurred_at", "recorded_at"]
    )
    frame["kind"] = frame["activity_type"].str.casefold().str.split().str.join(" ")
    occurred = [microseconds(text) for text in frame["occurred_at"]]
    frame["occurred"] = pd.Series(occurred, dtype="int64")
    recorded = [
        microseconds(text) if text else moment
        for text, moment in zip(frame["recorded_at"], occurred, strict=True)
    ]
    frame["recorded"] = pd.Series(recorded, dtype="int64")
    frame = frame[
        (frame["occurred"] <= as_of) & (frame["recorded"] <= as_of) & ~frame["kind"].isin(MODEL.unused)
    ]
    age = as_of - frame["occurred"]
    counts = {window: frame[age < window]["kind"].value_counts() for window in MODEL.windows}
    ever, latest = frame["kind"].value_counts(), frame.groupby("kind")["occurred"].max()
    found: dict[str, float] = {}
    for one in MODEL.features:
        if one["kind"] == "field_number":
            found[one["name"]] = number(lead.fields.get(one["field"]))
        elif one["kind"].endswith("age"):
            moment = latest.get(one["label"]) if one["label"] else frame["occurred"].max()
            found[one["name"]] = float("nan") if moment is None or pd.isna(moment) else (as_of - moment) / DAY
        else:
            seen = ever if one["window"] is None else counts[round(one["window"] * DAY)]
            found[one["name"]] = seen.get(one["label"], 0) if one["label"] else seen.sum()
    return found

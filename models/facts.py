"""What a bundle says of itself beside trees and features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.calibration.interval import RateInterval
from models.calibration.kinds import Calibration
from models.calibration.none import NoCalibration


class ModelFacts(BaseModel):
    """Everything about a trained model that scoring needs or people ask for; JSON in the bundle.

    ``standing`` says on which rung of the ladder the model stands, and why; ``rounds`` how many trees it has.
    ``calibration`` makes probabilities of raw scores, and ``interval`` says between which rates leads of a
    probability convert in a later period, if forward folds could tell; ``cut_off`` is the least probability
    that is handed to sales; ``lead_columns`` the columns of ``leads`` known when the model was trained, so
    that a new one can be reported; ``known_ids`` the ids that the agreement's references lead to, by
    ``table.column``; ``left_out`` what the leakage audit kept from the model, with the reasons
    (`models.leakage.suspects`); ``trained_on`` figures for people (leads, conversions, moments).
    ``data_hash`` is that of the checked tables; what the twin (`models.twin`) learned from was all known
    at ``twin_knows_until`` (microseconds).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    horizon_days: int
    feature_names: tuple[str, ...]
    feature_fingerprint: str
    agreement_version: str
    calibration: Calibration = NoCalibration()
    interval: RateInterval | None = None
    rounds: int = Field(default=0, ge=0)
    standing: str = ""
    cut_off: float
    lead_columns: tuple[str, ...]
    known_ids: Mapping[str, tuple[str, ...]] = {}
    left_out: Mapping[str, Any] = {}
    trained_on: Mapping[str, int | float | str] = {}
    data_hash: str = ""
    twin_knows_until: int | None = None

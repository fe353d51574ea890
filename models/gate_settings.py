"""What a challenger has to keep to, whoever it is compared with."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class GateSettings(BaseModel):
    """The section ``gate`` of params.yaml.

    Conversions are counted in leads. Losses and gains are log-loss in nats for each lead.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversions_at_least: int = Field(default=20, ge=1)
    auc_at_least: float = Field(default=0.55, ge=0, le=1)
    auc_at_most: float = Field(default=0.97, ge=0, le=1)
    one_feature_at_most: float = Field(default=0.8, gt=0, le=1)
    calibration_error_at_most: float = Field(default=0.05, ge=0, le=1)
    calibration_worse_at_most: float = Field(default=0.01, ge=0, le=1)
    slice_conversions_at_least: int = Field(default=20, ge=1)
    slice_worse_at_most: float = Field(default=0.005, ge=0)
    stretches: int = Field(default=4, ge=2)
    leads_at_most: int = Field(default=20_000, ge=100)

"""What every calibration is: a strictly increasing function of the raw score, kept as JSON."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.log_odds import probability_of

Floats = NDArray[np.float64]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Form(BaseModel):
    """From a raw score in log-odds to the probability that it means.

    It is strictly increasing: the calibrated probability ranks leads just as the raw score does, and two
    leads are tied only if their raw scores are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str

    def log_odds(self, raw: Floats) -> Floats:
        """Return the calibrated log-odds of raw scores; each row's are the same in any company."""
        raise NotImplementedError

    def probability(self, raw: Floats) -> Floats:
        """Return the probability that belongs to raw scores."""
        return probability_of(self.log_odds(raw))

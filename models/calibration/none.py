"""No calibration."""

from __future__ import annotations

from typing import Literal

from typing_extensions import override

from models.calibration.form import Floats, Form


class NoCalibration(Form):
    """Leaves the score as it is, to the last bit."""

    kind: Literal["none"] = "none"

    @override
    def log_odds(self, raw: Floats) -> Floats:
        return raw

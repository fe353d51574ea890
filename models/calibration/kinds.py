"""All calibrations there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import Field, TypeAdapter

from models.calibration.beta import Beta, fit_beta
from models.calibration.form import Floats
from models.calibration.isotonic import Isotonic, fit_isotonic
from models.calibration.none import NoCalibration
from models.calibration.platt import Platt, fit_platt
from models.calibration.venn_abers import VennAbers, fit_venn_abers
from models.metrics import Labels

Calibration: TypeAlias = Annotated[
    NoCalibration | Platt | Beta | VennAbers | Isotonic, Field(discriminator="kind")
]

FITS: Final[Mapping[str, Callable[[Floats, Labels, Floats], Calibration | None]]] = {
    "platt": fit_platt,
    "beta": fit_beta,
    "venn_abers": fit_venn_abers,
    "isotonic": fit_isotonic,
}
"""What fits each kind to scores, labels and weights, from the plainest to the one that bends most."""

IN_WORDS: Final[Mapping[str, str]] = {
    "none": "none: the scores mean what they say as they are",
    "platt": "a straight line in log-odds (Platt)",
    "beta": "a beta curve",
    "venn_abers": "Venn-Abers",
    "isotonic": "isotonic steps",
}

_READER: Final[TypeAdapter[Calibration]] = TypeAdapter(Calibration)


def calibration_from_json(data: object) -> Calibration:
    """Read a calibration that was written as JSON.

    Raises:
        pydantic.ValidationError: It is no calibration, or one that falls somewhere.
    """
    return _READER.validate_python(data)

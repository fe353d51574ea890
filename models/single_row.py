"""One row through LightGBM's trees, without what it takes to get ready for many."""

from __future__ import annotations

import ctypes
import weakref
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from models.bins import Floats

if TYPE_CHECKING:
    from lightgbm import Booster

What = Literal["raw_score", "contributions"]

_ALONE: Final = b"num_threads=1"


class SingleRow:
    """A booster made ready, once, to be asked for the score of a row, or for its contributions.

    The answer is that of `Booster.predict` to the last bit: the same code of LightGBM's walks the trees. But
    that sets up each prediction anew, which for one row is most of the time. Any number of threads may ask.
    """

    def __init__(self, booster: Booster, what: What) -> None:
        from lightgbm import basic

        self._booster, self._what = booster, what
        self._columns = booster.num_feature()
        self._answers = 1 if what == "raw_score" else self._columns + 1
        self._ready = ctypes.c_void_p()
        self._ask, self._require = basic._LIB.LGBM_BoosterPredictForMatSingleRowFast, basic._safe_call
        kind = basic._C_API_PREDICT_RAW_SCORE if what == "raw_score" else basic._C_API_PREDICT_CONTRIB
        self._require(
            basic._LIB.LGBM_BoosterPredictForMatSingleRowFastInit(
                booster._handle,
                ctypes.c_int(kind),
                ctypes.c_int(0),
                ctypes.c_int(-1),
                ctypes.c_int(basic._C_API_DTYPE_FLOAT64),
                ctypes.c_int32(self._columns),
                ctypes.c_char_p(_ALONE),
                ctypes.byref(self._ready),
            )
        )
        weakref.finalize(self, basic._LIB.LGBM_FastConfigFree, self._ready)

    def __call__(self, matrix: Floats) -> Floats:
        """Return what is asked of a matrix of one row: of shape (1,), or (1, features + 1)."""
        row = np.ascontiguousarray(matrix, np.float64)
        if row.shape != (1, self._columns):
            raise ValueError(f"one row of {self._columns} features is asked for; found {row.shape}")
        found, count = np.empty(self._answers), ctypes.c_int64()
        self._require(self._ask(self._ready, _address(row), ctypes.byref(count), _address(found)))
        return found if self._what == "raw_score" else found[np.newaxis]

    def __reduce__(self) -> tuple[type[SingleRow], tuple[Booster, What]]:
        # What is ready stands in this process's memory.
        return SingleRow, (self._booster, self._what)


def _address(array: Any) -> ctypes.c_void_p:  # noqa: ANN401 - an array of any shape
    return ctypes.c_void_p(array.ctypes.data)

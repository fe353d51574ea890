"""Rows as tables that say which columns are categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.training_rows import TrainingRows

if TYPE_CHECKING:
    import pandas as pd


def frame_of(rows: TrainingRows) -> pd.DataFrame:
    """Return the features: numbers as they are, categories as texts of the kind ``category``."""
    import pandas as pd

    frame = pd.DataFrame(rows.matrix, columns=list(rows.names))
    return frame.assign(**{name: _labels(frame[name]) for name in rows.categorical})


def _labels(codes: pd.Series) -> pd.Categorical:
    """Return a label for each code; every code up to the largest is known, also of rows not at hand."""
    import pandas as pd

    whole = codes.fillna(-1).to_numpy(np.int64)
    return pd.Categorical.from_codes(whole, [f"c{code}" for code in range(int(whole.max(initial=0)) + 1)])

"""Whether bundle, rows, predictions and figures are of one training: nobody is judged on other data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.moments import DAY
from features.records import Records, Snapshots
from models.bundle import Bundle
from models.differences import agreements_apart
from models.evaluation import OWN
from models.metrics import Floats, auc, log_loss
from models.outcomes import reached_at
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.provenance import files_hash
from pipeline.training import read_features

CLOSE: Final = 1e-9
AGAIN: Final = "run `dvc repro`, and promote what it leaves"


class BelongingError(BatonError):
    """A model was evaluated on other data than its own; no reason overrules that."""


def require_own_data(project: Project, bundle: Bundle) -> None:
    """Refuse a bundle of other features, another agreement or other tables than the project's.

    Raises:
        BatonError: as said.
    """
    bundle.features.require(read_features(project))
    if bundle.agreement.fingerprint != project.agreement.fingerprint:
        changes = agreements_apart(bundle.agreement, project.agreement)
        found = f"version {bundle.agreement.version} in the bundle, and since then: {changes}"
        raise BelongingError("a bundle was made under the agreement in force", found, AGAIN)
    tables = files_hash(project.tables)
    if bundle.facts.data_hash != tables:
        found = f"data {bundle.facts.data_hash[:12]} in the bundle and {tables[:12]} in {project.tables}"
        raise BelongingError("a bundle is judged on the data that it was built from", found, AGAIN)


def require_own_window(
    predicted: NDArray[np.intp], judged: NDArray[np.intp], bundle: Bundle, known: int
) -> None:
    """Refuse predictions of other rows than the forward test's, and a twin that says it knows other ones.

    ``known`` is when all outcomes of the rows before the test were.

    Raises:
        BelongingError: as said.
    """
    rule = "a model is judged on the whole forward window that params.yaml cuts, and on nothing else"
    if not np.array_equal(predicted, judged):
        found = (
            f"predictions of {len(predicted):,} rows where the window has {len(judged):,}, or of other ones"
        )
        raise BelongingError(rule, found, AGAIN)
    if bundle.facts.twin_knows_until != known:
        raise BelongingError(rule, "a twin that learned from other rows than those before it", AGAIN)


def require_own_figures(
    rows: TrainingRows, own: Floats, said: Mapping[str, Floats], metrics: Mapping[str, Any]
) -> None:
    """Refuse predictions that are not the twin's, and figures that are not those of the predictions.

    Raises:
        BelongingError: as said.
    """
    apart = float(np.abs(own - said[OWN]).max())
    if not apart <= CLOSE:
        found = f"predictions up to {apart:.2g} apart from what the bundle's twin says of the same rows"
        raise BelongingError("the predictions evaluated are those of the bundle", found, AGAIN)
    judged = rows.label, rows.weight
    for name, probability in said.items():
        for figure, measure in (("log_loss", log_loss), ("auc", auc)):
            told, true = metrics["scorers"][name][figure], measure(probability, *judged)
            if not np.isclose(told, true, rtol=0, atol=CLOSE, equal_nan=True):
                found = f"{figure} of {name} {told:.6f} instead of {true:.6f}"
                raise BelongingError("reports/metrics.json tells of the bundle's forward test", found, AGAIN)


def require_own_rows(bundle: Bundle, rows: TrainingRows, records: Records, snapshots: Snapshots) -> None:
    """Refuse rows that the checked tables do not give: other features, or other outcomes.

    Raises:
        BelongingError: as said.
    """
    reached = reached_at(records, bundle.agreement)[snapshots.lead]
    label = reached <= snapshots.as_of + bundle.facts.horizon_days * DAY
    matrix = bundle.features.matrix(records, snapshots, bundle.reference)
    wrong = (label != rows.label) | ~((matrix == rows.matrix) | np.isnan(matrix) & np.isnan(rows.matrix)).all(
        1
    )
    if wrong.any():
        found = f"{int(wrong.sum()):,} of {len(rows):,} rows that the checked tables do not give"
        raise BelongingError("the rows of the forward test come from the checked tables", found, AGAIN)

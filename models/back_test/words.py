"""The back-test in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from models.back_test.hindsight import Month, Total
from models.back_test.periods import Kind, counted

NOTHING = (
    "No past {kind} could be replayed. That takes a {kind} whose outcomes are all known, and before it "
    "enough known outcomes for a model to learn from and be tested on: about three horizons of history."
)


def summary(months: Sequence[Month], total: Total | None, kind: Kind) -> str:
    """Say what was expected and what came, how leads were ranked, and what was gained."""
    if total is None:
        return NOTHING.format(kind=kind)
    parts = [
        f"Over {counted(len(months), kind)} the models expected {total.expected:,.0f} leads to convert, "
        f"and {total.observed:,.0f} did.",
        f"In {total.true_months} of {len(months)} the expected rate lay within the 95 % interval of the "
        "observed one.",
    ]
    aucs = [month.auc.value for month in months if month.auc]
    if aucs:
        spread = f"{min(aucs):.3f} to {max(aucs):.3f}" if len(aucs) > 1 else f"{aucs[0]:.3f}"
        parts.append(f"Leads were ranked with an AUC of {spread}.")
    better = sum(month.gain.low > 0 for month in months)
    parts.append(f"In {better} of {len(months)} the model was surely better than the base rate known then.")
    return " ".join(parts)

"""Where Baton stands among its rivals on one data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.model_quality.figures import LOWER_IS_BETTER, METRICS, Figure, figure
from benchmarks.model_quality.runs import Run
from models.evaluation import OWN
from models.metrics import Floats
from models.paired import Interval
from models.training_rows import TrainingRows


@dataclass(frozen=True)
class Standing:
    """Baton's place by one metric.

    ``rank`` of each rival, 1 being the best; ``leads`` by how much Baton is better than each, with the paired
    interval; ``ahead`` are those that are surely better. ``verdict`` is `first`, `within the noise of first`
    or `behind`: whether the best of the others is surely better. As it is picked by its luck, too, that is
    hard on Baton.
    """

    figures: Mapping[str, Figure]
    rank: Mapping[str, int]
    leads: Mapping[str, Interval]
    ahead: Sequence[str]
    verdict: str

    def to_json(self) -> dict[str, Any]:
        """Return the standing as JSON."""
        return {
            "figures": {
                name: {**asdict(one.value), "over_seeds": one.over_seeds}
                for name, one in self.figures.items()
            },
            "rank": dict(self.rank),
            "leads": {name: asdict(one) for name, one in self.leads.items()},
            "ahead": list(self.ahead),
            "verdict": self.verdict,
        }


def standings(test: TrainingRows, runs: Mapping[str, Sequence[Run]]) -> dict[str, Standing]:
    """Return Baton's standing by each metric."""
    predicted = {name: [one.probability for one in several] for name, several in runs.items()}
    return {metric: _standing(metric, test, predicted) for metric in METRICS}


def _standing(metric: str, test: TrainingRows, predicted: Mapping[str, Sequence[Floats]]) -> Standing:
    figures = {name: figure(metric, test, by_seed) for name, by_seed in predicted.items()}
    order = sorted(figures, key=lambda name: figures[name].value.value, reverse=metric not in LOWER_IS_BETTER)
    others = [name for name in order if name != OWN]
    own, lower = figures[OWN], metric in LOWER_IS_BETTER
    leads = {name: own.lead_on(figures[name], lower) for name in others}
    ahead = [name for name in others if leads[name].high < 0]
    rank = {name: place for place, name in enumerate(order, 1)}
    return Standing(figures, rank, leads, ahead, _verdict(rank[OWN], others, ahead))


def _verdict(own_rank: int, others: Sequence[str], ahead: Sequence[str]) -> str:
    if own_rank == 1:
        return "first"
    return "behind" if others[0] in ahead else "within the noise of first"

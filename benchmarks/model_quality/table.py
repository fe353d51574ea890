"""The figures of one data set, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from benchmarks.model_quality.runs import Run
from benchmarks.model_quality.task import Task
from benchmarks.model_quality.verdict import Standing
from models.evaluation import OWN
from models.paired import Interval

TITLES: Final = {"auc": "AUC", "average_precision": "average precision", "log_loss": "log-loss"}


def heading(task: Task) -> str:
    """Return what the rows are."""
    sides = (
        f"{len(set(rows.lead.tolist())):,} leads, {rows.weight @ rows.label:,.0f} converted"
        for rows in (task.train, task.test)
    )
    learned, judged = sides
    return f"\n{task.name}: {len(task.train.names)} columns; learned from {learned}; judged by {judged}"


def lines(
    runs: Mapping[str, Sequence[Run]], absent: Mapping[str, str], found: Mapping[str, Standing]
) -> Iterator[str]:
    """Yield the table: each metric with its interval, and by how much Baton is better than each rival."""
    first = found["log_loss"]
    yield (
        f"{'':20}"
        + "".join(f"{title:>25} {'seeds':>6}" for title in TITLES.values())
        + f"{'Baton better by, log-loss':>29}{'by, AUC':>27}{'rank':>6}{'seconds':>9}{'CPU':>7}  kind"
    )
    for name in sorted(runs, key=first.rank.__getitem__):
        told = "".join(_figure(found[metric], name) for metric in TITLES)
        ahead = "".join(f"{_lead(found[metric].leads.get(name)):>27}" for metric in ("log_loss", "auc"))
        took = [sum(times) / len(runs[name]) for times in zip(*map(_times, runs[name]), strict=True)]
        kinds = " / ".join(dict.fromkeys(one.note for one in runs[name]))
        yield f"{name:20}{told}  {ahead}{first.rank[name]:>6}{took[0]:9.1f}{took[1]:7.1f}  {kinds}"
    for name, why in absent.items():
        yield f"{name:20} not run, because {why}"
    if OWN in runs:
        for metric, one in found.items():
            surely = f"; surely better: {', '.join(one.ahead)}" if one.ahead else ""
            place = f"rank {one.rank[OWN]} of {len(one.rank)}"
            yield f"Baton by {TITLES[metric]}: {one.verdict} ({place}){surely}"


def _figure(one: Standing, name: str) -> str:
    value = one.figures[name].value
    told = f"{value.value:.4f} [{value.low:.4f} {value.high:.4f}]"
    return f"{told:>25} {one.figures[name].over_seeds:6.4f}"


def _lead(lead: Interval | None) -> str:
    return "" if lead is None else f"{lead.value:+.4f} [{lead.low:+.4f} {lead.high:+.4f}]"


def _times(run: Run) -> tuple[float, float]:
    return run.seconds, run.cpu_seconds

"""One lead of a project, read back from its checked tables, with its features traced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from data_checks.errors import BatonError
from data_checks.tables import SHAPES, CrmHistory
from features.from_history import records_from_history
from features.moments import NEVER, to_time
from features.trace import Source, Traced, trace
from features.trace_json import source_json
from features.wording import words
from pipeline.project import Project
from pipeline.training import read_features, read_reference

if TYPE_CHECKING:
    import pandas as pd


def traced_lead(project: Project, lead_id: str, as_of: int) -> tuple[Traced, ...]:
    """Return all features of a lead as of a moment, each with the records that its value came from.

    Raises:
        BatonError: The checked tables have no such lead.
    """
    history = _history_of(project, lead_id)
    if not len(history.leads):
        raise BatonError(
            "a lead that is traced is among the checked ones",
            repr(lead_id),
            f"look for it in {project.tables}, or under {project.quarantine} with the reasons",
        )
    records = records_from_history(history)
    return trace(read_features(project), records, as_of, read_reference(project))


def only(traced: Sequence[Traced], names: Collection[str] | None) -> tuple[Traced, ...]:
    """Return the features of some names, or all if no names are given.

    Raises:
        BatonError: There is no feature of a name.
    """
    known = {one.feature.name for one in traced}
    if unknown := sorted(set(names or ()) - known):
        raise BatonError(
            "--feature names one of the project's features",
            ", ".join(map(repr, unknown)),
            "`baton features` lists them",
        )
    return tuple(one for one in traced if not names or one.feature.name in names)


def lines_of(traced: Iterable[Traced], most: int) -> Iterator[str]:
    """Yield a trace as people read it, with the ``most`` newest records of each value."""
    family = ""
    for one in traced:
        if one.feature.family != family:
            family = one.feature.family
            yield f"\n{family}"
        yield f"  {one.feature.name}: {one.feature.told(one.value)}"
        shown = one.sources[-most:] if most else ()
        for source in shown:
            yield f"      {_line(source)}"
        if more := len(one.sources) - len(shown):
            yield f"      and {more} more"


def json_of(traced: Iterable[Traced]) -> list[dict[str, object]]:
    """Return a trace as plain data."""
    return [
        {
            "feature": one.feature.name,
            "family": one.feature.family,
            "sentence": one.feature.sentence,
            "value": one.feature.shown(one.value),
            "sources": [source_json(source) for source in one.sources],
        }
        for one in traced
    ]


def _history_of(project: Project, lead_id: str) -> CrmHistory:
    paths = {name: project.tables / f"{name}.parquet" for name in SHAPES}
    frames = {name: _rows_of(str(path), lead_id) for name, path in paths.items() if path.exists()}
    return CrmHistory(**frames, absent=frozenset(SHAPES) - frozenset(frames))


def _rows_of(path: str, lead_id: str) -> pd.DataFrame:
    import pandas as pd
    import pyarrow.parquet as pq

    has_leads = "lead_id" in pq.read_schema(path).names
    return pd.read_parquet(path, filters=[("lead_id", "==", lead_id)] if has_leads else None)


def _line(source: Source) -> str:
    says = ", ".join(f"{words(name).lower()} {text!r}" for name, text in source.says)
    when = _told(source.occurred)
    late = source.known > source.occurred
    known = f" (known {_told(source.known)})" if late else ""
    return " ".join(part for part in (source.table, f"{when}{known}:" if when else "", says) if part).rstrip(
        ":"
    )


def _told(moment: int) -> str:
    return "" if moment == NEVER else f"{to_time(moment):%Y-%m-%d %H:%M}"

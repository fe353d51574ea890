"""The CRM's own columns of ``leads``: which are kept, and under what name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from data_checks.tables import SHAPES
from pipeline.sources.column_rule import ColumnRule
from pipeline.sources.errors import MappingError, listed
from pipeline.sources.mapping import TableRule
from pipeline.sources.source_columns import SourceColumns


def snake_case(name: str) -> str:
    """Return a column's name in lower-case letters, digits and underscores.

    >>> snake_case("Page Views Per Visit"), snake_case("TotalVisits"), snake_case("Größe (m²)")
    ('page_views_per_visit', 'total_visits', 'grosse_m2')
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")


def custom_columns(part: TableRule, own: tuple[str, ...], columns: SourceColumns) -> Mapping[str, ColumnRule]:
    """Return the rules of the columns of ``own``, the names of the leads' file, that nothing else uses.

    What tells an outcome, an order or a case is used; so is a column that carries a name of the table.

    Raises:
        MappingError: when two columns would get one name, or a column to drop is not there.
    """
    for name in part.drop:
        columns.named(name, "drop")
    if part.other_columns == "drop":
        return {}
    used = {name for rule in part.rules.values() for name in rule.sources}
    used |= {name for outcome in part.outcome for name in outcome.sources}
    used |= {part.one_row_per or "", *part.drop, *SHAPES["leads"].columns}
    rename = snake_case if part.other_columns == "snake_case" else str
    kept = [(rename(name), name) for name in own if name not in used]
    taken = Counter([*(new for new, _ in kept), *part.columns])
    for new, name in kept:
        if taken[new] > 1 or not new:
            raise MappingError(
                f"each column of leads gets a name of its own from {columns.file}",
                f"{new!r} for {listed(old for other, old in kept if other == new)}",
                f"name {name!r} under {columns.where}.columns, or drop it",
            )
    return {new: ColumnRule(column=name) for new, name in kept}

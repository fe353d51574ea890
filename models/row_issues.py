"""What a check of tables found in the activities and stage changes of leads, told with their scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from data_checks.findings import Checked
from data_checks.instant import Issue
from data_checks.rows_of_lead import ROW_TABLES
from models.scorer import LeadScore


def with_row_issues(scores: Iterable[LeadScore], checked: Checked) -> tuple[LeadScore, ...]:
    """Return the scores with an issue for each reason that rows of the lead were set aside or flagged for.

    The endpoint names each row by its place in the request; here the rows are in the quarantine, and
    an issue says how many they are.
    """
    found: dict[str, list[Issue]] = {}
    for lead_id, issue in (*_set_aside(checked), *_flagged(checked)):
        found.setdefault(lead_id, []).append(issue)
    return tuple(score.with_issues(tuple(found.get(score.lead_id, ()))) for score in scores)


def _set_aside(checked: Checked) -> Iterator[tuple[str, Issue]]:
    for table in ROW_TABLES:
        rows = checked.quarantined.get(table)
        if rows is None:
            continue
        named = rows[rows["lead_id"].notna()]
        counts = Counter(zip(named["lead_id"], named["reasons"], strict=True))
        for (lead_id, reasons), count in sorted(counts.items()):
            message = f"{count:,} of the {table.replace('_', ' ')} were not used: {reasons}"
            yield lead_id, Issue(table, "set_aside", message, "flag")


def _flagged(checked: Checked) -> Iterator[tuple[str, Issue]]:
    flags = checked.flags[checked.flags["field"].str.startswith(tuple(f"{table}." for table in ROW_TABLES))]
    for row in flags.sort_values(["lead_id", "field", "rule"]).itertuples(index=False):
        yield str(row.lead_id), Issue(str(row.field), str(row.rule), str(row.message), "flag")

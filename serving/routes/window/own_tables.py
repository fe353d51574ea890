"""What Baton handed over in a month, as tables for the page of the month and for its report."""

from __future__ import annotations

from serving.figures.own_handoffs import OwnHandoffs
from serving.figures.table import Column, Table

_RETURNED = {"rejected": "Rejected", "recycled": "Recycled"}


def own_table(own: OwnHandoffs) -> Table:
    """Return the hand-offs by grade as a table."""
    columns = (
        Column("grade", "Grade", meaning="The grade that the lead was handed over with."),
        Column("promised_hours", "Promised", "hours", "Working hours to first contact, as agreed."),
        Column("handed", "Handed over", "count", "Hand-offs that Baton opened in this month."),
        Column("in_time", "Answered in time", "share", "Of those that were answered or whose time is over."),
        Column("late", "Late", "count", "Answered after their time."),
        Column("missed", "Never", "count", "Not answered at all, though their time is over."),
        Column("waiting", "Still time", "count", "Not due yet, or without a due time."),
        Column("accepted", "Accepted", "share", "Of those answered, by what sales said last."),
        Column("hours", "Half within", "hours", "Median of the working hours to the first answer."),
    )
    rows = tuple(
        tuple({**vars(one.contact), "accepted": one.accepted}[column.name] for column in columns)
        for one in own.grades
    )
    return Table("own-handoffs", "Hand-offs by Baton", columns, rows, "Baton handed nothing over.")


def returned_table(own: OwnHandoffs) -> Table:
    """Return why sales gave hand-offs back."""
    columns = (
        Column("answer", "Answer"),
        Column("reason", "Reason", meaning="In the words of the agreement."),
        Column("leads", "Leads", "count"),
    )
    rows = tuple((_RETURNED[verdict], reason, leads) for verdict, reason, leads in own.returned)
    return Table("own-returned", "Given back by sales", columns, rows, "Nothing was given back.")

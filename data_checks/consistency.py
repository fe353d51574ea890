"""What must hold between the parts of an agreement; each function returns the clashes it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from data_checks.clause import Clause
from data_checks.faults import Clash, meant
from data_checks.folding import fold
from data_checks.row_clauses import OnScale, Reference
from data_checks.scales import BUILT_IN, Scale, scale_named
from data_checks.stages import StageName, has_reached
from data_checks.tables import SHAPES

ACTIVITY_TYPE = "activity_type:"
# Every snapshot is a lead and an age: without them there is nothing to score.
_INDISPENSABLE: Final = SHAPES["leads"].required


def between_stages(stages: Mapping[StageName, Sequence[str]]) -> Iterator[Clash]:
    """A value of the CRM means one stage."""
    owner: dict[str, str] = {}
    for stage, values in stages.items():
        for number, value in enumerate(values):
            other = owner.setdefault(fold(value), f"{stage}[{number}]")
            if other != f"{stage}[{number}]":
                step = f"it also stands at stages.{other}: leave it at one of them"
                yield Clash((stage, number), value, "a value of the CRM means one stage", step)


def of_target(stage: StageName, stages: Mapping[StageName, Sequence[str]]) -> Iterator[Clash]:
    """The CRM has a value by which the target, or a later stage, can be seen."""
    if not any(values and has_reached(other, stage) for other, values in stages.items()):
        rule = "the target is a stage that has values under stages, or a later one has"
        yield Clash(("stage",), stage, rule, f"add the CRM's values for {stage} under stages")


def of_scales(scales: Mapping[str, Sequence[str]]) -> Iterator[Clash]:
    """A scale has a name of its own and at least two ratings, each once."""
    for name, ratings in scales.items():
        if name in BUILT_IN:
            yield Clash((name,), name, f"{', '.join(BUILT_IN)} are built in", "choose another name")
        distinct = {Scale(name, tuple(ratings)).rating(rating) for rating in ratings}
        if len(distinct) < 2 or len(distinct) < len(ratings):
            rule = "a scale has two ratings or more, best first, each once"
            yield Clash((name,), list(ratings), rule, "correct the list")


def of_clauses(clauses: Sequence[Clause], scales: Mapping[str, Sequence[str]]) -> Iterator[Clash]:
    """A clause speaks of tables, columns and scales that there are, and is not written twice."""
    for number, clause in enumerate(clauses):
        if clause in clauses[:number]:
            step = f"it also stands at lead_data[{list(clauses).index(clause)}]: remove one of the two"
            yield Clash((number,), clause.field, "a clause is written once", step)
        if not SHAPES[clause.table].custom:
            yield from _of_column((number, "field"), clause.table, clause.field)
        if isinstance(clause, Reference):
            yield from _of_reference((number, "to"), clause.to)
        if isinstance(clause, OnScale):
            yield from _of_floors(number, clause, scales)


def of_grades(grades: Mapping[str, float]) -> Iterator[Clash]:
    """Grades fall strictly, and the last takes all that is left."""
    for (better, upper), (worse, lower) in pairwise(grades.items()):
        if lower >= upper:
            rule = f"grades fall: {worse} begins below {better} ({upper:g})"
            yield Clash((worse,), lower, rule, "order the grades from best to worst")
    if not grades or list(grades.values())[-1] != 0:
        rule = "there are grades, and the last begins at 0, so that every lead has one"
        yield Clash((), dict(grades), rule, "end with a grade like D: 0")


def of_contact(hours: Mapping[str, float], grades: Mapping[str, float]) -> Iterator[Clash]:
    """A time to first contact is promised to a grade that there is."""
    for grade in hours:
        if grade not in grades:
            close = meant(grade, grades)
            step = f"write {close!r}, if that is meant" if close else "add the grade, or take the promise out"
            yield Clash(("first_contact_hours", grade), grade, f"the grades are {', '.join(grades)}", step)


def of_never_use(entries: Sequence[str]) -> Iterator[Clash]:
    """An entry is a column of leads, or a type of activity."""
    for number, entry in enumerate(entries):
        yield from _of_entry((number,), entry)
        if entry in _INDISPENSABLE:
            rule = f"{' and '.join(_INDISPENSABLE)} are needed to tell leads and their ages"
            yield Clash((number,), entry, rule, "take it out; no score looks at the id or at the date itself")
        if entry in entries[:number]:
            yield Clash((number,), entry, "an entry comes once", "remove one of the two")


def of_known_at(entries: Iterable[str], never_use: Sequence[str]) -> Iterator[Clash]:
    """An entry is a column of leads or a type of activity, and not one that is never used."""
    unused = {_folded(entry) for entry in never_use}
    for entry in entries:
        yield from _of_entry((entry,), entry)
        if _folded(entry) in unused:
            yield Clash(
                (entry,), entry, "what is never used is not vouched for", "leave it at one of the two"
            )


def _folded(entry: str) -> str:
    """Return an entry as it compares: types of activity fold, columns do not."""
    return fold(entry) if entry.startswith(ACTIVITY_TYPE) else entry


def _of_entry(place: tuple[str | int, ...], entry: str) -> Iterator[Clash]:
    if ":" in entry and not entry.removeprefix(ACTIVITY_TYPE).strip():
        yield Clash(place, entry, "an activity type has a name", f"write {ACTIVITY_TYPE}Email Opened")
    elif ":" in entry and not entry.startswith(ACTIVITY_TYPE):
        rule = f"an entry is a column of leads, or {ACTIVITY_TYPE} and a type"
        yield Clash(place, entry, rule, f"write the column alone, or {ACTIVITY_TYPE}Email Opened")


def _of_column(place: tuple[str | int, ...], table: str, column: str) -> Iterator[Clash]:
    columns = SHAPES[table].columns
    if column not in columns:
        close = meant(column, columns)
        step = f"write {close!r}, if that is meant" if close else "choose one of them"
        yield Clash(place, column, f"{table} has the columns {', '.join(columns)}", step)


def _of_reference(place: tuple[str | int, ...], to: str) -> Iterator[Clash]:
    table, _, column = to.partition(".")
    if table not in SHAPES:
        close = meant(table, SHAPES)
        step = f"write '{close}.{column}', if that is meant" if close else "choose one of them"
        yield Clash(place, to, f"the tables are {', '.join(SHAPES)}", step)
    elif not SHAPES[table].custom:
        yield from _of_column(place, table, column)


def _of_floors(number: int, clause: OnScale, scales: Mapping[str, Sequence[str]]) -> Iterator[Clash]:
    scale = scale_named(clause.scale, {name: tuple(ratings) for name, ratings in scales.items()})
    if scale is None:
        names = [*BUILT_IN, *scales]
        close = meant(clause.scale, names)
        step = (
            f"write {close!r}, if that is meant" if close else "add the scale under scales, best rating first"
        )
        yield Clash((number, "scale"), clause.scale, f"the scales are {', '.join(names)}", step)
        return
    for floor in clause.at_least:
        if scale.rating(floor) is None:
            rule = f"a floor is a rating of {clause.scale}: {', '.join(scale.ratings)}"
            yield Clash((number, "at_least"), floor, rule, "choose one of them")

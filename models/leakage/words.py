"""Evidence from words: names and values that speak of what happened after the lead came in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from data_checks.row_clauses import OnScale
from models.leakage.evidence import Evidence
from models.leakage.facts import Column, Facts

AS_OF_EXPORT: Final = frozenset(
    {"last", "latest", "recent", "modified", "updated", "changed", "closed", "count"}
)
JUDGEMENT: Final = frozenset(
    {
        "quality",
        "profile",
        "score",
        "index",
        "grade",
        "rating",
        "rank",
        "status",
        "tag",
        "tags",
        "note",
        "notes",
    }
    | {"remark", "remarks", "comment", "comments", "disposition", "propensity", "probability", "outcome"}
    | {"result"}
)
LATER_WORDS: Final = frozenset(
    {"closed", "won", "lost", "converted", "enrolled", "signed", "approved", "declined", "rejected"}
    | {"unqualified", "disqualified", "unreachable", "ringing", "hangup", "busy", "unsubscribed", "bounced"}
    | {"modified", "revert"}
)
PLAIN_FACTS: Final = frozenset(
    {"marital", "civil", "employment", "credit", "employee", "employees", "head", "staff", "seat", "seats"}
    | {"user", "users", "office", "offices", "store", "stores", "location", "locations", "name", "price"}
)
"""Words of plain facts about a person or a company: marital status, employee count, last name."""

LABELS_SHARE: Final = 0.2
_WORD: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def words(facts: Facts, column: Column) -> Iterator[Evidence]:
    """The name, or what a good part of the values say, tells of the export or of dealings with the lead.

    A hint and never more. The name of a plain fact (a marital status, an employee count) is let pass, and
    so is a rating on a scale that the agreement has a clause for.
    """
    name = words_of(column.name)
    plain = bool(name & PLAIN_FACTS) or _is_agreed_scale(facts, column)
    as_of_export, judgement = (sorted(name & listed) for listed in (AS_OF_EXPORT, JUDGEMENT))
    if as_of_export and not plain:
        said, share = f"Its name says “{as_of_export[0]}”, as of the export", 1.0
    elif judgement and not plain:
        said, share = f"Its name says “{judgement[0]}”, a judgement that somebody or something made", 1.0
    else:
        share = _share_of_later_words(column)
        said = f"{share:.0%} of its values speak of later dealings with the lead"
    if share >= LABELS_SHARE:
        yield Evidence("words", "hint", f"{said}.", {"share": share})


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name, in lower case.

    >>> sorted(words_of("lastModifiedDate")), sorted(words_of("lead_quality"))
    (['date', 'last', 'modified'], ['lead', 'quality'])
    """
    return frozenset(word.lower() for word in _WORD.findall(_CAMEL.sub("_", name)))


def _is_agreed_scale(facts: Facts, column: Column) -> bool:
    clauses = (clause for clause in facts.agreement.lead_data if isinstance(clause, OnScale))
    return any(clause.field == column.name for clause in clauses)


def _share_of_later_words(column: Column) -> float:
    codes = column.texts.codes[column.filled]
    if not len(codes):
        return 0.0
    uses = np.bincount(codes, minlength=len(column.texts.labels))
    speaks = [bool(LATER_WORDS & set(_WORD.findall(label))) for label in column.texts.labels]
    return float(uses[np.array(speaks, np.bool_)].sum() / len(codes))

"""The lead data parameters of an agreement: one model per rule, told apart by ``rule``."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from data_checks.clause import Breach, Clause, RowClause, TableClause, TableName, Terms
from data_checks.row_clauses import Allowed, OnScale, Pattern, Range, Recent, Reference, Required, Type
from data_checks.table_clauses import Freshness, MissingShare, Unique

AnyClause = Annotated[
    Required
    | Unique
    | Type
    | Range
    | Allowed
    | Pattern
    | OnScale
    | Reference
    | Recent
    | Freshness
    | MissingShare,
    Field(discriminator="rule"),
]

RULES: Final[dict[str, type[Clause]]] = {
    "required": Required,
    "unique": Unique,
    "type": Type,
    "range": Range,
    "allowed": Allowed,
    "pattern": Pattern,
    "scale": OnScale,
    "reference": Reference,
    "recent": Recent,
    "freshness": Freshness,
    "missing_share": MissingShare,
}

__all__ = [
    "RULES",
    "Allowed",
    "AnyClause",
    "Breach",
    "Clause",
    "Freshness",
    "MissingShare",
    "OnScale",
    "Pattern",
    "Range",
    "Recent",
    "Reference",
    "Required",
    "RowClause",
    "TableClause",
    "TableName",
    "Terms",
    "Type",
    "Unique",
]

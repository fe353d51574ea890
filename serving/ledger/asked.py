"""Some leads as a table that a query can join: one JSON text, however many they are."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import JSON, String, TableValuedAlias, bindparam, cast, column, func


def asked_leads(kind: str) -> TableValuedAlias:
    """Return the leads of the parameter ``:leads`` as a table with the column ``value``.

    They are one parameter, so that the query is the same for any number of them and is prepared once.
    ``kind`` is the kind of database.
    """
    listed = bindparam("leads", type_=String)
    rows = func.json_each(listed) if kind == "sqlite" else func.json_array_elements_text(cast(listed, JSON))
    return rows.table_valued(column("value", String), name="asked")


def asked_parameter(lead_ids: Collection[str]) -> dict[str, str]:
    """Return the parameter for these leads."""
    return {"leads": json.dumps(sorted({*lead_ids}))}

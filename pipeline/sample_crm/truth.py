"""The truth behind a sample CRM, which lies beside its tables for the oracle and for nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from data_checks.errors import BatonError
from pipeline.sample_crm.arrays import Codes, Flags, Floats, Texts, Times
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.hazard import Contact
from pipeline.sample_crm.roll import Roll, draw_roll
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.traps import POLICY_COLUMNS, TRAP_ACTIVITIES, TRAP_ORDER, TRAPS
from pipeline.sample_crm.world import World, draw_world


@dataclass(frozen=True)
class Leads:
    """What is true of the leads, in order of arrival, shape (leads,); times in milliseconds, NEVER if not.

    ``log_odds`` (of being a buyer), ``score`` f(x), ``activity`` rho(x), ``refusal`` p(x), ``product`` and
    ``reviewed_at`` follow from the record on arrival, ``propensity`` to ``delay`` from the routing.
    ``buyer``, ``intent``, ``interest`` are the hidden class: tests read them, the oracle does not.
    """

    created: Times
    log_odds: Floats
    score: Floats
    activity: Floats
    refusal: Floats
    product: Codes
    reviewed_at: Times
    propensity: Floats
    handed_at: Times
    called_at: Times
    delay: Codes
    refused_at: Times
    sql_at: Times
    buyer: Flags
    intent: Codes
    interest: Codes

    def contact(self, lead: Codes) -> Contact:
        """Return the arrival and first call of these leads."""
        return Contact(self.created[lead], self.called_at[lead], self.delay[lead])


@dataclass(frozen=True)
class Truth:
    """Everything that the oracle needs: the laws (by the settings), the leads, and what they did.

    ``ids`` are the ids of the leads; ``originals`` maps the id of a copy, of a lead typed twice, to its
    original.
    """

    settings: Settings
    ids: pd.Index
    leads: Leads
    tracked: Events
    uploaded: Events
    originals: dict[str, str]


def draw_truth(settings: Settings) -> Truth:
    """Draw a world for its truth alone, without writing its tables."""
    world = draw_world(settings)
    return truth_of(world, draw_roll(world))


def truth_of(world: World, roll: Roll) -> Truth:
    """Return the truth of a world whose leads are called as in the roll."""
    routing, classes, fit = world.routing, world.classes, world.fit
    leads = Leads(
        created=world.people.created,
        log_odds=classes.log_odds,
        score=fit.score,
        activity=fit.activity,
        refusal=fit.refusal,
        product=fit.product,
        reviewed_at=routing.reviewed_at,
        propensity=routing.propensity,
        handed_at=routing.handed_at,
        called_at=routing.contact.called,
        delay=routing.contact.delay,
        refused_at=world.refused_at,
        sql_at=world.sql_at,
        buyer=classes.buyer,
        intent=classes.intent,
        interest=classes.interest,
    )
    ids = pd.Index(roll.ids, dtype="str")
    return Truth(world.settings, ids, leads, world.tracked, world.uploaded, roll.originals())


def write_truth(truth: Truth, folder: Path) -> None:
    """Write the truth into ``folder``, with the list of the traps that were laid."""
    folder.mkdir(parents=True, exist_ok=True)
    leads = pd.DataFrame({"lead_id": truth.ids, **_columns(truth.leads)})
    leads.to_parquet(folder / "leads.parquet", index=False)
    for name, events in (("tracked", truth.tracked), ("uploaded", truth.uploaded)):
        pd.DataFrame(_columns(events)).to_parquet(folder / f"{name}.parquet", index=False)
    traps = {
        "columns": dict(TRAPS),
        "activities": dict(TRAP_ACTIVITIES),
        "order": TRAP_ORDER,
        "policy": list(POLICY_COLUMNS),
    }
    for name, content in (
        ("settings", truth.settings.as_dict()),
        ("traps", traps),
        ("originals", truth.originals),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_truth(folder: Path) -> Truth:
    """Read what `write_truth` wrote.

    Raises:
        BatonError: The folder holds no truth: the data is not a sample.
    """
    if not (folder / "settings.json").is_file():
        raise BatonError(
            "only a sample CRM has a best possible score", str(folder), "write one with write_sample_crm"
        )
    leads = pd.read_parquet(folder / "leads.parquet")
    tracked, uploaded = (pd.read_parquet(folder / f"{name}.parquet") for name in ("tracked", "uploaded"))
    return Truth(
        settings=Settings(**_json(folder / "settings.json")),
        ids=pd.Index(leads["lead_id"], dtype="str"),
        leads=Leads(**_arrays(leads, Leads)),
        tracked=Events(**_arrays(tracked, Events)),
        uploaded=Events(**_arrays(uploaded, Events)),
        originals=_json(folder / "originals.json"),
    )


def _columns(rows: Leads | Events) -> dict[str, Texts]:
    return {entry.name: getattr(rows, entry.name) for entry in fields(rows)}


def _arrays(frame: pd.DataFrame, kind: type[Leads] | type[Events]) -> dict[str, Any]:
    return {entry.name: frame[entry.name].to_numpy() for entry in fields(kind)}


def _json(path: Path) -> Any:  # noqa: ANN401
    return json.loads(path.read_text(encoding="utf-8"))

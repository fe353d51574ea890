"""How often the leakage audit catches the sample CRM's traps, and throws out what is honest.

Run `python benchmarks/leakage_audit.py --seeds 20`. Nothing in the agreement tells the audit what to find:
``never_use`` and ``known_at`` are taken out of it. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from data_checks.agreement import Agreement, load_agreement
from data_checks.checking import check_history
from data_checks.folding import fold
from features.from_history import records_from_history
from models.leakage.audit import Audit, audit
from models.snapshots import SnapshotSettings
from pipeline.now import latest_recorded
from pipeline.sample_crm.settings import DEFAULT_LEADS, Settings
from pipeline.sample_crm.traps import POLICY_COLUMNS, TRAP_ACTIVITIES, TRAP_COLUMNS
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.sources.folder import read_history

ROOT: Final = Path(__file__).resolve().parents[1]
DRIFT: Final = Settings(
    base_rate_step=0.8,
    effect_drift=1.0,
    renamed_industry=True,
    new_source=True,
    outage_days=20.0,
    bot_opens_per_day=0.2,
)
CONSEQUENCES: Final = frozenset({"meeting"})
"""Dated honestly, and only ever after the outcome: left out, and nothing lost by it."""

Counts = Mapping[str, Counter[str]]


def main() -> None:
    """Audit one sample CRM a seed, and count."""
    asked = _arguments()
    agreement = _untold(load_agreement(ROOT / "agreement.yaml"))
    usual = replace(DRIFT if asked.drift else Settings(), leads=asked.leads)
    caught: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    began, audited = time.monotonic(), 0.0
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        found, seconds = _audited(replace(usual, seed=seed), agreement)
        audited += seconds
        seen.update(_names(found))
        caught.update(_suspects(found))
        honest = sorted(set(_suspects(found)) & set(_honest(seen)))
        _say(f"seed {seed}: {', '.join(honest) or 'nothing'} thrown out in error; {seconds:.1f} s of audit")
    _tell("traps caught", _traps(), caught, seen)
    _tell("honest, thrown out", _honest(seen), caught, seen)
    _tell(
        "neither: policy, consequences, gaps",
        sorted(set(caught) - set(_honest(seen)) - set(_traps())),
        caught,
        seen,
    )
    _say(json.dumps(_figures(asked, caught, seen, audited, time.monotonic() - began)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="how many sample CRMs")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--leads", type=int, default=DEFAULT_LEADS)
    parser.add_argument("--drift", action="store_true", help="with every drift that the sample CRM knows")
    return parser.parse_args()


def _untold(agreement: Agreement) -> Agreement:
    return agreement.model_copy(update={"never_use": (), "known_at": {}})


def _audited(settings: Settings, agreement: Agreement) -> tuple[Audit, float]:
    with tempfile.TemporaryDirectory() as folder:
        write_sample_crm(Path(folder), settings=settings)
        history = read_history(Path(folder), None).history
    now = latest_recorded(history)
    records = records_from_history(check_history(history, agreement, now, None).clean)
    began = time.monotonic()
    return audit(records, agreement, SnapshotSettings(), now), time.monotonic() - began


def _names(found: Audit) -> Iterable[str]:
    return [one.name for one in found.examined if one.what != "period"]


def _suspects(found: Audit) -> Iterable[str]:
    return ["a period" if one.what == "period" else one.name for one in found.examined if one.suspect]


def _traps() -> list[str]:
    return [*TRAP_COLUMNS, *map(fold, TRAP_ACTIVITIES)]


def _honest(seen: Iterable[str]) -> list[str]:
    return sorted({*seen, "a period"} - {*_traps(), *POLICY_COLUMNS, *CONSEQUENCES})


def _tell(title: str, names: Iterable[str], caught: Counter[str], seen: Counter[str]) -> None:
    _say(f"\n{title}")
    for name in names:
        _say(f"  {name:24} {caught[name]:3} of {seen[name] or max(seen.values())}")


def _figures(
    asked: argparse.Namespace, caught: Counter[str], seen: Counter[str], audited: float, seconds: float
) -> Mapping[str, object]:
    traps, honest = _traps(), _honest(seen)
    return {
        "benchmark": "leakage_audit",
        "leads": asked.leads,
        "seeds": asked.seeds,
        "drift": asked.drift,
        "traps_caught": sum(caught[name] for name in traps) / (asked.seeds * len(traps)),
        "honest_thrown_out": sum(caught[name] for name in honest) / (asked.seeds * len(honest)),
        "missed": {name: asked.seeds - caught[name] for name in traps if caught[name] < asked.seeds},
        "errors": {name: caught[name] for name in honest if caught[name]},
        "audit_seconds": round(audited / asked.seeds, 2),
        "seconds": round(seconds, 1),
    }


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

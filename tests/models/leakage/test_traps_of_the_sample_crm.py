"""The audit on small sample CRMs, of which every trap is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tables import DEFAULT_AGREEMENT
from data_checks.agreement import Agreement, load_agreement
from data_checks.folding import fold
from features.from_history import records_from_history
from models.leakage.audit import Audit, audit
from models.snapshots import SnapshotSettings
from pipeline.now import latest_recorded
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.traps import POLICY_COLUMNS, TRAP_ACTIVITIES, TRAP_COLUMNS
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.sources.folder import read_history

WORLDS = (
    Settings(leads=3000, seed=1, dirt_share=0),
    Settings(leads=3000, seed=3, dirt_share=0, new_source=True, outage_days=20, base_rate_step=0.8),
)
ALLOWED = {*TRAP_COLUMNS, *map(fold, TRAP_ACTIVITIES), *POLICY_COLUMNS, "meeting"}


def audited(settings: Settings, folder: Path, agreement: Agreement) -> Audit:
    write_sample_crm(folder, settings=settings)
    history = read_history(folder, None).history
    return audit(records_from_history(history), agreement, SnapshotSettings(), latest_recorded(history))


@pytest.mark.parametrize("settings", WORLDS, ids=["usual", "drifting"])
def test_every_trap_is_caught_and_nothing_honest_is_thrown_out(settings, tmp_path):
    """Told nothing, the audit leaves out all traps, what only follows SQL, and nothing that is honest."""
    told_nothing = load_agreement(DEFAULT_AGREEMENT).model_copy(update={"never_use": (), "known_at": {}})
    suspects = {one.name for one in audited(settings, tmp_path, told_nothing).examined if one.suspect}
    assert {*TRAP_COLUMNS, *map(fold, TRAP_ACTIVITIES)} <= suspects
    assert suspects <= ALLOWED


def test_in_a_world_without_effects_nothing_honest_is_thrown_out(tmp_path):
    """Where nothing tells leads apart, only what was written later does."""
    told_nothing = load_agreement(DEFAULT_AGREEMENT).model_copy(update={"never_use": (), "known_at": {}})
    settings = Settings(leads=2000, seed=4, dirt_share=0, effect_scale=0)
    suspects = {one.name for one in audited(settings, tmp_path, told_nothing).examined if one.suspect}
    assert suspects <= ALLOWED
    assert {"owner_id", "deal_amount", "last_modified", "discovery call"} <= suspects

"""A small project that has gone as far as the stage audit, with checked tables and no suspects."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import yaml

from data_checks.checking import check_house_rules
from data_checks.tables import CrmHistory
from features.moments import to_time
from models.leakage.suspects import Suspects
from pipeline.audit_files import suspects_file
from pipeline.now import latest_recorded
from pipeline.project import Project
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.sources.folder import read_history
from pipeline.store import write_history, write_json

ROOT = Path(__file__).resolve().parents[2]
AGES = [0, 14, 60]


@cache
def sample_tables(leads: int = 1500) -> tuple[Path, int]:
    """Return a folder with a sample CRM's tables, the rows that break a house rule taken out, and its now."""
    folder = Path(mkdtemp(prefix="baton-sample-"))
    write_sample_crm(folder, leads=leads, seed=5)
    history = read_history(folder, None).history
    now = latest_recorded(history)
    return folder, now


@cache
def clean_history() -> tuple[CrmHistory, int]:
    """Return the sample's history without the rows that break a house rule, and the moment it is read at."""
    folder, now = sample_tables()
    return check_house_rules(read_history(folder, None).history, Project(ROOT).agreement, now).clean, now


def checked_project(folder: Path, **features: object) -> Project:
    """Make a project with checked tables and some settings of the section ``features``."""
    history, now = clean_history()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "agreement.yaml", folder)
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["features"] |= features
    params["snapshots"]["ages_days"] = AGES
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    project = Project(folder)
    write_history(history, project.tables)
    write_json({"now": to_time(now).isoformat()}, project.tables / "moment.json")
    write_json(Suspects().to_json(), suspects_file(project))
    return project

"""Stage check: read the source, hold it against the agreement, set aside what must not be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data_checks.checking import check_history
from data_checks.findings import Checked, Finding, StopBreach
from data_checks.named_in_vain import named_in_vain
from features.moments import to_time
from pipeline.now import latest_recorded
from pipeline.project import Project
from pipeline.sources.feedback import feedback_folder, with_feedback
from pipeline.sources.folder import Reading, read_history
from pipeline.sources.mapping import load_mapping
from pipeline.sources.readable_outcomes import require_readable_outcomes
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, write_history, write_json


def run_check(project: Project) -> None:
    """Write the checked tables, the quarantine with reasons, the findings and the Data Docs.

    Raises:
        BatonError: The source cannot be read.
        StopBreach: The agreement says that such data must halt the run; the findings are written first.
    """
    say = stage_voice("check")
    data = project.params.data
    say(f"reading {data.source}")
    mapping = load_mapping(project.root / data.mapping) if data.mapping else None
    reading = read_history(project.root / data.source, mapping)
    reading = replace(reading, notes=(*reading.notes, *named_in_vain(project.agreement, reading.history)))
    for note in reading.notes:
        say(note)
    _write_unreadable(project, reading)
    require_readable_outcomes(reading)
    now = data.now or latest_recorded(reading.history)
    if data.feedback is not None:
        folder = feedback_folder(project.root, data.feedback)
        history, note = with_feedback(reading.history, folder, project.agreement, now)
        say(note)
        reading = replace(reading, history=history, notes=(*reading.notes, note))
    moment = f"{to_time(now):%Y-%m-%d %H:%M} UTC"
    say(f"holding the tables against agreement {project.agreement.version}, as of {moment}")
    try:
        checked = check_history(reading.history, project.agreement, now, fresh_folder(project.data_docs))
    except StopBreach as breach:
        _write_findings(project, breach.findings, reading, now, {})
        raise
    write_history(checked.clean, project.tables)
    write_json({"now": to_time(now).isoformat()}, project.tables / "moment.json")
    _write_quarantine(project, checked)
    _write_findings(project, checked.findings, reading, now, _set_aside(checked))
    for finding in checked.findings:
        say(finding.message)
    aside = _set_aside(checked).get("leads", 0)
    say(f"{len(checked.clean.leads):,} leads may be used, {aside:,} were set aside")


def _set_aside(checked: Checked) -> Mapping[str, int]:
    return {table: len(rows) for table, rows in checked.quarantined.items() if len(rows)}


def _write_unreadable(project: Project, reading: Reading) -> None:
    _write_rows(fresh_folder(project.quarantine) / "unreadable", reading.refused)
    if len(reading.unread):
        reading.unread.to_parquet(project.quarantine / "unread_cells.parquet", index=False)


def _write_quarantine(project: Project, checked: Checked) -> None:
    _write_rows(project.quarantine / "broke_a_rule", checked.quarantined)
    checked.flags.to_parquet(project.quarantine / "flags.parquet", index=False)


def _write_rows(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    for table, rows in tables.items():
        if len(rows):
            folder.mkdir(exist_ok=True)
            rows.to_parquet(folder / f"{table}.parquet", index=False)


def _write_findings(
    project: Project, findings: tuple[Finding, ...], reading: Reading, now: int, set_aside: Mapping[str, int]
) -> None:
    unreadable = {table: _reasons(rows) for table, rows in reading.refused.items() if len(rows)}
    write_json(
        {
            "agreement_version": project.agreement.version,
            "now": to_time(now).isoformat(),
            "rows": {table: len(frame) for table, frame in reading.history},
            "notes": list(reading.notes),
            "unreadable": unreadable,
            "unread_cells": len(reading.unread),
            "set_aside": dict(set_aside),
            "findings": [finding.to_json() for finding in findings],
        },
        project.findings,
    )


def _reasons(rows: pd.DataFrame) -> dict[str, int]:
    return dict(Counter(str(reason) for reason in rows["reasons"]).most_common(20))

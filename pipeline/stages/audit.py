"""Stage audit: find what looks forward, leave it out with the reason, and tell people about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from features.from_history import records_from_history
from features.moments import parse_moment, to_time
from models.leakage.audit import Audit, audit
from pipeline.audit_files import findings_file, page_file, suspects_file
from pipeline.leakage_page import leakage_page
from pipeline.project import Project
from pipeline.sampled_history import sampled_history
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, read_json, write_json

MOST_LEADS: Final = 100_000
"""A larger history is audited on a sample of so many leads; more would not change what is found."""

_CALLED: Final = {"column": "the column", "activity_type": "activities of type", "period": "the time"}


def run_audit(project: Project) -> None:
    """Write the suspects, and all that was examined as JSON and as a page."""
    say = stage_voice("audit")
    history, leads = sampled_history(project.tables, MOST_LEADS)
    now = parse_moment(read_json(project.tables / "moment.json")["now"])
    if leads > len(history.leads):
        say(f"looking at {len(history.leads):,} leads drawn from {leads:,}")
    found = audit(records_from_history(history), project.agreement, project.params.snapshots, now)
    write_json(found.suspects.to_json(), fresh_folder(suspects_file(project).parent) / "suspects.json")
    data = _as_data(project, found, now, leads)
    write_json(data, findings_file(project))
    page_file(project).write_text(leakage_page(data), encoding="utf-8")
    for line in _lines(found):
        say(line)


def _as_data(project: Project, found: Audit, now: int, leads: int) -> Mapping[str, Any]:
    agreement = project.agreement
    return {
        "agreement_version": agreement.version,
        "target": {"stage": agreement.target.stage, "within_days": agreement.target.within_days},
        "now": to_time(now).isoformat(),
        "leads": leads,
        "leads_looked_at": found.leads,
        "outcomes": found.outcomes,
        "too_few_outcomes": found.too_few,
        "outcome_values": list(found.outcome_values),
        "examined": [one.to_json() for one in found.examined],
    }


def _lines(found: Audit) -> Iterator[str]:
    suspects = [one for one in found.examined if one.suspect]
    yield f"{len(found.examined):,} columns, activity types and periods examined, {len(suspects)} suspect"
    if found.too_few:
        yield f"only {found.outcomes} known outcomes: nothing could be held against the outcome"
    for one in suspects:
        if one.verdict == "left_out":
            yield f"left out: {_CALLED[one.what]} {one.name}. {' '.join(one.reasons)}"
    for verdict, fate in (
        ("vouched", "suspect but vouched for"),
        ("not_used", "suspect and not used anyway"),
    ):
        names = [one.name for one in suspects if one.verdict == verdict]
        if names:
            yield f"{fate}: {', '.join(names)}"

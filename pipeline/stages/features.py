"""Stage features: look at every lead at several moments, and write down what was known of it then."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from features.moments import to_time
from features.profiling import profile_of
from features.ready import ready
from features.reference import Reference
from models.idle_columns import idle_columns
from models.leakage.suspects import Suspects
from models.outcomes import require_outcomes
from models.training_blocks import TrainingPlan
from pipeline.audit_files import read_suspects
from pipeline.checked_tables import CheckedTables
from pipeline.parts.census_files import first_leads, merged_census
from pipeline.parts.cutting import parts_for
from pipeline.parts.engines import engine_named
from pipeline.parts.shared import Shared
from pipeline.parts.tasks import CensusTask, ReferenceTask, RowsTask
from pipeline.parts.work import Work, begin_work
from pipeline.project import Project
from pipeline.provenance import files_hash
from pipeline.stages.progress import stage_voice
from pipeline.store import noted_sums, read_json, read_signatures, write_compact_json, write_json


def run_features(project: Project) -> None:
    """Write the training rows, the feature set and the dated reference.

    Three passes over the leads, each a plain function of a part of them: count their texts, date their
    outcomes, compute their rows. A run that was stopped goes on with the parts that are missing.

    Raises:
        BatonError: The source does not tell which leads reached the target.
    """
    say = stage_voice("features")
    params, checked = project.params, CheckedTables(project.tables)
    suspects = read_suspects(project)
    for table in sorted(checked.absent):
        say(f"there is no table {table}: its features are switched off")
    _require_columns(params.features.known_rates, checked.lead_columns)
    require_outcomes(checked.stage_changes, checked.conversions)
    with engine_named(params.features.engine, params.features.workers) as engine:
        work = begin_work(project.work / "features", _depends_on(project, suspects), engine, say)
        made = _training_data(project, work, checked, suspects)
    work.finish(made, project.training)


def _training_data(project: Project, work: Work, checked: CheckedTables, suspects: Suspects) -> Path:
    left_out, gaps = suspects.exclusions, suspects.gaps
    params, agreement, declared = project.params, project.agreement, project.params.features.declared
    columns = checked.columns_but(left_out.with_agreed(agreement).columns)
    parts = work.cut(project.tables, columns, parts_for(project.tables, params.features.partitions))
    counted = work.compute(CensusTask(parts, agreement, left_out, work.folder / "census"), "leads counted")
    census = merged_census(counted, declared.label_at_least)
    features = FeatureSet.declare(profile_of(census, checked.campaigns, agreement, declared, left_out))
    for column in sorted(set(declared.known_rates) - set(features.profile.vocabularies)):
        why = "is left out" if column in left_out.columns else "has too few common values"
        work.say(f"{column} {why}: its known conversion rate is not a feature")
    folder = work.folder / "reference"
    dating = ReferenceTask(parts, checked.campaigns, agreement, features.profile, checked.now, gaps, folder)
    dated = work.compute(dating, "outcomes dated")
    reference = Reference.merged([Reference.from_json(read_json(path)) for path in dated])
    made = work.folder / "training"
    write_compact_json(reference.to_json(), made / "reference.json")
    plan = TrainingPlan(agreement, features, ready(reference), params.snapshots, checked.now, gaps)
    shared = Shared.of(plan, work.folder / "plan")
    # From here on the reference is in memory once, for all processes.
    del plan, reference
    computed = work.compute(RowsTask(parts, shared, first_leads(counted), made), "snapshots computed")
    noted, idle = noted_sums(computed), idle_columns(features.names, read_signatures(computed))
    features = features.without(idle)
    found = f"{len(features.names)} features of {noted['mature']:,} snapshots"
    work.say(f"{found}; {noted['immature']:,} more are immature")
    work.say(f"{len(idle)} features more say nothing here: they are constant, or the same as another one")
    write_json(features.to_json(), made / "features.json")
    facts = {
        "now": to_time(checked.now).isoformat(),
        "lead_columns": sorted(checked.lead_columns),
        "known_ids": checked.known_ids(agreement),
        "leads": census.leads,
        "immature": noted["immature"],
        "left_out": suspects.to_json(),
        "idle": idle,
        # No part of the feature set, as they change no value; DVC learns from here that models change.
        "monotone": features.monotone,
    }
    write_json(facts, made / "facts.json")
    return made


def _depends_on(project: Project, suspects: Suspects) -> object:
    """Return all that the parts depend on beside the code; DVC is told the same in dvc.yaml."""
    whole = project.agreement.model_dump(mode="json", by_alias=True)
    return {
        "tables": files_hash(project.tables),
        "agreement": {key: whole[key] for key in ("stages", "target", "lead_data", "scales", "never_use")},
        "features": project.params.features.declared.model_dump(mode="json"),
        "partitions": project.params.features.partitions,
        "snapshots": project.params.snapshots.model_dump(mode="json"),
        "suspects": suspects.to_json(),
    }


def _require_columns(names: Collection[str], columns: Collection[str]) -> None:
    unknown = sorted(set(names) - set(columns))
    if unknown:
        raise BatonError(
            "features.known_rates names columns of the leads",
            ", ".join(map(repr, unknown)),
            f"choose among {', '.join(sorted(columns))}",
        )

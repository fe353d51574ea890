"""Stage features: look at every lead at several moments, and write down what was known of it then."""

from __future__ import annotations

from collections.abc import Iterable

from data_checks.agreed_rules import known_ids
from data_checks.errors import BatonError
from features.census import Census
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY, parse_moment, to_time
from features.profiling import profile_of
from models.known_outcomes import reference_of
from models.outcomes import require_outcomes
from models.snapshots import labelled_snapshots
from models.training_rows import TrainingRows
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, read_history, read_json, write_json, write_rows


def run_features(project: Project) -> None:
    """Write the training rows, the feature set and the dated reference.

    Raises:
        BatonError: The source does not tell which leads reached the target.
    """
    say = stage_voice("features")
    params, agreement = project.params, project.agreement
    now = parse_moment(read_json(project.tables / "moment.json")["now"])
    history = read_history(project.tables)
    changes = None if "stage_changes" in history.absent else len(history.stage_changes)
    require_outcomes(changes, int(history.leads["converted_at"].count()))
    for table in sorted(history.absent):
        say(f"there is no table {table}: its features are switched off")
    records = records_from_history(history)
    census = Census.of(records, agreement)
    features = FeatureSet.declare(profile_of(census, history.campaigns, agreement, params.features))
    _require_columns(params.features.known_rates, records.fields)
    for column in sorted(set(params.features.known_rates) - set(features.profile.vocabularies)):
        say(f"{column} has too few common values: its known conversion rate is not a feature")
    reference = reference_of(records, history.campaigns, agreement, features.profile, now)
    seen = labelled_snapshots(records, agreement, params.snapshots, now)
    say(f"{len(features.names)} features of {len(seen):,} snapshots; {seen.immature:,} more are immature")
    matrix = features.matrix(records, seen.snapshots, reference)
    as_of, lead = seen.snapshots.as_of, seen.snapshots.lead
    age_days = (as_of - records.created[lead]) / DAY
    rows = TrainingRows(
        matrix, features.names, features.categorical, seen.label, seen.weight, as_of, lead, age_days
    )
    folder = fresh_folder(project.training)
    write_rows(rows, folder / "rows.parquet")
    write_json(list(records.lead_ids), folder / "lead_ids.json")
    write_json(features.to_json(), folder / "features.json")
    write_json(reference.to_json(), folder / "reference.json")
    facts = {
        "now": to_time(now).isoformat(),
        "lead_columns": sorted(str(name) for name in history.leads.columns),
        "known_ids": {place: sorted(ids) for place, ids in known_ids(history, agreement).items()},
        "leads": len(records),
        "immature": seen.immature,
    }
    write_json(facts, folder / "facts.json")


def _require_columns(names: Iterable[str], columns: Iterable[str]) -> None:
    unknown = sorted(set(names) - set(columns))
    if unknown:
        raise BatonError(
            "features.known_rates names columns of the leads",
            ", ".join(map(repr, unknown)),
            f"choose among {', '.join(sorted(columns))}",
        )

"""Stage pages: what marketing and sales look at, in one file that the service reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import to_time
from models.effect_table import EffectTable
from models.scorer import load_scorer
from pipeline.checked_tables import CheckedTables
from pipeline.page_tables.aims import add_aims
from pipeline.page_tables.banded import banded
from pipeline.page_tables.broken_rows import broken_rows
from pipeline.page_tables.past_scores import JUDGED, past_scores
from pipeline.page_tables.scores import Scoring, handoff_scores, open_scores
from pipeline.page_tables.writing import PagesFile
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import read_history, read_json

HANDED: Final = """
select lead_id, mql_at as handed_at, contacted_at, sal_at, sql_at
from leads where mql_at is not null
"""
"""Marketing hands a lead to sales when it qualifies it."""


def run_pages(project: Project) -> None:
    """Write build/pages.duckdb: the history by lead, what the model says of each, what was found."""
    say = stage_voice("pages")
    scorer, moment = load_scorer(project.bundle), CheckedTables(project.tables).now
    history = read_history(project.tables)
    scoring = Scoring(scorer, records_from_history(history), moment)
    with PagesFile(project.pages) as pages:
        pages.add_history(project.tables, project.agreement)
        pages.add_scores("scores", open_scores(scoring, say))
        handed = pages.frame(HANDED)
        say(f"scoring {len(handed):,} hand-offs as of their day")
        pages.add_scores("handoffs", handoff_scores(scoring, handed))
        pages.add("past_scores", past_scores(project))
        add_aims(pages, project.agreement, to_time(moment))
        pages.add("judged", pages.frame(JUDGED))
        pages.add("broken_rows", broken_rows(project.quarantine, project.agreement.hidden))
        pages.add("flags", pd.read_parquet(project.quarantine / "flags.parquet"))
        importance = pd.read_csv(project.plots / "importance.csv")
        pages.add("importance", importance)
        pages.add("families", pd.read_csv(project.plots / "families.csv"))
        pages.add("effects", effects_frame(scorer.bundle.features, scorer.bundle.effects))
        leads, strongest = pages.frame("select * from leads"), importance["feature"].astype(str).tolist()
        pages.add("banded", banded(project, scorer.bundle.effects, strongest, leads))
        pages.add_facts({**_facts(project), "now": to_time(moment).isoformat()})
    say(f"{len(history.leads):,} leads and {len(history.activities):,} activities are ready for the pages")


def effects_frame(features: FeatureSet, effects: EffectTable) -> pd.DataFrame:
    """Return the table ``effects``: what goes with each value of each feature."""
    named = {one.name: one for one in features.features}
    rows = [
        {
            "feature": one.feature,
            "family": named[one.feature].family,
            "sentence": named[one.feature].sentence,
            "place": place,
            **{name: getattr(band, name) for name in type(band).__dataclass_fields__},
        }
        for one in effects.features
        for place, band in enumerate(one.bands)
    ]
    return pd.DataFrame(rows)


def _facts(project: Project) -> dict[str, Any]:
    return {
        "agreement": project.agreement.model_dump(mode="json"),
        "built_at": datetime.now(UTC).isoformat(),
        "bundle": read_json(project.bundle / "manifest.json"),
        "model": read_json(project.bundle / "facts.json"),
        "metrics": read_json(project.metrics),
        "cut_offs": read_json(project.cut_offs),
        "back_test": read_json(project.hindsight),
        "findings": read_json(project.findings),
        "leakage": read_json(project.reports / "leakage.json"),
        "card": read_json(project.card_facts),
        "card_page": project.card.read_text(encoding="utf-8"),
    }

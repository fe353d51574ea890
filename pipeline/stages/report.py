"""Stage report: what was found, on one page that both teams can read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from data_checks.plain_words import handoff_in_words, in_plain_words
from models.bundle import Bundle, load_bundle
from models.calibration.kinds import IN_WORDS as CALIBRATIONS
from models.leakage.suspects import Suspects
from models.log_odds import log_odds_of, probability_of
from pipeline.cut_off_picture import draw_cut_offs
from pipeline.effect_pictures import draw_bands, write_effects
from pipeline.pictures import NAMES
from pipeline.project import Project
from pipeline.store import read_json

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).resolve().parents[1] / "report"
MOST_DRIVERS = 12
ROUND = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
"""Probabilities whose intervals are shown."""


def run_report(project: Project) -> None:
    """Write reports/report.html: one file, with its pictures inside and nothing fetched from anywhere.

    Beside it, reports/effects.csv holds all values of all features, of which the page shows the strongest.
    """
    facts = _facts(project)
    page = page_templates().get_template("report.html.j2").render(facts)
    project.report.write_text(page, encoding="utf-8")
    write_effects(facts["bundle"].effects, facts["bundle"].features, project.effects)


def page_templates() -> jinja2.Environment:
    """Return the templates of the report, which escape what they are given."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"share": _share, "figure": _figure, "points": _points}
    return environment


def _facts(project: Project) -> dict[str, Any]:
    metrics, bundle = read_json(project.metrics), load_bundle(project.bundle)
    scorers, cut_offs = metrics["scorers"], read_json(project.cut_offs)
    return {
        "agreement": project.agreement,
        "agreed": in_plain_words(project.agreement),
        "bundle": bundle,
        "checks": read_json(project.findings),
        "left_out": Suspects.from_json(bundle.facts.left_out).named,
        "metrics": metrics,
        "cut_offs": cut_offs,
        "agreed_way": next(way for way in cut_offs["ways"] if way["agreed"]),
        "agreed_rule": handoff_in_words(project.agreement.handoff),
        "cut_off_picture": draw_cut_offs(cut_offs, project.agreement.target.stage.upper()),
        "back_test": read_json(project.hindsight) if project.hindsight.exists() else None,
        "back_test_pictures": _drawn(project.hindsight_plots),
        "by_age": sorted(metrics["by_age_days"].items(), key=lambda found: float(found[0])),
        "scorers": {NAMES[name]: scorers[name] for name in NAMES if name in scorers},
        "names": NAMES,
        "calibration": CALIBRATIONS[bundle.facts.calibration.kind],
        "sureness": _sureness(bundle),
        "families": pd.read_csv(project.plots / "families.csv").to_dict("records"),
        "drivers": _drivers(bundle, pd.read_csv(project.plots / "importance.csv")),
        "pictures": _drawn(project.plots),
    }


def _drawn(folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.svg"))}


def _drivers(bundle: Bundle, importance: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the strongest features, each with its bands and their picture."""
    bands = {one.feature: [band for band in one.bands if band.leads] for one in bundle.effects.features}
    told = cast("list[dict[str, Any]]", importance.head(MOST_DRIVERS).to_dict("records"))
    return [
        {**row, "bands": bands[row["feature"]], "picture": draw_bands(bands[row["feature"]])} for row in told
    ]


def _sureness(bundle: Bundle) -> list[dict[str, float]]:
    """Return the intervals of some round probabilities that were measured."""
    interval = bundle.facts.interval
    if interval is None:
        return []
    low, high = interval.ends(log_odds_of(ROUND))
    rows = zip(ROUND, low.tolist(), high.tolist(), strict=True)
    first, last = probability_of([interval.score[0], interval.score[-1]]).tolist()
    return [{"probability": at, "low": a, "high": b} for at, a, b in rows if first <= at <= last]


def _share(value: float) -> str:
    return f"{value:.1%}"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _figure(value: float) -> str:
    return f"{value:.3f}"

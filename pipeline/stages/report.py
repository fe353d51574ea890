"""Stage report: what was found, on one page that both teams can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from data_checks.plain_words import in_plain_words
from features.moments import to_time
from models.bundle import load_bundle
from models.leakage.suspects import Suspects
from pipeline.pictures import NAMES
from pipeline.project import Project
from pipeline.store import read_json

TEMPLATES = Path(__file__).resolve().parents[1] / "report"


def run_report(project: Project) -> None:
    """Write reports/report.html: one file, with its pictures inside and nothing fetched from anywhere."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"share": _share, "figure": _figure}
    page = environment.get_template("report.html.j2").render(_facts(project))
    project.report.write_text(page, encoding="utf-8")


def _facts(project: Project) -> dict[str, Any]:
    metrics, bundle = read_json(project.metrics), load_bundle(project.bundle)
    scorers = metrics["scorers"]
    pictures = {path.stem: path.read_text(encoding="utf-8") for path in sorted(project.plots.glob("*.svg"))}
    return {
        "agreement": project.agreement,
        "agreed": in_plain_words(project.agreement),
        "bundle": bundle,
        "checks": read_json(project.findings),
        "left_out": _left_out(Suspects.from_json(bundle.facts.left_out)),
        "metrics": metrics,
        "by_age": sorted(metrics["by_age_days"].items(), key=lambda found: float(found[0])),
        "scorers": {NAMES[name]: scorers[name] for name in NAMES if name in scorers},
        "names": NAMES,
        "drivers": pd.read_csv(project.plots / "importance.csv").head(15).to_dict("records"),
        "pictures": pictures,
    }


def _left_out(suspects: Suspects) -> list[tuple[str, str]]:
    named = [*suspects.columns.items()]
    named += [(f"activities of type {name}", reasons) for name, reasons in suspects.activity_types.items()]
    named += [
        (f"{to_time(p.since):%Y-%m-%d} to {to_time(p.until):%Y-%m-%d}", p.reasons) for p in suspects.periods
    ]
    return [(name, " ".join(reasons)) for name, reasons in named]


def _share(value: float) -> str:
    return f"{value:.1%}"


def _figure(value: float) -> str:
    return f"{value:.3f}"

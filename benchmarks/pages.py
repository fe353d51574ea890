"""How long the pages take on the server, with as many leads as a company of some size has.

    python benchmarks/pages.py --leads 100000

A sample CRM of so many leads goes the whole way to the file of the pages, by a model that is quick to learn:
what it says is not the point. A service of one worker then shows each page several times to a client that
signed in as people do. Told are the first and the median time of each page on the server, and its size. The
rival is pandas: it counts the conversion points of a month from the checked tables, which it has in memory.
The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml
from starlette.testclient import TestClient

from data_checks.stages import REVENUE_CYCLE, has_reached
from models.shelf import Shelf
from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.stages.by_name import run_stages
from serving.app import build_app
from serving.figures.cycle import conversion_points
from serving.figures.file import open_figures
from serving.figures.months import Month
from serving.key_store import create_key
from serving.ledger.ledger import Ledger
from serving.pages.navigation import NAV
from serving.settings import Settings

# Scripts beside this one look here first for the package `serving`: this says where it is.
__path__ = [str(Path(__file__).resolve().parents[1] / "serving")]

MORE: Final = ("/agreed?by=capacity&setting=200&employees=50", "/aim?by=source&and=industry", "/come-back")
"""Pages that are not in the navigation, or ask for more than they show by default."""


def main() -> None:
    """Make the file, show the pages, tell."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as place:
        project = Project(asked.project) if asked.project else made_project(Path(place), asked.leads)
        size = project.pages.stat().st_size
        _say(f"the file of the pages has {size / 2**20:.0f} MiB")
        pages = [path for path, _ in NAV] + list(MORE)
        found = shown(project, Path(place), pages, asked.times)
        rival = against_pandas(project)
        _say(json.dumps({"benchmark": "pages", "leads": asked.leads, "bytes": size, "pages": found, **rival}))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, default=100_000, help="leads of the sample CRM")
    parser.add_argument("--times", type=int, default=7, help="how often each page is asked for")
    parser.add_argument("--project", type=Path, help="a project that has its pages, in place of a new one")
    return parser.parse_args()


def made_project(home: Path, leads: int) -> Project:
    """Make a project that has gone the whole way, on a model that is quick to learn."""
    source = home / "crm"
    write_sample_crm(source, leads=leads)
    folder = make_project(home / "project", None, source)
    path = folder / "params.yaml"
    params = yaml.safe_load(path.read_text())
    params["snapshots"]["ages_days"] = [0, 14]
    params["train"] |= {"rounds": 30, "rung": "trees"}
    params["back_test"]["months"] = 3
    path.write_text(yaml.safe_dump(params))
    run_stages(Project(folder))
    return Project(folder)


def shown(project: Project, home: Path, pages: list[str], times: int) -> dict[str, Any]:
    """Show each page several times; return milliseconds and bytes by page."""
    client = _visitor(project, home)
    found = {}
    with client:
        _sign_in(client, home)
        for path in pages:
            taken = [_asked(client, path) for _ in range(times)]
            milliseconds = [one for one, _ in taken]
            found[path] = {
                "first_ms": milliseconds[0],
                "median_ms": statistics.median(milliseconds[1:]),
                "bytes": taken[-1][1],
            }
            one = found[path]
            _say(
                f"{path:50} first {one['first_ms']:7.0f} ms  median {one['median_ms']:6.0f} ms  "
                f"{one['bytes'] / 1000:5.0f} kB"
            )
    return found


def _visitor(project: Project, home: Path) -> TestClient:
    shelf = Shelf(home / "models")
    shelf.put(project.bundle, "1")
    shelf.promote("1", by="a benchmark", reason="a benchmark")
    settings = Settings(
        ledger_url=f"sqlite:///{home}/ledger.db",
        models=home / "models",
        pages=project.pages,
        session_file=home / "session.secret",
    )
    return TestClient(build_app(settings), base_url="http://127.0.0.1:3000")


def _sign_in(client: TestClient, home: Path) -> None:
    with closing(Ledger(f"sqlite:///{home}/ledger.db", 2.0)) as ledger:
        ledger.open()
        key = create_key(ledger, "benchmark", ("read", "feedback")).text
    client.app.state.running.keyring.refresh()  # type: ignore[attr-defined]
    answer = client.post("/sign-in", data={"key": key}, headers={"sec-fetch-site": "same-origin"})
    answer.raise_for_status()


def _asked(client: TestClient, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        sys.exit(f"{path} answered {answer.status_code}: {answer.text[:300]}")
    return taken, len(answer.content)


def against_pandas(project: Project) -> dict[str, Any]:
    """Count the conversion points of a month with pandas, and by the pages' figures; both have to agree."""
    figures = open_figures(project.pages)
    month = Month.of(figures.now).before
    leads = pd.read_parquet(project.tables / "leads.parquet")
    changes = pd.read_parquet(project.tables / "stage_changes.parquet")
    changes["stage"] = changes["stage"].map(project.agreement.stage_of)
    began = time.perf_counter()
    counted = _counted(leads, changes, month)
    pandas_ms = (time.perf_counter() - began) * 1000
    conversion_points(figures, month)
    began = time.perf_counter()
    points = conversion_points(figures, month)
    own_ms = (time.perf_counter() - began) * 1000
    if [point.moved for point in points] != counted:
        sys.exit(f"pandas counts {counted}, the pages {[point.moved for point in points]}")
    _say(f"conversion points of a month: pandas {pandas_ms:.0f} ms, {pandas_ms / own_ms:.1f} times the pages")
    figures.connection.close()
    return {"pandas_ms": pandas_ms, "own_ms": own_ms, "ratio": pandas_ms / own_ms}


def _counted(leads: pd.DataFrame, changes: pd.DataFrame, month: Month) -> list[int]:
    found = []
    for stage in REVENUE_CYCLE[1:]:
        hits = changes["stage"].map(lambda named, to=stage: named is not None and has_reached(named, to))
        first = changes[hits].groupby("lead_id")["changed_at"].min()
        first = first[first.index.isin(leads["lead_id"])]
        found.append(int(((first >= month.begins) & (first < month.ends)).sum()))
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

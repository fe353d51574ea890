"""The features stage on a synthetic CRM that is larger than memory: time, CPU and peak memory.

    python benchmarks/features_at_scale.py --activities 100_000_000 --folder /tmp/baton-scale

The tables are made once and kept in the folder. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import yaml

from models.leakage.suspects import Suspects
from pipeline.audit_files import suspects_file
from pipeline.project import Project
from pipeline.store import write_json

ROOT = Path(__file__).resolve().parents[1]
ACTIVITIES_A_LEAD = 20

_LEADS = """
    SELECT format('L-{:09d}', i) AS lead_id,
           TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_microseconds((i * 6e13 / $leads)::BIGINT) AS created_at,
           format('Company {}', (hash(i, 1) % ($leads // 3 + 1))) AS company,
           format('someone{}@example.com', i) AS email,
           ['CEO', 'CTO', 'Head of IT', 'Buyer', 'Engineer', NULL][1 + (hash(i, 2) % 6)::INT] AS title,
           format('Industry {}', hash(i, 3) % 24) AS industry,
           (10 * (1 + hash(i, 4) % 500))::VARCHAR AS number_of_employees,
           (100000 * (1 + hash(i, 5) % 900))::VARCHAR AS annual_revenue,
           ['DE', 'US', 'FR', 'GB', 'NL', 'AT', NULL][1 + (hash(i, 6) % 7)::INT] AS country,
           ['Web', 'Fair', 'Referral', 'Search', 'Partner'][1 + (hash(i, 7) % 5)::INT] AS lead_source,
           format('C-{}', hash(i, 8) % 200) AS campaign_id,
           format('Line {}', hash(i, 9) % 6) AS line_of_business,
           NULL::VARCHAR AS dnb_rating,
           ['A+', 'A', 'B', 'C', NULL][1 + (hash(i, 10) % 5)::INT] AS bbb_rating,
           format('A-{}', hash(i, 1) % ($leads // 3 + 1)) AS account_id,
           format('U-{}', hash(i, 11) % 300) AS owner_id,
           'New' AS stage,
           NULL::TIMESTAMPTZ AS converted_at
    FROM (SELECT (j * 7919 + 13) % $leads AS i FROM range($leads) numbers(j))
"""

# The activities of a lead lie apart from one another, as in an export by date.
_ACTIVITIES = """
    SELECT lead_id, moment AS occurred_at,
           ['Email Opened', 'Web Visit', 'Form Sent', 'Call', 'Demo', 'Webinar', 'Link Clicked', 'Meeting']
               [1 + (hash(i, n, 1) % 8)::INT] AS activity_type,
           format('T-{}-{}', i, n) AS activity_id,
           moment + to_microseconds((hash(i, n, 2) % 20 = 0)::INT * 86400000000) AS recorded_at,
           CASE WHEN hash(i, n, 3) % 3 > 0 THEN format('Asset {}', hash(i, n, 4) % 40) END AS asset,
           CASE WHEN hash(i, n, 5) % 4 = 0 THEN format('Product {}', hash(i, n, 6) % 12) END AS product,
           CASE WHEN hash(i, n, 7) % 2 = 0 THEN format('C-{}', hash(i, n, 8) % 200) END AS campaign_id,
           ['inbound', 'outbound', NULL][1 + (hash(i, n, 9) % 3)::INT] AS direction
    FROM (
        SELECT i, n, format('L-{:09d}', i) AS lead_id,
               TIMESTAMPTZ '2024-01-01 00:00:00+00'
                   + to_microseconds((i * 6e13 / $leads + (hash(i, n) % 7776000) * 1e6)::BIGINT) AS moment
        FROM (SELECT n, (j * 7919 + 13) % $leads AS i FROM range($each) events(n), range($leads) numbers(j))
    )
"""

_STAGE_CHANGES = """
    SELECT format('L-{:09d}', i) AS lead_id,
           TIMESTAMPTZ '2024-01-01 00:00:00+00'
               + to_microseconds((i * 6e13 / $leads + (hash(i, 20) % 7776000) * 1e6)::BIGINT) AS changed_at,
           CASE WHEN hash(i, 21) % 8 = 0 THEN 'Qualified'
                WHEN hash(i, 21) % 8 = 1 THEN 'Unqualified' ELSE 'Marketing Qualified' END AS stage,
           NULL::VARCHAR AS reason, NULL::VARCHAR AS changed_by
    FROM range($leads) numbers(i) WHERE hash(i, 22) % 3 = 0
"""

_FIELD_CHANGES = """
    SELECT format('L-{:09d}', i) AS lead_id, 'industry' AS field,
           TIMESTAMPTZ '2024-01-01 00:00:00+00'
               + to_microseconds((i * 6e13 / $leads + (hash(i, 30) % 7776000) * 1e6)::BIGINT) AS changed_at,
           format('Industry {}', hash(i, 31) % 24) AS old_value,
           format('Industry {}', hash(i, 3) % 24) AS new_value
    FROM range($leads) numbers(i) WHERE hash(i, 32) % 10 = 0
"""

_CAMPAIGNS = """
    SELECT format('C-{}', i) AS campaign_id, format('Campaign {}', i) AS name,
           ['Search', 'Fair', 'Mail'][1 + (hash(i) % 3)::INT] AS channel, 1000.0 AS cost,
           NULL::TIMESTAMPTZ AS started_at, NULL::TIMESTAMPTZ AS ended_at
    FROM range(200) numbers(i)
"""


_TABLES = {
    "leads": _LEADS,
    "activities": _ACTIVITIES,
    "stage_changes": _STAGE_CHANGES,
    "field_changes": _FIELD_CHANGES,
    "campaigns": _CAMPAIGNS,
}


@dataclass(frozen=True)
class Peak:
    """The most that all processes of a tree had in memory at once, in GiB, and how many there were."""

    gib: float
    processes: int


def main() -> None:
    """Make the tables if they are not there, run the stage, print what it took."""
    asked = _arguments()
    leads = asked.activities // ACTIVITIES_A_LEAD
    project = asked.folder / f"project-{asked.activities}"
    tables = project / "build" / "tables"
    if not (tables / "moment.json").exists():
        _make_tables(tables, leads)
    _make_project(project, asked)
    print(f"{asked.activities:,} activities of {leads:,} leads, {_size(tables):.2f} GiB as Parquet")
    began, cpu = time.monotonic(), _cpu()
    peak = _run([Path(sys.executable).with_name("baton"), "stage", "features", "--project", project])
    seconds, cpu = time.monotonic() - began, _cpu() - cpu
    training = project / "build" / "training"
    found = {
        "benchmark": "features_at_scale",
        "activities": asked.activities,
        "leads": leads,
        "engine": asked.engine,
        "snapshots": _rows(training / "rows"),
        "features": len(json.loads((training / "features.json").read_text())["features"]),
        "parts": len(list((training / "rows").iterdir())),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_gib": round(peak.gib, 2),
        "processes": peak.processes,
        "written_gib": round(_size(training), 2),
    }
    print(f"{found['snapshots']:,} snapshots x {found['features']} features in {seconds:,.0f} s,")
    print(f"{cpu:,.0f} s of CPU, at most {peak.gib:.2f} GiB of memory in {peak.processes} processes")
    print(json.dumps(found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--activities", type=int, default=100_000_000)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "baton-scale")
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--partitions", type=int, default=None)
    parser.add_argument("--engine", choices=["local", "spark"], default="local")
    return parser.parse_args()


def _make_tables(folder: Path, leads: int) -> None:
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    each = str(ACTIVITIES_A_LEAD)
    with duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": False}) as database:
        for name, query in _TABLES.items():
            rows = database.sql(query.replace("$leads", str(leads)).replace("$each", each))
            rows.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
    (folder / "moment.json").write_text(json.dumps({"now": "2026-01-01T00:00:00+00:00"}))


def _make_project(folder: Path, asked: argparse.Namespace) -> None:
    (folder / "agreement.yaml").write_text((ROOT / "agreement.yaml").read_text())
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["features"] |= {"engine": asked.engine, "workers": asked.workers, "partitions": asked.partitions}
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    # The audit is not what is measured, and suspects nothing here.
    write_json(Suspects().to_json(), suspects_file(Project(folder)))


def _run(words: list[object]) -> Peak:
    """Run a command and watch the memory of all its processes, once a second."""
    process = subprocess.Popen([str(word) for word in words])
    gib, processes = 0.0, 0
    while process.poll() is None:
        tree = _tree(process.pid)
        gib, processes = max(gib, sum(map(_resident, tree)) / 2**30), max(processes, len(tree))
        time.sleep(1)
    if process.returncode:
        raise SystemExit(process.returncode)
    return Peak(gib, processes)


def _tree(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(below for child in children for below in _tree(int(child)))]


def _resident(process: int) -> int:
    """Return the memory of a process, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _rows(folder: Path) -> int:
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in folder.iterdir())


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**30


if __name__ == "__main__":
    main()

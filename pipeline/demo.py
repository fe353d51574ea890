"""What `make run` does: sample CRM, `dvc repro`, promotion, service, and one score to look at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from data_checks.errors import BatonError
from pipeline.project import Project
from pipeline.serving_environment import serving_environment

NEWEST: Final = 300
"""Leads among which the demo looks for one to show."""

MOST_SHOWN: Final = 5
"""Reasons that the demo prints."""

READY_WITHIN: Final = 60.0
"""Seconds that the service may take to start."""


def run_demo(project: Project) -> None:
    """Go the whole way and serve until interrupted.

    Raises:
        BatonError: A step failed; the message says which.
    """
    began = time.monotonic()
    root, environment = project.root.resolve(), {**os.environ, **serving_environment(project)}
    _sample_crm(project)
    _run(["dvc", "repro"], root, environment, "the pipeline runs through")
    _promote(project)
    key, request = root / "var" / "demo.key", root / "var" / "demo_lead.json"
    may = [word for scope in ("score", "read", "feedback") for word in ("--scope", scope)]
    make_key = ["keys", "create", "--name", "demo", *may, "--if-missing", "--write-to", str(key)]
    _run([sys.executable, "-m", "serving", *make_key], root, environment, "a demo key is made", quiet=True)
    _write_request(project, request)
    port = environment.get("BATON_PORT") or "3000"
    url = f"http://127.0.0.1:{port}"
    # A termination ends the demo as Ctrl-C does: with its server.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = subprocess.Popen([sys.executable, "-m", "serving", "serve"], cwd=root, env=environment)
    try:
        answer = _first_answer(server, url, key.read_text(encoding="utf-8").strip(), request.read_bytes())
        _show(answer, url, key.relative_to(root), request.relative_to(root), time.monotonic() - began)
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _sample_crm(project: Project) -> None:
    source = project.root / project.params.data.source
    if not source.exists():
        from pipeline.sample_crm.writing import write_sample_crm

        sys.stderr.write(f"writing a sample CRM to {source}\n")
        write_sample_crm(source)


def _promote(project: Project) -> None:
    from pipeline.promotion import promote_bundle

    sys.stderr.write(promote_bundle(project, "baton demo") + "\n")


def _write_request(project: Project, path: Path) -> None:
    """Write the request for the best of the newest leads that are open at the end of the history."""
    from features.moments import parse_moment
    from models.batch import score_history
    from models.scorer import load_scorer
    from models.shelf import Shelf
    from pipeline.lead_request import lead_requests, of_leads
    from pipeline.store import read_history, read_json

    if path.exists():
        return
    champion = Shelf(project.served).champion()
    if champion is None:
        raise BatonError("a demo has a champion to serve", "none", "see what `baton promote` says")
    history = read_history(project.tables)
    now = parse_moment(read_json(project.tables / "moment.json")["now"])
    newest = history.leads.sort_values("created_at").tail(NEWEST)["lead_id"]
    scores = score_history(load_scorer(champion[1]), of_leads(history, newest), now)
    best = max(scores, key=lambda one: (one.probability or 0.0, one.lead_id))
    lead = next(lead_requests(of_leads(history, [best.lead_id]), now, 1))
    path.write_text(json.dumps({"leads": [lead]}, indent=1, ensure_ascii=False), encoding="utf-8")


def _run(
    words: list[str], folder: Path, environment: Mapping[str, str], law: str, quiet: bool = False
) -> None:
    output = subprocess.DEVNULL if quiet else None
    code = subprocess.run(words, cwd=folder, env=environment, stdout=output, check=False).returncode
    if code:
        raise BatonError(law, f"exit code {code} of `{' '.join(words)}`", "see the lines above")


def _first_answer(server: subprocess.Popen[bytes], url: str, key: str, body: bytes) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{url}/score", data=body, headers=headers)  # noqa: S310 - own service
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - own service
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError as fault:  # no answer yet, or one that takes too long
            stopped = server.poll() is not None
            if stopped or time.monotonic() > deadline:
                what = "it ended" if stopped else str(fault)
                raise BatonError("the service answers", what, "see the lines above") from fault
            time.sleep(0.2)


def _reason(told: Mapping[str, Any]) -> str:
    alike = "" if told["rate"] is None else f" ({told['rate']:.0%} of {told['leads']:,} leads alike)"
    return f"    {told['effect']:+.3f}  {told['text']}{alike}"


def _show(answer: dict[str, Any], url: str, key: Path, request: Path, seconds: float) -> None:
    lead = answer["scores"][0] if "scores" in answer else answer
    reasons = "\n".join(map(_reason, lead["reasons"][:MOST_SHOWN]))
    sys.stdout.write(
        f"""
Baton serves after {seconds:.0f} seconds. Look at {url} and at reports/report.html. A lead scored:

  {lead["lead_id"]}: probability {lead["probability"]:.3f}, grade {lead["grade"]}, {lead["decision"]}
{reasons}

Ask again:

  curl -s -H "Authorization: Bearer $(cat {key})" -H "Content-Type: application/json" \\
       -d @{request} {url}/score

Ctrl-C stops it.
"""
    )
    sys.stdout.flush()

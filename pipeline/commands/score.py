"""`baton score`: score all open leads at once, by the code that answers the endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from tqdm import tqdm

from data_checks.errors import BatonError
from pipeline.commands.moments import moment_of
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project


def score(
    source: Annotated[Path, typer.Option(help="Folder of tables (CSV or Parquet).")],
    out: Annotated[Path, typer.Option(help="Parquet file to write, one row a lead.")],
    as_of: Annotated[
        str | None,
        typer.Option(help="Moment to look at the leads, ISO 8601; else the latest recorded."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file of the source; else the project's (data.mapping).")
    ] = None,
    as_tables: Annotated[
        bool, typer.Option("--as-tables", help="The files are named as Baton's tables: use no mapping.")
    ] = False,
    bundle: Annotated[Path | None, typer.Option(help="Bundle to score with; else the champion.")] = None,
    engine: Annotated[
        Literal["local", "spark"],
        typer.Option(help="Where leads are scored: here, or on the cluster of BATON_SPARK_MASTER."),
    ] = "local",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that score here; else one for each core.")
    ] = None,
    partitions: Annotated[
        int | None, typer.Option(min=1, help="Parts to score the leads in; else by their number.")
    ] = None,
    project: ProjectFolder = HERE,
) -> None:
    """Score every lead that was open at a moment.

    A feature uses only what was recorded by then. Leads that break a clause with `reject` are in the
    file too, with the decision `reject`, no probability, and their issues. Many leads are scored in
    parts, on all cores or on a Spark cluster, with the same scores to the last bit.
    """
    from features.moments import to_time
    from models.batch import ScoredHere, score_source
    from models.scorer import load_scorer
    from pipeline.now import latest_recorded
    from pipeline.parts.engines import engine_named
    from pipeline.parts.scoring import ScoredInParts, parts_of_leads
    from pipeline.scores_file import write_scores
    from pipeline.sources.folder import read_history
    from pipeline.sources.mapping import load_mapping

    version, folder = _model(Project(project), bundle)
    scorer = load_scorer(folder, version)
    how = None if as_tables else mapping or _own_mapping(Project(project))
    history = read_history(source, load_mapping(how) if how else None).history
    latest = latest_recorded(history)
    moment = moment_of(as_of) if as_of else latest
    parts = parts_of_leads(len(history.leads), partitions)
    with tqdm(unit=" leads", desc="scoring", leave=False) as bar, engine_named(engine, workers) as computing:
        here = ScoredHere(scorer, moment, lambda done, total: _advance(bar, done, total))
        in_parts = ScoredInParts(folder, version, moment, computing, Project(project).work / "score", parts)
        whole = engine == "local" and parts == 1
        scores = score_source(scorer, history, moment, latest, here if whole else in_parts)
    write_scores(scores, scorer, out)
    handed = sum(one.decision == "hand_off" for one in scores)
    typer.echo(
        f"{len(scores):,} open leads scored as of {to_time(moment):%Y-%m-%d %H:%M} UTC by model {version}: "
        f"{handed:,} to hand off, {sum(one.decision == 'reject' for one in scores):,} rejected. See {out}."
    )


def _model(project: Project, bundle: Path | None) -> tuple[str, Path]:
    from models.shelf import Shelf

    if bundle:
        return "unregistered", bundle
    champion = Shelf(project.served).champion()
    if champion is None:
        raise BatonError(
            "scoring needs a champion", f"none in {project.served}", "promote a bundle with `baton promote`"
        )
    return champion


def _own_mapping(project: Project) -> Path | None:
    """Return the mapping by which the project reads its history; a champion alone needs no project."""
    settings = project.root / "params.yaml"
    named = project.params.data.mapping if settings.exists() else None
    return named and project.root / named


def _advance(bar: tqdm, done: int, total: int) -> None:  # type: ignore[type-arg]
    bar.total = total
    bar.update(done - bar.n)

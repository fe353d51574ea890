"""Scoring open leads part by part, by the function that scores them in one process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import TypeAdapter

from data_checks.tables import CrmHistory
from models.batch import score_open
from models.scorer import LeadScore, Scorer, load_scorer
from pipeline.parts.engines import Engine
from pipeline.parts.tables import Parts
from pipeline.parts.whole_files import part_file, whole_file
from pipeline.parts.work import Work
from pipeline.store import write_history

LEADS_A_PART: Final = 20_000
"""So many leads are worth a part of their own; fewer are scored where they are."""


@dataclass(frozen=True)
class ScoreTask:
    """Score the open leads of a part with a bundle."""

    parts: Parts
    bundle: Path
    version: str
    as_of: int
    folder: Path

    def path(self, part: int) -> Path:
        """Return where the file of a part lies."""
        return part_file(self.folder, part, "json")

    def __call__(self, part: int) -> int:
        """Write the scores of a part, in the order of the lead ids; return how many they are."""
        scores = score_open(_scorer(self.bundle, self.version), self.parts.records(part), self.as_of)
        with whole_file(self.path(part)) as unfinished:
            unfinished.write_bytes(_scores_as_json().dump_json(scores))
        return len(scores)


@dataclass(frozen=True)
class ScoredInParts:
    """Scores the open leads of a checked history part by part; the folder holds what is under way."""

    bundle: Path
    version: str
    as_of: int
    engine: Engine
    folder: Path
    parts: int

    def __call__(self, history: CrmHistory) -> tuple[LeadScore, ...]:
        """Return the scores in the order of the lead ids."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.folder) as place:
            work = Work(Path(place).resolve(), self.engine, _say_nothing)
            write_history(history, work.folder / "history")
            columns = [str(name) for name in history.leads.columns]
            cut = work.cut(work.folder / "history", columns, self.parts)
            scores = work.folder / "scores"
            paths = work.compute(
                ScoreTask(cut, self.bundle.resolve(), self.version, self.as_of, scores), "leads scored"
            )
            return tuple(one for path in paths for one in _scores_as_json().validate_json(path.read_bytes()))


def parts_of_leads(leads: int, asked: int | None) -> int:
    """Return in how many parts leads should be scored: as many as asked for, else by their number."""
    return asked or max(1, math.ceil(leads / LEADS_A_PART))


@lru_cache(maxsize=1)
def _scorer(bundle: Path, version: str) -> Scorer:
    return load_scorer(bundle, version)


@lru_cache(maxsize=1)
def _scores_as_json() -> TypeAdapter[tuple[LeadScore, ...]]:
    return TypeAdapter(tuple[LeadScore, ...])


def _say_nothing(_: str) -> None:
    pass

"""Unfinished work on disk, so that a run that was stopped goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from pipeline.parts.engines import Engine
from pipeline.parts.tables import CutTables, Parts, WholeTables, absent_tables
from pipeline.parts.whole_files import UNFINISHED, whole_file
from pipeline.provenance import files_hash
from pipeline.store import read_json, write_json

HOME = Path(__file__).resolve().parents[2]
"""Where the code of the rooms lies."""


class FileTask(Protocol):
    """Computes the file of a part."""

    @property
    def parts(self) -> Parts:
        """The parts that there are."""

    def path(self, part: int) -> Path:
        """Return where the file of a part lies. It is there if and only if it is whole."""

    def __call__(self, part: int) -> int:
        """Write the file of a part and return how many rows it has."""


@dataclass(frozen=True)
class Work:
    """A folder for the files of parts, named after everything that these depend on."""

    folder: Path
    engine: Engine
    say: Callable[[str], None]

    def cut(self, source: Path, lead_columns: Sequence[str], parts: int) -> Parts:
        """Return the tables in parts, cut unless that is done already or one part is enough."""
        if parts == 1:
            return WholeTables(source.resolve(), tuple(lead_columns))
        done = self.folder / "cut.json"
        if done.exists():
            self.say("the tables are cut already")
        else:
            target = self.folder / "tables"
            shutil.rmtree(target, ignore_errors=True)
            self.say(f"cutting the tables into {parts} parts")
            found = self.engine.cut(source, target, lead_columns, parts)
            with whole_file(done) as unfinished:
                write_json({"parts": found}, unfinished)
        found = read_json(done)["parts"]
        return CutTables(self.folder / "tables", tuple(lead_columns), absent_tables(source), found)

    def compute(self, task: FileTask, what: str) -> list[Path]:
        """Compute the parts that have no file yet, and return the files of all in order.

        ``what`` says what is counted while the parts are computed.
        """
        parts = len(task.parts)
        paths = [task.path(part) for part in range(parts)]
        missing = [part for part, path in enumerate(paths) if not path.exists()]
        if len(missing) < parts:
            self.say(f"{parts - len(missing)} of {parts} parts are done already ({what})")
        rows = 0
        with tqdm(
            total=parts, initial=parts - len(missing), unit=" parts", disable=True if parts == 1 else None
        ) as bar:
            for done in self.engine.compute(task, missing) if missing else ():
                rows += done
                bar.set_postfix_str(f"{rows:,} {what}", refresh=False)
                bar.update()
        return paths

    def finish(self, made: Path, target: Path) -> None:
        """Put what was made in its place, and remove everything else."""
        for unfinished in made.rglob(f".*{UNFINISHED}"):
            unfinished.unlink()
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, target)
        shutil.rmtree(self.folder)


def begin_work(home: Path, depends_on: object, engine: Engine, say: Callable[[str], None]) -> Work:
    """Return the work that depends on these facts and on the code; the files of any other work are removed.

    One work is kept, that of the latest run, so that what was stopped and given up does not fill the disk.
    """
    facts = {"code": [files_hash(HOME / room, "**/*.py") for room in ("data_checks", "features", "models")]}
    facts["parts"] = [files_hash(HOME / "pipeline" / "parts", "*.py")]
    told = json.dumps([facts, depends_on], sort_keys=True, default=str)
    key = hashlib.sha256(told.encode()).hexdigest()[:16]
    # A worker elsewhere begins in another folder.
    home = home.resolve()
    for other in home.glob("*"):
        if other.name != key:
            shutil.rmtree(other)
    (home / key).mkdir(parents=True, exist_ok=True)
    return Work(home / key, engine, say)

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.parts.engines import LocalEngine
from pipeline.parts.whole_files import part_file, whole_file
from pipeline.parts.work import begin_work


@dataclass(frozen=True)
class Doubling:
    """Writes twice the number of each part."""

    folder: Path
    parts: range = range(4)
    computed: list[int] = field(default_factory=list)

    def path(self, part: int) -> Path:
        """Return where the file of a part lies."""
        return part_file(self.folder, part)

    def __call__(self, part: int) -> int:
        """Write the file of a part."""
        self.computed.append(part)
        with whole_file(self.path(part)) as unfinished:
            unfinished.write_text(str(2 * part))
        return 1


def work_in(folder: Path, depends_on: object, said: list[str] | None = None):
    return begin_work(folder, depends_on, LocalEngine(1), (said if said is not None else []).append)


def test_only_missing_parts_are_computed(tmp_path):
    """A part whose file is there is not computed again, and the run says how many are."""
    said: list[str] = []
    task = Doubling(work_in(tmp_path, "data").folder)
    task(2)
    task.computed.clear()
    paths = work_in(tmp_path, "data", said).compute(task, "doubled")
    assert task.computed == [0, 1, 3]
    assert [path.read_text() for path in paths] == ["0", "2", "4", "6"]
    assert said == ["1 of 4 parts are done already (doubled)"]


def test_other_facts_begin_anew(tmp_path):
    """Parts that depend on other data or settings are neither read nor left on the disk."""
    old = work_in(tmp_path, {"windows_days": [1]}).folder
    (old / "part").touch()
    new = work_in(tmp_path, {"windows_days": [2]}).folder
    assert new != old
    assert list(tmp_path.iterdir()) == [new]
    assert not list(new.iterdir())


def test_finished_work_replaces_what_was_there(tmp_path):
    """What was made takes the place of an earlier result as a whole; beginnings of files go with the rest."""
    target = tmp_path / "build" / "training"
    target.mkdir(parents=True)
    (target / "of yesterday").touch()
    work = work_in(tmp_path / "work", "data")
    made = work.folder / "made" / "rows"
    made.mkdir(parents=True)
    (made / "part").touch()
    (made / ".part.0.unfinished").touch()
    work.finish(work.folder / "made", target)
    assert [path.name for path in target.rglob("*")] == ["rows", "part"]
    assert not list((tmp_path / "work").iterdir())

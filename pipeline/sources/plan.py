"""Which file feeds which table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data_checks.tables import SHAPES
from pipeline.sources.errors import MappingError, hint, listed
from pipeline.sources.folder_files import matching, tables_by_name
from pipeline.sources.mapping import SourceMapping, TableRule


@dataclass(frozen=True)
class Part:
    """One file for one table; ``where`` is the place in the mapping, for messages."""

    table: str
    rule: TableRule
    where: str

    @property
    def file_names(self) -> tuple[str, ...]:
        """The file and those joined to it."""
        return (self.rule.file, *(join.file for join in self.rule.join))


def mapping_by_name(files: Mapping[str, Path]) -> SourceMapping:
    """Return the mapping that a folder without one has: each file is named after its table.

    Raises:
        SourceError: when a table has two files, or leads has none.
    """
    found = tables_by_name(files)
    return SourceMapping(tables={table: (TableRule(file=name),) for table, name in found.items()})


def planned(mapping: SourceMapping, files: Mapping[str, Path]) -> tuple[Part, ...]:
    """Return the parts of all tables, a pattern of file names resolved into its files.

    Raises:
        MappingError: when a file is not there.
    """
    return tuple(
        part
        for table, rules in mapping.tables.items()
        for number, rule in enumerate(rules)
        for part in _parts(table, rule, f"tables.{table}" + (f"[{number}]" if len(rules) > 1 else ""), files)
    )


def unused_files(parts: Iterable[Part], files: Mapping[str, Path]) -> Iterator[str]:
    """Yield a note on each data file that no table is made from, and which table it may be meant for.

    The answer sheet of the sample CRM, which lies beside its tables, is meant for none.
    """
    used = {name for part in parts for name in part.file_names}
    for name, path in files.items():
        if name not in used and not name.endswith((".txt", ".txt.gz")) and not _is_answer(name, path):
            stem = Path(name).name.partition(".")[0]
            yield f"{name} is not read{'' if stem in SHAPES else hint(stem, SHAPES)}"


def _is_answer(name: str, path: Path) -> bool:
    return name.startswith("truth/") and (path.parent / "settings.json").is_file()


def _parts(table: str, rule: TableRule, where: str, files: Mapping[str, Path]) -> Iterator[Part]:
    joins = tuple(
        join.model_copy(update={"file": _single(join.file, files, f"{where}.join.file")})
        for join in rule.join
    )
    names = matching(rule.file, files, f"{where}.file")
    if len(names) > 1 and any(column.row_order for column in rule.rules.values()):
        raise MappingError(f"{where}: row_order counts the rows of one file", listed(names), "name one file")
    for name in names:
        yield Part(table, rule.model_copy(update={"file": name, "join": joins}), where)


def _single(pattern: str, files: Mapping[str, Path], where: str) -> str:
    names = matching(pattern, files, where)
    if len(names) > 1:
        raise MappingError(f"{where} names one file", listed(names), "name one of them")
    return names[0]

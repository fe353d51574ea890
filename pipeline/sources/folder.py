"""A folder of files, read into a CRM's history."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.folder_files import data_files
from pipeline.sources.gathering import gathered
from pipeline.sources.limits import Limits
from pipeline.sources.mapping import SourceMapping
from pipeline.sources.opening import opened_files
from pipeline.sources.plan import mapping_by_name, planned, unused_files
from pipeline.sources.reading import Reading
from pipeline.sources.source_reader import SourceReader

__all__ = ["Reading", "read_history"]


def read_history(
    source: Path | str, mapping: SourceMapping | None = None, limits: Limits | None = None
) -> Reading:
    """Read the files of a folder; without a mapping each is named after its table.

    ``limits`` come from the environment unless they are given.

    Raises:
        SourceError: when a file is missing, ambiguous or unreadable, or no lead could be read.
        MappingError: when the mapping names a file or a column that is not there.
    """
    files = data_files(Path(source))
    mapping = mapping or mapping_by_name(files)
    parts = planned(mapping, files)
    needed = {name for part in parts for name in part.file_names}
    with opened_files(files, needed, mapping.files, limits or Limits.from_environment()) as (
        database,
        opened,
    ):
        reader = SourceReader(database, mapping, opened)
        read = [reading for part in parts for reading in reader.read(part)]
    return gathered(read, tuple(unused_files(parts, files)))

"""What is computed of each part: three plain functions of a part, each of which writes one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data_checks.agreement import Agreement
from features.census import Census
from features.exclusions import Exclusions
from features.profile import Profile
from models.gaps import Gaps
from models.known_outcomes import reference_of
from models.training_blocks import TrainingPlan
from pipeline.parts.census_files import write_census
from pipeline.parts.shared import Shared
from pipeline.parts.tables import Parts
from pipeline.parts.whole_files import part_file, whole_file
from pipeline.store import write_compact_json, write_rows
from pipeline.training import LEAD_IDS, ROWS


@dataclass(frozen=True)
class CensusTask:
    """Count the texts of a part's leads and activities."""

    parts: Parts
    agreement: Agreement
    left_out: Exclusions
    folder: Path

    def path(self, part: int) -> Path:
        """Return where the file of a part lies."""
        return part_file(self.folder, part)

    def __call__(self, part: int) -> int:
        """Write the census of a part; return its number of leads."""
        census = Census.of(self.parts.records(part), self.agreement, self.left_out)
        write_census(census, self.path(part))
        return census.leads


@dataclass(frozen=True)
class ReferenceTask:
    """Date the known outcomes of a part's leads."""

    parts: Parts
    campaigns: pd.DataFrame
    agreement: Agreement
    profile: Profile
    now: int
    gaps: Gaps
    folder: Path

    def path(self, part: int) -> Path:
        """Return where the file of a part lies."""
        return part_file(self.folder, part, "json")

    def __call__(self, part: int) -> int:
        """Write the reference of a part; return its number of leads."""
        records = self.parts.records(part, activities=False)
        found = reference_of(records, self.campaigns, self.agreement, self.profile, self.now, self.gaps)
        with whole_file(self.path(part)) as unfinished:
            write_compact_json(found.to_json(), unfinished)
        return len(records)


@dataclass(frozen=True)
class RowsTask:
    """Compute the training rows of a part; ``first_lead`` is how many leads come before each part."""

    parts: Parts
    plan: Shared[TrainingPlan]
    first_lead: tuple[int, ...]
    folder: Path

    def path(self, part: int) -> Path:
        """Return where the file of a part lies."""
        return part_file(self.folder / ROWS, part)

    def __call__(self, part: int) -> int:
        """Write ids and rows of a part, the rows last, as they are what tells that a part is done."""
        records, plan = self.parts.records(part), self.plan.value()
        with whole_file(part_file(self.folder / LEAD_IDS, part)) as unfinished:
            pd.DataFrame({"lead_id": list(records.lead_ids)}, dtype="str").to_parquet(unfinished, index=False)
        seen = plan.snapshots(records)
        blocks = plan.blocks(records, seen, self.first_lead[part])
        with whole_file(self.path(part)) as unfinished:
            write_rows(blocks, unfinished, plan.mature_until)
        return len(seen)

import pytest

from features.census import Census
from features.from_history import records_from_history
from features.profiling import profile_of
from pipeline.parts.census_files import first_leads, merged_census, write_census
from whole_catalogue import AGREEMENT, SETTINGS, whole_world


@pytest.fixture
def records():
    return records_from_history(whole_world().history())


@pytest.mark.parametrize("leads_a_part", [1, 2, 100])
@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_files_of_parts_give_the_profile_of_the_whole(records, tmp_path, leads_a_part, at_once):
    """A label rare in each part and common in all is found, however few labels are held at once."""
    paths = []
    for first in range(0, len(records), leads_a_part):
        part = records.of_leads(first, min(first + leads_a_part, len(records)))
        paths.append(tmp_path / f"{first:05d}.parquet")
        write_census(Census.of(part, AGREEMENT), paths[-1])
    merged = merged_census(paths, SETTINGS.label_at_least, at_once)
    whole = Census.of(records, AGREEMENT)
    campaigns = whole_world().history().campaigns
    assert profile_of(merged, campaigns, AGREEMENT, SETTINGS) == profile_of(
        whole, campaigns, AGREEMENT, SETTINGS
    )
    assert merged.leads == len(records)
    assert first_leads(paths) == tuple(range(0, len(records), leads_a_part))

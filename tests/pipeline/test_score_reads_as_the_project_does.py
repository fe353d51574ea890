"""`baton score` reads a source by the mapping of its project, unless it is told otherwise."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from data_checks.errors import BatonError
from tiny_source import make_tiny_source, scored

MAPPING = {"tables": {"leads": {"file": "Contacts.parquet", "columns": {"lead_id": "contact"}}}}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return make_tiny_source(tmp_path_factory.mktemp("tiny"))


def _project(folder):
    (folder / "mappings").mkdir()
    (folder / "mappings" / "crm.yaml").write_text(yaml.safe_dump(MAPPING))
    settings = {"data": {"source": "export", "mapping": "mappings/crm.yaml"}}
    (folder / "params.yaml").write_text(yaml.safe_dump(settings))


def test_an_export_is_read_by_the_mapping_of_the_project(source, tmp_path):
    """Files that only the project's mapping explains are scored without naming it."""
    tables, bundle = source
    _project(tmp_path)
    export = tmp_path / "export"
    export.mkdir()
    leads = pd.read_parquet(tables / "leads.parquet").rename(columns={"lead_id": "contact"})
    leads.to_parquet(export / "Contacts.parquet", index=False)
    alone = tmp_path / "alone"
    alone.mkdir()
    pd.read_parquet(tables / "leads.parquet").to_parquet(alone / "leads.parquet", index=False)
    mapped = scored((export, bundle), tmp_path)
    assert len(mapped) > 100
    pd.testing.assert_frame_equal(mapped, scored((alone, bundle), tmp_path, "--as-tables"), check_exact=True)


def test_tables_are_not_guessed_to_be_an_export(source, tmp_path):
    """In a project with a mapping, files that it does not fit are refused and not read in another way."""
    _project(tmp_path)
    with pytest.raises((BatonError, AssertionError), match=r"Contacts\.parquet"):
        scored(source, tmp_path)

"""The shelf: what is served, and the way back."""

from __future__ import annotations

import shutil
import time

import pytest

from crm_tables import agreed
from data_checks.errors import BatonError
from models.scorer import load_scorer
from models.shelf import Shelf
from tiny_bundle import save_tiny_bundle


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory):
    """A shelf on which version 2 followed version 1."""
    folder = tmp_path_factory.mktemp("shelf")
    shelf = Shelf(folder / "models")
    for version in ("1", "2"):
        save_tiny_bundle(agreed(version=version), folder / version)
        shelf.put(folder / version, version)
        shelf.promote(version, "Ada", "a test")
    return shelf


@pytest.fixture
def shelf(two_versions, tmp_path):
    """A shelf of its own for each test."""
    return Shelf(shutil.copytree(two_versions.root, tmp_path / "models"))


def test_a_rollback_takes_seconds_and_serves_what_was_served_before(shelf):
    """The earlier model is served again, ready to score, well within a minute."""
    start = time.monotonic()
    shelf.rollback("Ben", "too many calls")
    version, folder = shelf.champion()
    assert (version, load_scorer(folder).agreement.version) == ("1", "1")
    assert time.monotonic() - start < 30
    assert [(one.version, one.by) for one in shelf.history()] == [("1", "Ada"), ("2", "Ada"), ("1", "Ben")]


def test_a_damaged_version_is_not_promoted(shelf):
    """A version whose files were changed on the shelf is refused, and the champion stays."""
    with (shelf.root / "1" / "model.json").open("a") as model:
        model.write("\n")
    with pytest.raises(BatonError):
        shelf.rollback("Ben", "a test")
    assert shelf.champion()[0] == "2"
    assert len(shelf.history()) == 2


def test_without_an_earlier_champion_there_is_no_way_back(tmp_path):
    """An empty shelf says that there is nothing to go back to."""
    with pytest.raises(BatonError, match="promote a model first"):
        Shelf(tmp_path).rollback("Ben", "a test")


@pytest.mark.parametrize("name", ["champion.json", "promotions.jsonl"])
def test_a_damaged_record_is_told_with_its_file(shelf, name):
    """Half a line in the record of promotions is an error that names the file and what to do."""
    with (shelf.root / name).open("w") as record:
        record.write('{"version": "2", "at"')
    with pytest.raises(BatonError, match=f"{name}. Next: remove that line"):
        shelf.rollback("Ben", "a test")


def test_a_promotion_of_an_earlier_release_is_still_read(shelf):
    """A record without agreement, data and what was overruled is read, as it was written then."""
    with (shelf.root / "promotions.jsonl").open("a") as record:
        record.write(
            '{"version": "3", "at": "2026-11-23T09:00:00Z", "by": "A", "reason": "b", "bundle_hash": "c"}\n'
        )
    assert shelf.history()[-1].data_hash == ""
    assert shelf.history()[0].agreement_version == "1"

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


def test_a_challenger_stands_beside_the_champion_and_leaves_no_promotion(shelf):
    """Naming a challenger changes neither the champion nor the record of promotions."""
    shelf.challenge("1", "Cleo", "a look", ["it is worse"])
    assert (shelf.challenger().version, shelf.challenger().overruled) == ("1", ("it is worse",))
    assert (shelf.champion()[0], len(shelf.history())) == ("2", 2)
    assert [shelf.end_challenge(), shelf.end_challenge()] == [True, False]
    assert shelf.challenger() is None


@pytest.mark.parametrize("how", ["promote", "rollback"])
def test_whoever_becomes_champion_challenges_no_more(shelf, how):
    """Promoted or rolled back to, a bundle that is served has nothing to be compared with."""
    shelf.challenge("1", "Cleo", "a look")
    shelf.promote("1", "Ada", "good") if how == "promote" else shelf.rollback("Ada", "back")
    assert (shelf.champion()[0], shelf.challenger()) == ("1", None)


def test_another_challenger_stays_when_the_champion_changes(shelf):
    """A promotion of one bundle does not end the challenge of another."""
    shelf.challenge("2", "Cleo", "a look")
    shelf.promote("1", "Ada", "good")
    assert shelf.challenger().version == "2"


def test_a_damaged_challenger_keeps_no_champion_from_serving(shelf):
    """Half a line in challenger.json is told with what to do, and a promotion goes through."""
    shelf.challenger_pointer.write_text('{"version": "1", "at"')
    with pytest.raises(BatonError, match=r"challenger\.json\. Next: end it with `baton challenge --end`"):
        shelf.challenger()
    shelf.promote("1", "Ada", "good")
    assert shelf.champion()[0] == "1"
    assert shelf.end_challenge()


def test_a_version_that_is_not_on_the_shelf_has_no_bundle(shelf):
    """The bundle of a version is its folder, or None once that is gone."""
    assert shelf.bundle_of("1") == shelf.root / "1"
    assert shelf.bundle_of("3") is None

"""`baton challenge`: a bundle beside the champion, told of by the gate and not stopped."""

from __future__ import annotations

import pytest

from data_checks.errors import BatonError
from judged_projects import baton, registry, shelf_of, train_in, with_params
from models.bundle import load_bundle
from models.shelf import Shelf
from pipeline.challenge import challenge_with_bundle
from pipeline.promotion import promote_bundle


def test_a_challenger_is_told_what_the_gate_objects_and_stays_in_shadow(rival):
    """A worse model may be watched: the objections are printed, kept, and listed by `baton models`."""
    done = baton(rival, "challenge", "--reason", "a look at fewer windows")
    assert done.exit_code == 0, done.output
    assert "version 2 scores beside the champion. It answers nobody" in done.stdout
    assert "clearly worse than version 1" in done.stdout
    shelf = Shelf(rival.served)
    found = shelf.challenger()
    assert (found.version, found.reason) == ("2", "a look at fewer windows")
    assert found.bundle_hash == load_bundle(rival.bundle).hash
    assert found.overruled
    assert (shelf.champion()[0], registry(rival).champion()) == ("1", "1")
    told = baton(rival, "models").stdout
    assert "champion: version 1" in told
    assert "challenger: version 2 since " in told
    assert "the gate objects: a model is served only if it is not clearly worse" in told
    tags = registry(rival)._client.get_model_version("baton", "2").tags
    assert tags["challenged_by"]
    assert "promoted_by" not in tags
    assert len(shelf.history()) == 1


def test_a_promoted_challenger_keeps_its_version_and_challenges_no_more(rival):
    """Its shadow scores and its scores have one name; the registry says who promoted it."""
    challenge_with_bundle(rival, "Ada", "a look")
    assert "version 2 is served" in promote_bundle(rival, "Ben", "a trial")
    shelf = Shelf(rival.served)
    assert (shelf.champion()[0], shelf.challenger()) == ("2", None)
    tags = registry(rival)._client.get_model_version("baton", "2").tags
    assert (tags["challenged_by"], tags["promoted_by"], tags["reason"]) == ("Ada", "Ben", "a trial")
    assert registry(rival).champion() == "2"


def test_a_challenge_is_ended_by_hand_without_a_server(rival, monkeypatch):
    """`--end` takes the pointer away, tells whether there was one, and asks nobody."""
    challenge_with_bundle(rival, "Ada", "a look")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert baton(rival, "challenge", "--end").stdout == "the champion scores alone\n"
    assert Shelf(rival.served).challenger() is None
    assert baton(rival, "challenge", "--end").stdout == "the champion scores alone, as before\n"


def test_a_bundle_that_challenges_or_serves_already_stays(rival):
    """Challenging twice registers nothing anew, and the champion does not challenge itself."""
    challenge_with_bundle(rival, "Ada", "a look")
    before = shelf_of(rival)
    assert "is the challenger already" in challenge_with_bundle(rival, "Ben", "again")
    assert shelf_of(rival) == before
    promote_bundle(rival, "Ben", "a trial")
    assert "is served already" in challenge_with_bundle(rival, "Ben", "again")


def test_without_a_champion_there_is_nothing_to_challenge(new):
    """The first model is promoted, not watched: there is nothing to compare it with."""
    with pytest.raises(BatonError, match=r"no champion\. Next: promote one"):
        challenge_with_bundle(new, "Ada", "a look")
    assert shelf_of(new) == {}


def test_a_challenger_that_passes_has_no_objection(new):
    """A model as good as the champion is told so, and may answer for a share of leads."""
    promote_bundle(new, "Ada")
    with_params(new.root, train={"rounds": 29})
    train_in(new.root)
    assert "The gate has no objection" in challenge_with_bundle(new, "Ada", "a look")
    assert Shelf(new.served).challenger().overruled == ()


def test_a_bundle_that_cannot_be_judged_is_told_so(rival):
    """What keeps the gate from judging is an objection, too."""
    (rival.reports / "metrics.json").unlink()
    said = challenge_with_bundle(rival, "Ada", "a look")
    assert "It answers nobody" in said
    assert len(Shelf(rival.served).challenger().overruled) == 1

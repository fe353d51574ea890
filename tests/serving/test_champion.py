"""The champion: loaded beside the requests, and never for the worse."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread

import pytest

from data_checks.errors import BatonError
from serving.champion import TRY_AGAIN_AFTER, ModelWatch, champion_of


class BundleBrokenError(BatonError):
    """What loading a damaged bundle raises."""


def until(condition, seconds: float = 5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def load(new_scorer):
    """Load any version but those that begin with `bad`."""

    def load(_, version):
        if version.startswith("bad"):
            raise BundleBrokenError("a bundle is whole", "model.txt without its end", "build it again")
        if version.startswith("lightning"):
            raise RuntimeError("bolt")
        return new_scorer(version)

    return load


def test_without_a_champion_baton_starts_and_says_how_to_promote(make_service, a_lead):
    """No model: alive, not ready, 503 for a score, and the page says what to do."""
    service = make_service(champion=None)
    assert service.client.get("/livez").status_code == 200
    ready = service.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"status": "not ready", "missing": ["model"]})
    refused = service.score([a_lead()])
    assert (refused.status_code, refused.json()["type"]) == (503, "/docs#problem-no-model")
    assert "baton promote" in refused.json()["detail"]
    assert refused.headers["retry-after"]
    assert "baton promote" in service.client.get("/").text
    assert service.client.get("/model", headers=service.headers).status_code == 503


def test_the_first_champion_is_picked_up_without_a_restart(make_service, a_lead):
    """Promote after the start, and Baton gets ready by itself."""
    service = make_service(champion=None)
    service.shelf.promote("1")
    assert until(lambda: service.client.get("/readyz").status_code == 200)
    assert service.score([a_lead()]).json()["scores"][0]["model_version"] == "1"


def test_a_swap_under_load_fails_no_request(make_service, a_lead, load):
    """While the champion changes many times, every request is answered by one model or the next."""
    service = make_service(load=load, champion="1")
    done, answers = Event(), []

    def ask():
        while not done.is_set():
            answers.append(service.score([a_lead(), a_lead("L-2")]))

    askers = [Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for version in range(2, 8):
        service.shelf.promote(str(version))
        time.sleep(0.12)
    assert until(lambda: answers[-1].json()["scores"][0]["model_version"] == "7")
    done.set()
    for asker in askers:
        asker.join()
    assert {answer.status_code for answer in answers} == {200}
    versions = [{score["model_version"] for score in answer.json()["scores"]} for answer in answers]
    assert all(len(found) == 1 for found in versions)
    assert len(set().union(*versions)) > 2


@pytest.mark.parametrize(("version", "reason"), [("bad-2", "a bundle is whole"), ("lightning", "bolt")])
def test_a_champion_that_does_not_load_leaves_the_old_one(make_service, a_lead, load, version, reason):
    """The last good model stays in service, and page and /model say why the new one is not."""
    service = make_service(load=load, champion="1")
    service.shelf.promote(version)

    def told():
        return service.client.get("/model", headers=service.headers).json()["not_loaded"] or ""

    assert until(lambda: reason in told())
    assert service.client.get("/readyz").status_code == 200
    assert service.score([a_lead()]).json()["scores"][0]["model_version"] == "1"
    assert "A newer champion is not in service" in service.client.get("/").text
    service.shelf.promote("3")
    assert until(lambda: told() == "")
    assert service.score([a_lead()]).json()["scores"][0]["model_version"] == "3"


def test_a_model_that_cannot_score_is_not_served(make_service, new_scorer, a_lead):
    """A scorer is rehearsed before the first lead meets it."""

    class Mute(new_scorer):
        def score(self, leads, explained=None):
            """Answer all but one."""
            return super().score(leads, explained)[1:]

    service = make_service(load=lambda _, version: Mute(version) if version == "2" else new_scorer(version))
    service.shelf.promote("2")
    fault = lambda: service.client.get("/model", headers=service.headers).json()["not_loaded"]  # noqa: E731
    assert until(fault)
    assert service.score([a_lead()]).json()["scores"][0]["model_version"] == "7"


def test_the_same_version_promoted_again_is_loaded_again(make_service, tmp_path, new_scorer):
    """A version may be rebuilt in its place: the pointer's change is what counts."""
    loaded = []

    def load(_, version):
        loaded.append(version)
        return new_scorer(version)

    service = make_service(load=load, champion="1")
    service.shelf.promote("1")
    assert until(lambda: loaded == ["1", "1"])


def test_a_broken_champion_is_tried_again_only_now_and_then(tmp_path, new_scorer, caplog):
    """Loading is costly: an unchanged broken champion is tried again after a while, and logged once."""
    now, loads = [0.0], []

    class Shelf:
        pointer = tmp_path / "champion"

        def champion(self):
            """Name the same champion for ever."""
            return "9", tmp_path

    def load(_, version):
        loads.append(version)
        raise BundleBrokenError("a bundle is whole", "half of one", "build it again")

    Shelf.pointer.write_text("9")
    watch = ModelWatch(champion_of(Shelf()), load, clock=lambda: now[0])
    with caplog.at_level(logging.ERROR, "baton.champion"):
        logging.getLogger("baton.champion").addHandler(caplog.handler)
        for _ in range(5):
            watch.refresh()
        now[0] = TRY_AGAIN_AFTER
        watch.refresh()
        logging.getLogger("baton.champion").removeHandler(caplog.handler)
    assert loads == ["9", "9"]
    assert len({record.getMessage() for record in caplog.records}) == 1
    assert watch.served is None
    assert "a bundle is whole" in str(watch.fault)


def test_a_shelf_that_cannot_be_read_leaves_the_old_model(tmp_path, new_scorer):
    """A damaged pointer is a fault that is told, not a service that ends."""

    class Shelf:
        pointer = tmp_path / "champion"
        broken = False

        def champion(self):
            """Name a champion, unless the shelf is broken."""
            if self.broken:
                raise ValueError("no JSON")
            return "1", tmp_path

    shelf = Shelf()
    shelf.pointer.write_text("1")
    watch = ModelWatch(champion_of(shelf), lambda _, version: new_scorer(version))
    watch.refresh()
    shelf.broken = True
    watch.refresh()
    assert watch.served.scorer.model_version == "1"
    assert "no JSON" in str(watch.fault)

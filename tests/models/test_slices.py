"""Kinds of leads and stretches of time, looked at by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from crm_tables import agreed
from features.from_history import records_from_history
from features.moments import DAY
from features.records import Snapshots
from features.text_column import from_texts
from gate_world import World
from models.gate_settings import GateSettings
from models.lead_kinds import lead_kinds, size_bands
from models.slices import holm, on_slices
from models.stretches import stretch_of
from small_world import Created, Edited, Moved
from small_world import World as Crm


def test_many_looks_raise_few_false_alarms():
    """Where challenger and champion are equally good, about one world in twenty may see an objection."""
    alarms = 0
    for seed in range(80):
        world = World(leads=1200, seed=seed)
        window = world.window(world.guess(0.7)).against("version 1", world.guess(0.7))
        found = on_slices(window, "version 1", GateSettings(slice_worse_at_most=0))
        assert len(found) == 4
        alarms += any(one.objection for one in found)
    assert alarms <= 9


def test_holm_holds_the_smallest_chance_to_all_looks():
    """The smallest chance is held to the number of looks, the next to one less, until one is not clear."""
    assert holm([0.02, 0.012, 0.5]) == [True, True, False]
    assert holm([0.02, 0.018, 0.5]) == [False, False, False]
    assert holm([]) == []


def test_a_loss_too_small_to_matter_is_not_objected_to():
    """A clear loss below what is tolerated is in the evidence and no objection."""
    world = World(leads=8000)
    window = world.window(world.guess(1.0)).against("version 1", world.guess(0.3))
    assert any(one.objection for one in on_slices(window, "version 1", GateSettings(slice_worse_at_most=0)))
    assert not any(
        one.objection for one in on_slices(window, "version 1", GateSettings(slice_worse_at_most=1))
    )


def test_stretches_follow_each_other_and_weigh_the_same():
    """Stretches part a window by time into equal weights, and a moment is never in two."""
    world = World()
    window = world.window(world.truth)
    found = stretch_of(window, 4)
    assert np.bincount(found) == pytest.approx(np.full(4, 1000), rel=0.06)
    assert (np.diff(found[np.argsort(window.as_of, kind="stable")]) >= 0).all()
    assert all(len(set(found[window.as_of == moment])) == 1 for moment in np.unique(window.as_of))


def test_one_moment_is_one_stretch():
    """A window of a single moment has no stretches to part it by."""
    world = World(leads=50)
    world.as_of[:] = DAY
    assert set(stretch_of(world.window(world.truth), 4)) == {0}


def test_sizes_fall_into_bands():
    """A size is in the band that it begins or lies in; what is no size is not known."""
    sizes = ["1", "9", "10", "249", "250", "1,000", "70000", "0", "-3", "about 200", None]
    bands = ["1 to 9", "1 to 9", "10 to 49", "50 to 249", "250 to 999", "1,000 and more", "1,000 and more"]
    found = size_bands(from_texts(sizes)).tolist()
    assert found[:5] == bands[:5]
    assert found[6] == bands[6]
    assert found[7:] == ["", "", "", ""]


def test_kinds_are_those_of_the_moment_in_the_words_of_the_crm():
    """A lead is of the kind that it was of when it was looked at, however its values were typed."""
    crm = Crm(
        (
            Created(DAY, "L-1", {"industry": "RETAIL", "lead_source": "Web", "number_of_employees": "12"}),
            Created(DAY, "L-2", {"industry": "Retail ", "lead_source": None}),
            Edited(5 * DAY, "L-1", "number_of_employees", "400"),
            Moved(3 * DAY, "L-1", "MQL"),
        )
    )
    looks = Snapshots(np.array([0, 0, 1]), np.array([2, 6, 6]) * DAY)
    kinds = lead_kinds(records_from_history(crm.history()), looks, agreed())
    assert kinds["industry"].tolist() == ["Retail", "Retail", "Retail"]
    assert kinds["lead_source"].tolist() == ["Web", "Web", ""]
    assert kinds["number_of_employees"].tolist() == ["10 to 49", "250 to 999", ""]
    assert kinds["stage"].tolist() == ["", "mql", ""]

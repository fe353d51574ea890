"""The roll of leads: who bears which id, and who was typed in twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.sample_crm.arrays import Codes, Times
from pipeline.sample_crm.clock import DAY, HOUR, WORLD_ENDS
from pipeline.sample_crm.streams import stream
from pipeline.sample_crm.world import World


@dataclass(frozen=True)
class Roll:
    """``ids`` of the leads, in order of arrival, and of the copies: position of the original, id and arrival.

    Ids count up in order of arrival, copies included, so that an id tells nothing but its age.
    """

    ids: tuple[str, ...]
    copied: Codes
    copy_ids: tuple[str, ...]
    copy_created: Times

    def originals(self) -> dict[str, str]:
        """Return the id of the original by the id of its copy."""
        return {copy: self.ids[lead] for copy, lead in zip(self.copy_ids, self.copied.tolist(), strict=True)}


def draw_roll(world: World) -> Roll:
    """Give the leads their ids; half of ``dirt_share`` of them are typed in again within ten days."""
    rng = stream(world.settings.seed, "typed twice")
    created = world.people.created
    number = round(world.settings.dirt_share * world.settings.leads / 2)
    copied = np.sort(rng.choice(len(created), number, replace=False))
    again = created[copied] + rng.integers(HOUR, 10 * DAY, number)
    copied, again = copied[again < WORLD_ENDS], again[again < WORLD_ENDS]
    rank = np.argsort(np.argsort(np.concatenate([created, again]), kind="stable"), kind="stable")
    ids = tuple(f"L-{position + 1:06d}" for position in rank.tolist())
    return Roll(ids[: len(created)], copied, ids[len(created) :], again)

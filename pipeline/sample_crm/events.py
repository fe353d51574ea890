"""What leads did, as rows, and what of it a gateway did."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from pipeline.sample_crm.arrays import Codes, Flags, Floats, Times
from pipeline.sample_crm.clocks import drift_sets_in
from pipeline.sample_crm.kinds import EMAIL_OPENED
from pipeline.sample_crm.settings import Settings


@dataclass(frozen=True)
class Events:
    """What leads did, in order of lead and of the time at which it was recorded, shape (events,).

    ``kind`` is a position in KINDS, ``asset`` in ALL_ASSETS and ``product`` in PRODUCTS (-1: none). ``entry``
    marks the event that brought the lead in, whose kind follows from its source.
    """

    lead: Codes
    occurred: Times
    recorded: Times
    kind: Codes
    asset: Codes
    product: Codes
    entry: Flags

    def of_leads(self, lead: Codes) -> Events:
        """Return the events of these leads, in the same order."""
        wanted = np.zeros(max(int(self.lead.max(initial=0)), int(lead.max(initial=0))) + 1, dtype=np.bool_)
        wanted[lead] = True
        return self.take(np.flatnonzero(wanted[self.lead]))

    def take(self, rows: Codes) -> Events:
        """Return the events in these rows, in the order of ``rows``."""
        return Events(*(getattr(self, entry.name)[rows] for entry in fields(self)))

    def in_order(self) -> Events:
        """Return the events in order of lead and of the time at which they were recorded."""
        return self.take(np.lexsort((self.occurred, self.recorded, self.lead)))


def gateway_rate(settings: Settings, kind: Codes, times: Times) -> Floats:
    """Return b(t), the mails that a gateway opens a day, as far as it concerns an event of this kind."""
    concerned = (kind == EMAIL_OPENED) & (times >= drift_sets_in(settings))
    return np.where(concerned, settings.bot_opens_per_day, 0.0)

"""One sample world: everything drawn, before it is written down as a CRM would hold it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.sample_crm.arrays import Times
from pipeline.sample_crm.classes import Classes, draw_classes
from pipeline.sample_crm.clock import NEVER
from pipeline.sample_crm.clocks import Clocks, clocks_of
from pipeline.sample_crm.companies import Companies
from pipeline.sample_crm.doing import draw_events
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.fit import Fit, draw_fit
from pipeline.sample_crm.people import People, draw_people
from pipeline.sample_crm.routing import Routing, route
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream


@dataclass(frozen=True)
class World:
    """All that was drawn. ``sql_at`` and ``refused_at`` are NEVER where it did not happen, shape (leads,).

    Sales reviews each lead once. If it is still open then, sales disqualifies it with probability p(x), which
    depends on who it is and never on the hidden class: a lead that survives its review has told nothing by
    it.
    """

    settings: Settings
    clocks: Clocks
    people: People
    companies: Companies
    fit: Fit
    routing: Routing
    classes: Classes
    tracked: Events
    uploaded: Events
    refused_at: Times
    sql_at: Times


def draw_world(settings: Settings) -> World:
    """Draw a world; equal settings give equal worlds."""
    clocks = clocks_of(settings)
    people, companies = draw_people(settings, clocks.plain)
    fit = draw_fit(settings, people, companies)
    routing = route(settings, people, companies, clocks.desk)
    classes = draw_classes(settings, people, fit, routing, clocks.desk)
    tracked, uploaded = draw_events(settings, people, fit, classes, clocks)
    unlucky = stream(settings.seed, "review").random(settings.leads) < fit.refusal
    refused = unlucky & (classes.converts_at > routing.reviewed_at)
    return World(
        settings=settings,
        clocks=clocks,
        people=people,
        companies=companies,
        fit=fit,
        routing=routing,
        classes=classes,
        tracked=tracked,
        uploaded=uploaded,
        refused_at=np.where(refused, routing.reviewed_at, NEVER),
        sql_at=np.where(refused, NEVER, classes.converts_at),
    )

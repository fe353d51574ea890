"""One sample world: everything drawn, before it is written down as a CRM would hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.sample_crm.classes import Classes, draw_classes
from pipeline.sample_crm.clock import DAY, NEVER, Clock, Times, office, rhythm, world_starts
from pipeline.sample_crm.companies import Companies
from pipeline.sample_crm.events import Events, draw_tracked, draw_uploaded, outage
from pipeline.sample_crm.fit import Fit, draw_fit
from pipeline.sample_crm.people import Flags, People, draw_people
from pipeline.sample_crm.routing import Routing, route
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.streams import stream

REVIEW_DAYS: Final = 45


@dataclass(frozen=True)
class World:
    """All that was drawn. ``sql_at`` and ``refused_at`` are NEVER where it did not happen, shape (leads,).

    Every lead has one review, ``reviewed_at``. If it is still open then, sales disqualifies it with probability
    p(x), which depends on who it is and never on the hidden class: a lead that survives its review has told nothing.
    """

    settings: Settings
    desk: Clock
    people: People
    companies: Companies
    fit: Fit
    routing: Routing
    classes: Classes
    tracked: Events
    uploaded: Events
    reviewed_at: Times
    refused_at: Times
    sql_at: Times


def draw_world(settings: Settings) -> World:
    """Draw a world; equal settings give equal worlds."""
    starts = world_starts(settings.months)
    plain, desk = rhythm(starts), office(starts)
    tracking = rhythm(starts, outage(settings, starts))
    people, companies = draw_people(settings, plain)
    fit = draw_fit(settings, people, companies)
    routing = route(settings, people, companies, desk)
    classes = draw_classes(settings, people, fit, routing, desk)
    reviewed_at = review_times(people.created, desk)
    refused = _refused(settings, fit) & (classes.converts_at > reviewed_at)
    return World(
        settings=settings,
        desk=desk,
        people=people,
        companies=companies,
        fit=fit,
        routing=routing,
        classes=classes,
        tracked=draw_tracked(settings, people, fit, classes, tracking),
        uploaded=draw_uploaded(settings, people, fit, classes, plain),
        reviewed_at=reviewed_at,
        refused_at=np.where(refused, reviewed_at, NEVER),
        sql_at=np.where(refused, NEVER, classes.converts_at),
    )


def review_times(created: Times, desk: Clock) -> Times:
    """Return the review of each lead: REVIEW_DAYS after arrival, on the office's clock."""
    return desk.when(desk.at(created + REVIEW_DAYS * DAY))


def _refused(settings: Settings, fit: Fit) -> Flags:
    return np.asarray(stream(settings.seed, "review").random(settings.leads) < fit.refusal)

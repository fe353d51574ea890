"""`/aim/profile`: the ideal customer as measured, for people and for programs."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from serving.figures.target_profile import Trait, target_profile
from serving.routes.addresses import address
from serving.routes.sessions import PAGE_HEADERS, SessionRoute
from serving.routes.window.aim_asked import Asked, Compared
from serving.routes.window.aim_tables import profile_table
from serving.routes.window.frame import Shown, Visit, add_page, visit_of

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)


def look(visit: Visit) -> Shown:
    """Return what is more common among qualified leads than among all."""
    asked = Asked(visit)
    compared = Compared(asked)
    traits = traits_of(compared)
    sure = groupby((one for one in traits if one.is_sure), key=lambda one: one.dimension.label)
    values = asked.values(
        profile=[(label, list(own)) for label, own in sure],
        whole=compared.whole,
        looked_at=len(compared.contrasts.found),
        json_file=address("/aim/profile.json", visit.asked),
    )
    return Shown(values, (profile_table(traits, asked),))


def traits_of(compared: Compared) -> tuple[Trait, ...]:
    """Return the traits; a campaign is what was done, not who the customer is."""
    everyone = compared.whole
    if everyone is None:
        return ()
    found = [one for one in compared.contrasts.found if one.dimension.name != "campaign"]
    # Who they are comes before where they come from.
    found.sort(key=lambda one: one.dimension.name == "source")
    return target_profile(found, everyone.rate.value or 0.0, everyone.leads, everyone.sqls)


async def profile_json(request: Request) -> Response:
    """Answer the target profile for a program."""
    visit = visit_of(request, "/aim/profile")
    if isinstance(visit, Response):
        return visit
    content = await asyncio.to_thread(partial(_profile, visit))
    headers = {"Content-Disposition": 'attachment; filename="baton-target-profile.json"'}
    return JSONResponse(content, headers={**PAGE_HEADERS, **headers})


def _profile(visit: Visit) -> dict[str, Any]:
    asked = Asked(visit)
    compared = Compared(asked)
    target, everyone = visit.figures.agreement.target, compared.whole
    begins = asked.period.begins
    return {
        "target": {"stage": target.stage, "within_days": target.within_days},
        "agreement_version": visit.figures.agreement.version,
        "leads_created_from": None if begins is None else begins.isoformat(),
        "leads_created_until": asked.period.ends.isoformat(),
        "leads": everyone.leads if everyone else 0,
        "reached": everyone.sqls if everyone else 0,
        "rate": everyone.rate.value if everyone else None,
        "segments_looked_at": len(compared.contrasts.found),
        "traits": [_trait(trait) for trait in traits_of(compared)],
    }


def _trait(trait: Trait) -> dict[str, Any]:
    return {
        "attribute": trait.dimension.name,
        "field": trait.dimension.field,
        "value": trait.value,
        "lift": trait.lift.value,
        "lift_low": trait.lift.low,
        "lift_high": trait.lift.high,
        "sure": trait.is_sure,
        "leads": trait.of_leads.won,
        "share_of_leads": trait.of_leads.share,
        "reached": trait.of_sqls.won,
        "share_of_reached": trait.of_sqls.share,
        "rate": trait.rate.value,
    }


add_page(ROUTER, "/aim/profile", "aim_profile.html", look)
ROUTER.add_api_route("/aim/profile.json", profile_json, methods=["GET"], include_in_schema=False)

"""All pages of the window, and what their forms are sent to."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from serving.routes.window import (
    agreed,
    aim,
    aim_moves,
    aim_profile,
    answers,
    come_back,
    data,
    documents,
    drivers,
    lead,
    month,
    open_leads,
    trust,
)

PAGES: Final[tuple[APIRouter, ...]] = tuple(
    page.ROUTER
    for page in (
        month,
        drivers,
        aim,
        aim_moves,
        aim_profile,
        open_leads,
        lead,
        answers,
        come_back,
        trust,
        data,
        documents,
        agreed,
    )
)

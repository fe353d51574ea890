"""Each page once, before anybody asks: what it counts is in memory then, and its pictures are drawn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from serving.api_keys import Grant
from serving.figures.file import Figures
from serving.routes.window import agreed, aim, aim_moves, aim_profile, data, drivers, month, open_leads, trust
from serving.routes.window.frame import Look, Visit
from serving.running import Running

LOG: Final = logging.getLogger("baton.pages")
LOOKS: Final[Mapping[str, Look]] = {
    "/month": month.look,
    "/drivers": drivers.look,
    "/aim": aim.look,
    "/open-leads": open_leads.look,
    "/trust": trust.look,
    "/data": data.look,
    "/agreed": agreed.look,
    "/aim/moves": aim_moves.look,
    "/aim/profile": aim_profile.look,
}
_NOBODY: Final = Grant("", "", frozenset({"read"}))


def begin_first_views(room: Running) -> None:
    """Begin to look at each page, unless that was done since the figures last changed."""
    figures = room.figures.take_new()
    if figures is not None:
        asyncio.get_running_loop().run_in_executor(None, _look_at_all, room, figures)


def _look_at_all(room: Running, figures: Figures) -> None:
    for path, look in LOOKS.items():
        if room.stopping.is_set():
            return
        try:
            look(Visit(room, _NOBODY, figures, {}, path))
        except Exception:
            # Whoever asks for the page is told; here nobody is.
            LOG.warning("%s could not be made ready", path, exc_info=True)

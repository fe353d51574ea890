"""The pages for people, in the order in which they stand in the navigation."""

from __future__ import annotations

from typing import Final

NAV: Final = (
    ("/month", "This month"),
    ("/drivers", "What drives"),
    ("/aim", "Where to aim"),
    ("/open-leads", "Leads"),
    ("/trust", "Can we trust it"),
    ("/data", "Data"),
    ("/agreed", "Agreement"),
)
"""Where each is, and what it is called."""

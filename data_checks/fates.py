"""What becomes of a row that broke a rule, in a table as in a single lead."""

from __future__ import annotations

from typing import Literal

Fate = Literal["quarantine", "flag", "blank", "stay"]
"""``blank`` keeps the row without the value that broke the rule."""

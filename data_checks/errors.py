"""The one shape of an error in Baton: the rule, then the value, then the next step."""

from __future__ import annotations


class BatonError(Exception):
    """An error that a person can act on.

    ``rule`` says what must hold, ``value`` what was found instead, ``next_step`` what to do about it.

    >>> print(BatonError("lead_id is unique", "'L-7' twice", "remove one of the two rows"))
    lead_id is unique; found 'L-7' twice. Next: remove one of the two rows.
    """

    def __init__(self, rule: str, value: str | None = None, next_step: str | None = None) -> None:
        self.rule, self.value, self.next_step = rule, value, next_step
        found = f"; found {value}" if value else ""
        then = f" Next: {next_step.rstrip('.')}." if next_step else ""
        super().__init__(f"{rule.rstrip('.')}{found}.{then}")

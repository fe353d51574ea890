"""The service levels that sales and marketing promise each other."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from data_checks.agreed_part import AgreedPart

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[float, Field(gt=0)]
Hour = Annotated[time, BeforeValidator(lambda text: f"0{text}" if str(text)[1:2] == ":" else text)]


class WorkingHours(AgreedPart):
    """When the clock of a hand-off runs: local time of ``timezone``, ``holidays`` excepted."""

    timezone: str = "UTC"
    days: tuple[Day, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    opens: Hour = time(9)
    closes: Hour = time(17)
    holidays: tuple[date, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError("a time zone has an IANA name like Europe/Paris")
        return name

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _is_written_as_a_time(cls, value: object) -> object:
        if not isinstance(value, str | time):
            raise ValueError(f'a time of day is written like "09:00", in quotation marks, not {value!r}')
        return value

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"the day opens ({self.opens:%H:%M}) before it closes ({self.closes:%H:%M})")
        return self


class Sla(AgreedPart):
    """What was promised.

    ``first_contact_hours`` are working hours from hand-off to first contact, by grade;
    ``sqls_per_month`` is marketing's promise, ``handoffs_worked_share`` that of sales;
    ``rejection_reasons`` are the codes with which sales hands a lead back, each with its meaning.
    """

    first_contact_hours: Mapping[str, Hours] = {}
    working_hours: WorkingHours = WorkingHours()
    sqls_per_month: Annotated[int, Field(ge=0)] | None = None
    handoffs_worked_share: Annotated[float, Field(ge=0, le=1)] | None = None
    rejection_reasons: Mapping[str, str] = {}

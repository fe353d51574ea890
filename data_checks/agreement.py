"""The agreement that sales and marketing sign, as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from data_checks import consistency
from data_checks.agreed_part import AgreedPart
from data_checks.clause import Clause, Terms
from data_checks.clauses import AnyClause
from data_checks.errors import BatonError
from data_checks.fault_reading import faults_of
from data_checks.faults import FaultyDocument, refuse
from data_checks.folding import fold
from data_checks.handoff import Handoff
from data_checks.sla import Sla
from data_checks.stages import StageName
from data_checks.yaml_reading import read_yaml

Text = Annotated[str, Field(min_length=1)]
Probability = Annotated[float, Field(ge=0, le=1)]

PERSONAL_FIELDS: Final = frozenset(
    {"email", "phone", "mobile", "mobile_phone", "first_name", "last_name", "name", "full_name", "address"}
)


class Target(AgreedPart):
    """What is predicted: that a lead reaches ``stage`` within so many days."""

    stage: StageName
    within_days: Annotated[int, Field(gt=0, le=3650)]


class Signatory(AgreedPart):
    """Who signed, for which team, and when."""

    team: Text
    name: Text
    signed_on: date | None = None


class Agreement(AgreedPart):
    """What sales and marketing agreed, in one version; `docs/agreement.md` explains every key."""

    version: Text
    signatories: tuple[Signatory, ...] = ()
    stages: Mapping[StageName, tuple[Text, ...]]
    target: Target
    scales: Mapping[Text, tuple[Text, ...]] = {}
    lead_data: tuple[AnyClause, ...] = ()
    grades: Mapping[Text, Probability] = {"A": 0.4, "B": 0.2, "C": 0.1, "D": 0.0}
    handoff: Handoff
    sla: Sla = Sla()
    never_use: tuple[Text, ...] = ()
    known_at: Mapping[Text, Literal["creation", "as_of"]] = {}

    @field_validator("stages", "target", "scales", "lead_data", "grades", "sla", "never_use", "known_at")
    @classmethod
    def _agrees_with_itself(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        parts = info.data
        match info.field_name:
            case "stages":
                refuse(consistency.between_stages(value))
            case "target" if "stages" in parts:
                refuse(consistency.of_target(value.stage, parts["stages"]))
            case "scales":
                refuse(consistency.of_scales(value))
            case "lead_data" if "scales" in parts:
                refuse(consistency.of_clauses(value, parts["scales"]))
            case "grades":
                refuse(consistency.of_grades(value))
            case "sla" if "grades" in parts:
                refuse(consistency.of_contact(value.first_contact_hours, parts["grades"]))
            case "never_use":
                refuse(consistency.of_never_use(value))
            case "known_at" if "never_use" in parts:
                refuse(consistency.of_known_at(value, parts["never_use"]))
        return value

    @cached_property
    def _stage_by_value(self) -> Mapping[str, StageName]:
        return {fold(value): stage for stage, values in self.stages.items() for value in values}

    def stage_of(self, crm_value: str | None) -> StageName | None:
        """Return the stage that a value of the CRM means, case and spaces evened out, or None."""
        return self._stage_by_value.get(fold(crm_value)) if isinstance(crm_value, str) else None

    @cached_property
    def clauses(self) -> Mapping[str, Clause]:
        """The clauses by identifier, ``leads.industry.allowed``; a second such one ends in ``.2``."""
        named: dict[str, Clause] = {}
        for clause in self.lead_data:
            identifier = f"{clause.table}.{clause.field}.{clause.name}"
            count = sum(name == identifier or name.startswith(f"{identifier}.") for name in named)
            named[f"{identifier}.{count + 1}" if count else identifier] = clause
        return named

    @property
    def hidden(self) -> frozenset[str]:
        """The fields whose values no report may repeat: personal ones, and those never to be used."""
        return PERSONAL_FIELDS | frozenset(field for field in self.never_use if ":" not in field)

    def terms(self, known: Mapping[str, frozenset[str]] | None = None, now: int | None = None) -> Terms:
        """Return what the clauses of this agreement need to be checked; see :class:`Terms`."""
        return Terms(self.scales, known or {}, now, self.hidden)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the agreement's JSON: equal agreements have equal ones."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def load_agreement(path: Path | str) -> Agreement:
    """Read an agreement.

    Raises:
        FaultyDocument: when it is not an agreement; its ``faults`` name each place, value and next step.
        BatonError: when there is no such file, or it is not YAML in UTF-8.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BatonError("the agreement can be read", f"{path}: {error.strerror}", "give its path") from error
    except UnicodeDecodeError as error:
        raise BatonError(
            "the agreement is written in UTF-8", f"{path}: {error.reason}", "save it so"
        ) from error
    return parse_agreement(text, str(path))


def parse_agreement(text: str, name: str = "the agreement") -> Agreement:
    """Read an agreement from YAML; ``name`` is what errors call it. Raises as :func:`load_agreement`."""
    document = read_yaml(text, name)
    try:
        return Agreement.model_validate(document.data)
    except ValidationError as error:
        raise FaultyDocument(name, faults_of(error, Agreement, document)) from error

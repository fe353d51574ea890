"""Great Expectations: the suite of a table's clauses, what it says of them, and its Data Docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data_checks.errors import BatonError
from data_checks.plans import Plan
from data_checks.verdicts import Verdict

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

_SEVERITY: Final = {"stop": "critical", "reject": "warning", "flag": "info"}
# Complete results list each failing row; the query that would find them again is a text as long.
_RESULT_FORMAT: Final = {
    "result_format": "COMPLETE",
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 10,
}


@dataclass(frozen=True)
class Validation:
    """The verdicts on one table, and the result from which its Data Docs are rendered."""

    table: str
    verdicts: tuple[Verdict, ...]
    result: ExpectationSuiteValidationResult


def validate(table: str, plans: Mapping[str, Plan]) -> Validation:
    """Ask Great Expectations all the plans of one table, given by the identifier of their clause.

    Raises:
        BatonError: when an expectation could not be carried out.
    """
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    _quieten(context)
    batches = context.data_sources.add_pandas("crm").add_dataframe_asset(table)
    frame = pd.DataFrame({_column(identifier, one): one.seen for identifier, one in plans.items()})
    batch = batches.add_batch_definition_whole_dataframe("all rows").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name=table, expectations=[_expectation(*item) for item in plans.items()])
    result = batch.validate(suite, result_format=_RESULT_FORMAT)
    said = {one.expectation_config.meta["clause"]: one for one in result.results}
    verdicts = tuple(_verdict(identifier, one, said[identifier]) for identifier, one in plans.items())
    return Validation(table, verdicts, result)


def _column(identifier: str, plan: Plan) -> str:
    return f"{identifier} ({plan.view})"


def _expectation(identifier: str, plan: Plan) -> Any:  # noqa: ANN401  each expectation is a type of its own
    from great_expectations import expectations

    named = "".join(word.capitalize() for word in plan.expectation.split("_"))
    return getattr(expectations, named)(
        column=_column(identifier, plan),
        severity=_SEVERITY[plan.clause.breach],
        meta={"clause": identifier, "breach": plan.clause.breach},
        notes=f"{plan.clause.field} {plan.clause.sentence()}. {plan.clause.why}".strip(),
        **plan.arguments,
    )


def _verdict(identifier: str, plan: Plan, said: Any) -> Verdict:  # noqa: ANN401
    failed = said.exception_info
    if failed.get("raised_exception", True):
        raise BatonError(f"{identifier} can be checked", str(failed.get("exception_message")), "report this")
    found: Mapping[str, Any] = said.result
    observed = found.get("observed_value")
    return Verdict(
        identifier,
        plan.clause,
        bool(said.success),
        np.array(found.get("unexpected_index_list", []), dtype=np.int64),
        int(found.get("element_count", len(plan.seen))) - int(found.get("missing_count", 0)),
        None if observed is None else float(observed),
    )


def _quieten(context: Any) -> None:  # noqa: ANN401
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context.variables.progress_bars = ProgressBarsConfig(globally=False)

"""Great Expectations: the suite of a table's clauses, what it says of them, and its Data Docs."""

from __future__ import annotations

import html
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from data_checks.errors import BatonError
from data_checks.plans import Plan
from data_checks.table_clauses import Freshness
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
_EXAMPLES: Final = frozenset(
    {"unexpected_list", "unexpected_index_list", "partial_unexpected_list", "partial_unexpected_counts"}
)


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
    gx = _great_expectations()

    batches = _context().data_sources.add_pandas("crm").add_dataframe_asset(table)
    frame = pd.DataFrame({_column(identifier, one): one.seen for identifier, one in plans.items()})
    batch = batches.add_batch_definition_whole_dataframe("all rows").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name=table, expectations=[_expectation(*item) for item in plans.items()])
    result = batch.validate(suite, result_format=_RESULT_FORMAT)
    said = {one.expectation_config.meta["clause"]: one for one in result.results}
    result.results = [said[identifier] for identifier in plans]
    verdicts = tuple(_verdict(identifier, one, said[identifier]) for identifier, one in plans.items())
    return Validation(table, verdicts, result)


def page_of(validation: Validation, hidden: frozenset[str], templates: Path) -> str:
    """Return the Data Docs page of one table, rendered by Great Expectations into our own frame.

    The library's frame loads styles and scripts from outside hosts and its overview links to pages that
    are not written; its sections show values without escaping them.
    """
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    for one, verdict in zip(validation.result.results, validation.verdicts, strict=True):
        one.result = _showable(one.result, hidden=verdict.clause.field in hidden)
    document = ValidationResultsPageRenderer().render(validation.result)
    document.sections = document.sections[1:]
    view = DefaultJinjaPageView(custom_views_directory=str(templates))
    return str(
        view.render(
            document,
            template="agreed_table.html.j2",
            table=validation.table,
            clauses=[_in_words(verdict) for verdict in validation.verdicts],
            kept=sum(verdict.kept for verdict in validation.verdicts),
        )
    )


def _in_words(verdict: Verdict) -> dict[str, object]:
    clause = verdict.clause
    return {
        "identifier": verdict.identifier,
        "sentence": f"{clause.field} {clause.sentence()}",
        "why": clause.why,
        "breach": clause.breach,
        "kept": verdict.kept,
        "broken": _measured(verdict),
        "judged": f"{verdict.judged:,}",
    }


def _measured(verdict: Verdict) -> str:
    if isinstance(verdict.clause, Freshness):
        return "no date" if verdict.observed is None else f"newest {verdict.observed:,.4g} days old"
    return f"{len(verdict.rows):,}"


def _showable(found: Mapping[str, Any], hidden: bool) -> dict[str, Any]:
    shown = {key: value for key, value in found.items() if key not in _EXAMPLES}
    if isinstance(shown.get("observed_value"), np.generic):
        shown["observed_value"] = shown["observed_value"].item()  # the renderer refuses NumPy's numbers
    if hidden:
        return shown
    escaped = [_escaped(value) for value in found.get("partial_unexpected_list", [])]
    counts = [{**one, "value": _escaped(one["value"])} for one in found.get("partial_unexpected_counts", [])]
    return {**shown, "partial_unexpected_list": escaped, "partial_unexpected_counts": counts}


def _escaped(value: object) -> object:
    return html.escape(value) if isinstance(value, str) else value


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


def _context() -> Any:  # noqa: ANN401
    """Return a context that keeps nothing, writes nothing, reports nothing and draws no progress bars."""
    gx = _great_expectations()
    from great_expectations.data_context.types import base

    return gx.get_context(
        mode="ephemeral",
        project_config=base.DataContextConfig(
            store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=base.ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )


def _great_expectations() -> Any:  # noqa: ANN401
    """Import the library as if Spark were not there: it would load it, which takes seconds, for nothing."""
    loaded = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "pyspark"}
    for name in loaded:
        del sys.modules[name]
    sys.modules["pyspark"] = None  # type: ignore[assignment]
    try:
        import great_expectations as gx
    finally:
        del sys.modules["pyspark"]
        sys.modules.update(loaded)
    return gx

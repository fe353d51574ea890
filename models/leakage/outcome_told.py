"""Evidence from how well a column tells the outcome: by its values, or better than everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from models.leakage.chances import least_share, z_of
from models.leakage.evidence import Bars, Evidence
from models.leakage.facts import FEWEST, Codes, Column, Facts, Flags, Floats, folds_of
from models.leakage.strength import FOLDS, Strength, codes_of, together

PURE: Final = 0.95
PURE_FOR_SURE: Final = 0.85
NAMED_SHARE: Final = 0.2
MOST_BASE: Final = 0.8
TIED: Final = 0.57
TELLS_ALL: Final = 0.4
TOO_STRONG: Final = 0.78
MARGIN: Final = 0.02
_SHOWN: Final = 4


def names_outcome(facts: Facts, column: Column) -> Iterator[Evidence]:
    """Some values stand with leads that reach the target and with hardly any other.

    Values are chosen on four fifths of the leads and counted on the last. Conclusive where 95 % of the
    leads under them reach the target and they hold a fifth of all that do: an honest value may be as
    pure, but then few leads have it.
    """
    base = float(facts.succeeded.mean()) if len(facts.rows) else 1.0
    if not facts.comparable or base > MOST_BASE:
        return
    codes = codes_of(column)[facts.rows]
    named = _under_pure_values(facts, codes)
    total, hits = int(named.sum()), int(facts.succeeded[named].sum())
    held = hits / int(facts.succeeded.sum())
    if (
        total < FEWEST
        or hits < PURE * total
        or held < NAMED_SHARE
        or least_share(hits, total) < PURE_FOR_SURE
    ):
        return
    yield Evidence(
        "names_outcome",
        "conclusive",
        f"{100 * hits / total:.3g}% of the {total:,} leads under some values{_named(facts, column, named)} "
        f"reached the target, and these are {held:.0%} of all that did; usual are {base:.0%}.",
        {"leads": total, "reached": hits, "share_of_all_reached": held, "base_rate": base},
        (("reach the target under these values", hits / total), ("reach it in all", base)),
    )


def tied(facts: Facts, column: Column, strength: Strength) -> Iterator[Evidence]:
    """The column alone tells much of the outcome, as honest columns may, too."""
    if strength.auc - z_of(facts.level) * strength.error < TIED:
        return
    yield Evidence(
        "tied",
        "hint",
        f"Alone it ranks leads of one period with an AUC of {strength.auc:.2f}.",
        {"auc": strength.auc, "share_of_uncertainty": strength.share},
        _rates(facts, column),
    )


def too_good(
    facts: Facts, strengths: Mapping[str, Strength], left_out: frozenset[str]
) -> Iterator[tuple[str, Evidence]]:
    """A column alone removes most of the doubt, or tells more than all weaker columns do together.

    Columns are taken from the weakest on. Those under suspicion, and those never used, are not among the
    others, and neither is a column that this evidence convicts: two leaks cannot vouch for each other.
    """
    ranked = sorted((one for one in strengths if one not in left_out), key=lambda one: strengths[one].auc)
    outside = sorted(one for one in strengths if one in left_out)
    weaker: list[str] = []
    for name in [*ranked, *outside]:
        strength = strengths[name]
        found = _too_good(facts, strength, [strengths[one].score for one in weaker if one != name])
        if found is not None:
            yield name, found
        elif name not in left_out:
            weaker.append(name)


def _too_good(facts: Facts, strength: Strength, others: list[Floats]) -> Evidence | None:
    least = strength.auc - z_of(facts.level) * strength.error
    figures = {"auc": strength.auc, "share_of_uncertainty": strength.share}
    if strength.share >= TELLS_ALL:
        text = (
            f"Alone it removes {strength.share:.0%} of the doubt about the outcome (AUC {strength.auc:.2f})."
        )
        return Evidence("too_good", "conclusive", text, figures, (("of the doubt removed", strength.share),))
    if least < TOO_STRONG:
        return None
    rivals = together(facts, others)
    if strength.auc < rivals + MARGIN:
        return None
    text = (
        f"Alone it ranks leads of one period with an AUC of {strength.auc:.2f}; all unsuspected columns "
        f"weaker than it reach {rivals:.2f} together."
    )
    bars = (("this column", strength.auc), ("all others together", rivals))
    return Evidence("too_good", "conclusive", text, {**figures, "others_together": rivals}, bars)


def _under_pure_values(facts: Facts, codes: Codes) -> Flags:
    fold, labels = folds_of(len(codes), FOLDS), int(codes.max(initial=0)) + 1
    named = np.zeros(len(codes), np.bool_)
    for held_out in range(FOLDS):
        rest = fold != held_out
        leads = np.bincount(codes[rest], minlength=labels)
        pure = np.bincount(codes[rest], facts.succeeded[rest], labels) >= 0.9 * np.maximum(leads, 5)
        named[~rest] = pure[codes[~rest]]
    return named


def _rates(facts: Facts, column: Column) -> Bars:
    """Return the rates of the commonest values, or of the lowest and the highest fourth of numbers."""
    if column.numbers is not None:
        numbers = column.numbers[facts.rows]
        low, high = np.nanquantile(numbers, (0.25, 0.75))
        groups = [("the lowest fourth", numbers <= low), ("the highest fourth", numbers >= high)]
    elif column.name in facts.agreement.hidden:
        return ()
    else:
        codes = column.texts.codes[facts.rows]
        uses = np.bincount(codes[codes >= 0], minlength=len(column.texts.labels))
        common = np.argsort(-uses, kind="stable")[:_SHOWN].tolist()
        groups = [(f"“{column.texts.labels[place][:40]}”", codes == place) for place in common]
    return tuple((what, float(facts.label[who].mean())) for what, who in groups if who.any())


def _named(facts: Facts, column: Column, named: Flags) -> str:
    """Return the commonest of the values, in brackets; nothing if no report may repeat them."""
    if column.name in facts.agreement.hidden or column.numbers is not None:
        return ""
    codes = column.texts.codes[facts.rows][named]
    uses = np.bincount(codes[codes >= 0], minlength=len(column.texts.labels))
    common = [place for place in np.argsort(-uses, kind="stable")[:_SHOWN].tolist() if uses[place]]
    shown = ", ".join(f"“{column.texts.labels[place][:40]}”" for place in common)
    return f" ({shown}{' and others' if (uses > 0).sum() > _SHOWN else ''})" if shown else ""

"""What was found of the fields that may not be used, in words and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from features.wording import words
from models.fairness import FOUR_FIFTHS, GroupFigures
from models.forbidden_groups import LEADS_AT_LEAST
from models.proxies import GroupProxy
from pipeline.card.document import Block, Heading, Points, Section, Table, short
from pipeline.card.facts import CardFacts, FieldCheck
from pipeline.card.numbers import count, figure, share_with_interval, with_interval

PARTLY: Final = 0.6
WELL: Final = 0.75
NEARLY_ALWAYS: Final = 0.9
"""From which AUC on we say that a group can be told partly, well, nearly always. Words, not a test."""


def fairness_section(facts: CardFacts) -> Section:
    """Return what was found of each field of ``never_use``."""
    blocks: list[Block] = []
    types = [name for name in facts.agreement.never_use if ":" in name]
    if not facts.agreement.never_use:
        blocks.append(
            "The agreement forbids no field (never_use is empty), so no groups are compared. If the CRM "
            "knows of a lead "
            "what may not count, such as gender, age or postcode, name it there: it is then kept from "
            "the model and "
            "checked here."
        )
    if facts.forbidden:
        blocks.append(_how(facts))
    elif facts.agreement.never_use:
        blocks.append("No field that the agreement forbids is in the data, so no groups can be compared.")
    for check in facts.forbidden:
        blocks += [Heading(short(words(check.field))), *_of_field(check, facts)]
    if facts.not_there:
        blocks.append(f"Forbidden, and not a column of the leads: {', '.join(map(short, facts.not_there))}.")
    if types:
        blocks.append(
            "Forbidden activity types are no groups of leads, and not looked at here: "
            f"{', '.join(map(short, types))}."
        )
    return Section("Whether groups fare alike, and whether the model can tell them", tuple(blocks))


def _how(facts: CardFacts) -> str:
    return (
        "These fields may not be used for a score and no feature looks at them. Other features may still "
        "tell the same. "
        f"So each group of at least {LEADS_AT_LEAST} leads of the test is compared: how often it is "
        "handed off, how many of those that "
        f"reached {facts.target} were found, and whether what was foretold came. A ratio below "
        f"{FOUR_FIFTHS:g} to the most often "
        "handed-off group is looked into by the four-fifths rule, which is a rule of thumb. Groups that "
        "convert at different rates are "
        "handed off at different rates by any good model: read both columns together."
    )


def _of_field(check: FieldCheck, facts: CardFacts) -> Iterator[Block]:
    if not check.groups:
        yield f"Not compared: {check.why}."
        return
    yield Points(fairness_said(check, facts))
    head = (
        "Group",
        "Leads",
        "Reached",
        "Handed off",
        "Ratio to the highest",
        "Of those that reached, handed off",
        "Ratio to the highest",
        "Foretold by came",
    )
    yield Table(head, tuple(_row(group) for group in check.groups))
    if check.proxies:
        yield Table(
            ("Group", "Leads", "Told by all used features (AUC)", "Told best by"),
            tuple(_proxy(one, facts) for one in check.proxies),
            words=(3,),
        )


def fairness_said(check: FieldCheck, facts: CardFacts) -> tuple[str, ...]:
    """Return what was found of a field whose groups are compared, in sentences."""
    return (*_verdicts(check), *_told(check, facts))


def _verdicts(check: FieldCheck) -> Iterator[str]:
    low = [one for one in check.groups if one.below_four_fifths]
    if all(one.handed == 0 for one in check.groups):
        yield "Nobody is handed off in any group."
    elif not low:
        yield "Every group is handed off at least four fifths as often as the most selected one."
    for one in low:
        ratio = one.selected_ratio
        if ratio is not None:
            sure = "" if ratio.high < FOUR_FIFTHS else ", which may be chance"
            yield (
                f"{short(one.name)}: handed off {with_interval(ratio, 2)} times as often as the most "
                f"selected group, below four fifths{sure}."
            )
    for one in check.groups:
        found = one.caught_ratio
        if found is not None and found.high < 1:
            yield (
                f"{short(one.name)}: of those that reached the target clearly fewer were found, "
                f"{with_interval(found, 2)} times as many as in the best group."
            )
        if one.foretold is not None and not one.foretold.low <= 1 <= one.foretold.high:
            word = "more" if one.foretold.value > 1 else "fewer"
            yield (
                f"{short(one.name)}: clearly {word} conversions were foretold than came, "
                f"{with_interval(one.foretold, 2)} times as many."
            )


def _told(check: FieldCheck, facts: CardFacts) -> Iterator[str]:
    if not check.proxies:
        why = "the model uses no feature" if not facts.used else "its groups are too small"
        yield f"Whether features tell the groups was not looked at: {why}."
        return
    told = [one for one in check.proxies if one.told]
    if not told:
        named = short(words(check.field)).lower()
        yield f"The features that the model uses do not tell the groups of {named}."
    for one in told:
        with_what = f", best by {_tellers(one, facts)}" if one.tellers else ""
        yield (
            f"{short(one.name)} can {_how_well(one.auc.value)} be told from the features that the model "
            f"uses (AUC {_auc(one)}){with_what}."
        )


def _auc(one: GroupProxy) -> str:
    return f"{figure(one.auc.value, 2)}, interval {figure(one.auc.low, 2)} to {figure(one.auc.high, 2)}"


def _how_well(auc: float) -> str:
    if auc >= NEARLY_ALWAYS:
        return "nearly always"
    if auc >= WELL:
        return "well"
    return "partly" if auc >= PARTLY else "hardly"


def _tellers(one: GroupProxy, facts: CardFacts) -> str:
    sentences = {feature.name: feature.sentence for feature in facts.bundle.features.features}
    return "; ".join(
        f"{short(sentences[teller.feature])} ({figure(teller.auc, 2)} alone)" for teller in one.tellers
    )


def _proxy(one: GroupProxy, facts: CardFacts) -> tuple[str, ...]:
    best = _tellers(one, facts) or "none tells more than chance"
    return short(one.name), count(one.leads), with_interval(one.auc, 2), best


def _row(one: GroupFigures) -> tuple[str, ...]:
    return (
        short(one.name),
        count(one.leads),
        share_with_interval(one.rate),
        share_with_interval(one.selected),
        with_interval(one.selected_ratio, 2),
        share_with_interval(one.caught),
        with_interval(one.caught_ratio, 2),
        with_interval(one.foretold, 2),
    )

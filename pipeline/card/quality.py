"""How good the model is, as a whole, by probability and by kind of leads, in words and tables."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from features.wording import words
from models.calibration_bands import Band
from models.evaluation import OWN
from models.slice_figures import SliceFigures
from pipeline.card.document import Block, Heading, Picture, Points, Section, Table, short
from pipeline.card.facts import CardFacts
from pipeline.card.numbers import count, share, share_with_interval, with_interval
from pipeline.card.pictures import draw_bands
from pipeline.pictures import NAMES

_DIGITS: Final = {"auc": 3, "average_precision": 3, "log_loss": 4, "brier": 4, "calibration_error": 3}
_WAYS: Final = {"lead_source": "By source", "number_of_employees": "By size (employees)", "stage": "By stage"}


def metrics(facts: CardFacts) -> Section:
    """Return the figures of each scorer, and what they come to."""
    tested = facts.tested
    drawn = f", {count(tested.leads)} of them drawn for this page" if tested.leads < tested.leads_of else ""
    text = (
        "Every scorer learned from earlier leads and was judged on the same "
        f"{count(tested.looks)} later "
        f"looks at {count(tested.leads_of)} leads{drawn}; {count(tested.conversions)} of them reached "
        f"{facts.target}. "
        "In brackets are 95 % intervals: what would have been found, had other such leads come, each with "
        "all its looks. Every look counts alike."
    )
    named = [(name, facts.metrics[name]) for name in NAMES if name in facts.metrics]
    rows = [(NAMES[name], *(with_interval(of[one], _DIGITS[one]) for one in _DIGITS)) for name, of in named]
    head = ("Scorer", "AUC", "Average precision", "Log-loss", "Brier", "Calibration error")
    own = next(place for place, (name, _) in enumerate(named) if name == OWN)
    return Section("How good it is", (text, Table(head, tuple(rows), own), Points(facts.verdicts)))


def calibration(facts: CardFacts) -> Section:
    """Return for each band of probability what came true."""
    off = [band for band in facts.bands if band.off]
    verdict = (
        "In every band what was said lies within the interval of what came true."
        if not off
        else f"In {len(off)} of {len(facts.bands)} bands what was said lies outside the interval of what "
        "came true: "
        + "; ".join(
            f"{_bounds(band)} ({'too much' if band.said > band.rate.value else 'too little'} was said)"
            for band in off
        )
        + ". Of twenty true bands one does so by chance."
    )
    rows = tuple(
        (
            _bounds(band),
            count(band.leads),
            count(band.looks),
            share(band.said),
            share_with_interval(band.rate),
        )
        for band in facts.bands
    )
    blocks: tuple[Block, ...] = (
        f"{_largest(facts)} {verdict}",
        Picture(
            draw_bands(facts.bands, facts.target),
            "What was said on average (dots), and what came true, with 95 % intervals (bars).",
        ),
        Table(("Given", "Leads", "Looks", "Said on average", f"Reached {facts.target}"), rows),
    )
    return Section("Whether probabilities mean what they say", blocks)


def _largest(facts: CardFacts) -> str:
    band = max(facts.bands, key=lambda one: one.leads)
    return (
        f"Of the {count(band.leads)} leads that were given {_bounds(band)} at some look, "
        f"{share_with_interval(band.rate)} reached {facts.target}."
    )


def _bounds(band: Band) -> str:
    return f"{100 * band.begin:g} to {100 * band.end:g} %"


def slices(facts: CardFacts) -> Section:
    """Return the figures of each kind of leads."""
    if not facts.slices:
        return Section(
            "For whom it works",
            ("Leads cannot be parted: there is no source, industry, country, size or stage.",),
        )
    text = (
        f"A kind of leads is told alone if at least {facts.at_least} of it reached {facts.target} in the "
        "test and as many did "
        "not; the others are told together. Rate of looks: how many looks were followed by "
        f"{facts.target} in time, which are fewer than the leads, as one that waits long is looked at often. "
        "Foretold by came: the conversions that the probabilities add "
        "up to, divided by "
        "those that came. Above 1 the model promises too much, below 1 too little. Gain: how much lower "
        "the log-loss is than "
        "that of giving everybody the base rate."
    )
    blocks: list[Block] = [text]
    for way, found in groupby(facts.slices, key=lambda one: one.way):
        head = ("", "Leads", "Reached", "Rate of looks", "AUC", "Log-loss", "Foretold by came", "Gain")
        blocks += [
            Heading(_WAYS.get(way, f"By {words(way).lower()}")),
            Table(head, tuple(_row(one) for one in found)),
        ]
    return Section("For whom it works", tuple(blocks))


def _row(one: SliceFigures) -> tuple[str, ...]:
    return (
        name_of(one),
        count(one.leads),
        count(one.conversions),
        share_with_interval(one.rate),
        with_interval(one.auc, 2),
        with_interval(one.log_loss, 3),
        with_interval(one.ratio, 2),
        with_interval(one.gain, 3),
    )


def name_of(one: SliceFigures) -> str:
    """Return what a kind of leads is called on the card."""
    if one.name is None:
        return f"{one.folded} small kinds together"
    return short(one.name) or "not known"

"""What the model is, for whom, and where it comes from, in words."""

from __future__ import annotations

from typing import Final

from data_checks.plain_words import handoff_in_words
from models.calibration.kinds import IN_WORDS as CALIBRATIONS
from models.ladder import NAMES as RUNGS
from pipeline.card.document import Section, Table
from pipeline.card.facts import CardFacts
from pipeline.card.numbers import count

_MADE_OF: Final = {
    "base_rate": "It gives every lead the rate of all.",
    "scorecard": "Each value of a feature earns points, and the points are added up.",
    "scorecard_and_trees": "The mean of a scorecard and of LightGBM's trees, in log-odds.",
    "trees": "LightGBM's trees alone.",
}


def purpose(facts: CardFacts) -> Section:
    """Return what the model is for, and what it is not for."""
    days = facts.bundle.facts.horizon_days
    rejects = "The agreement's own rules come before it: a lead that they reject gets no score."
    return Section(
        "What it is, and for whom",
        (
            f"This model gives each open lead the probability that it reaches {facts.target} within "
            f"{days} days "
            "of the look. Marketing uses it to decide which leads go to sales, sales to see which to "
            "call first and "
            "why, and both heads to talk about one number.",
            f"Intended use: {handoff_in_words(facts.agreement.handoff)} {rejects}",
            "Not intended: deciding about people in their private life (credit, employment, prices), "
            "judging the "
            "work of a sales person, reading a cause out of what drives a score, and leads of another "
            "company, "
            "market or process than those it has learned from. A person can see why a lead got its "
            "score, and "
            "sales can overrule it.",
        ),
    )


def origin(facts: CardFacts) -> Section:
    """Return what identifies the model, and what it has learned from."""
    told, made, tested = facts.bundle.facts.trained_on, facts.bundle.facts, facts.tested
    rows = {
        "Model": facts.bundle.hash,
        "Agreement": f"{made.agreement_version}, which is {facts.agreement.fingerprint[:12]}",
        "Features": f"{len(made.feature_names):,}, of which {facts.used:,} move a score; "
        f"fingerprint {made.feature_fingerprint}",
        "Data": made.data_hash,
        "Code": facts.origin["code_commit"],
        "Horizon": f"{made.horizon_days} days",
        "History read until": str(told["history_until"])[:16].replace("T", " "),
        "Learned from": f"{count(float(told['leads']))} leads at {count(float(told['snapshots']))} moments, "
        f"{count(float(told['conversions']))} of which {facts.target} followed",
        "Tested on": f"{count(tested.leads_of)} leads looked at from {tested.begin} to {tested.end}, "
        f"by a model of the same recipe that learned from those of {tested.learned_from} "
        f"to {tested.learned_until}",
    }
    return Section(
        "Which model this is",
        (Table(("", ""), tuple(rows.items()), words=(1,)),),
    )


def recipe(facts: CardFacts) -> Section:
    """Return on which rung of the ladder the model stands, why, and how it was learned."""
    rung, learned = facts.bundle.model.rung, facts.learned["recipe"]
    how = []
    if facts.bundle.model.scorecard is not None and rung != "base_rate":
        how.append(f"strength of the points {learned['strength']:g}")
    if facts.bundle.model.trees is not None:
        how.append(f"{learned['rounds']} trees")
    how.append(f"calibration {CALIBRATIONS[facts.bundle.facts.calibration.kind]}")
    found = (
        "found on forward folds before the test"
        if learned.get("found", True)
        else "not found on folds, for lack of history"
    )
    return Section(
        f"Rung: {RUNGS[rung]}",
        (f"{_MADE_OF[rung]} {facts.bundle.facts.standing}", f"Recipe ({found}): {', '.join(how)}."),
    )

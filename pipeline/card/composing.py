"""The facts put together as one page."""

from __future__ import annotations

from pipeline.card.about import origin, purpose, recipe
from pipeline.card.document import Card
from pipeline.card.facts import CardFacts
from pipeline.card.fairness_words import fairness_section
from pipeline.card.left_out import left_out_section
from pipeline.card.limits import limits_section
from pipeline.card.quality import calibration, metrics, slices
from pipeline.card.staleness import staleness_section


def card_of(facts: CardFacts) -> Card:
    """Return the model card: after Mitchell et al., Model Cards for Model Reporting, 2019."""
    lead = (
        f"Model {facts.bundle.hash[:12]}, made under agreement {facts.agreement.version} "
        f"from the history until {str(facts.bundle.facts.trained_on['history_until'])[:10]}."
    )
    sections = (
        purpose(facts),
        origin(facts),
        recipe(facts),
        metrics(facts),
        calibration(facts),
        slices(facts),
        fairness_section(facts),
        left_out_section(facts),
        staleness_section(facts),
        limits_section(facts),
    )
    return Card("Model card", lead, sections)

"""What of the model card's facts is kept as data, for the pages of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.proxies import GroupProxy
from pipeline.card.document import short
from pipeline.card.facts import CardFacts, FieldCheck
from pipeline.card.fairness_words import fairness_said


def kept_of(facts: CardFacts) -> Mapping[str, Any]:
    """Return the facts: the forward test, and how groups fare that the model may not know of.

    - ``bundle_hash``: the bundle that the card is of.
    - ``tested``: the fields of `pipeline.card.facts.Tested`.
    - ``fairness``: for each field that may not be used ``field``, ``why`` it has no groups, what is
      ``said`` in sentences, ``groups`` with the fields of `models.fairness.GroupFigures`, and ``proxies``:
      how well each group is told from the features in use, and by which.
    - ``not_there``: fields that may not be used and that no lead has.
    """
    return {
        "bundle_hash": facts.bundle.hash,
        "tested": asdict(facts.tested),
        "fairness": [_field(one, facts) for one in facts.forbidden],
        "not_there": [short(name) for name in facts.not_there],
    }


def _field(check: FieldCheck, facts: CardFacts) -> dict[str, Any]:
    return {
        "field": short(check.field),
        "why": check.why,
        "said": list(fairness_said(check, facts)) if check.groups else [],
        "groups": [
            {**asdict(one), "name": short(one.name), "below_four_fifths": one.below_four_fifths}
            for one in check.groups
        ],
        "proxies": [_proxy(one, facts) for one in check.proxies],
    }


def _proxy(one: GroupProxy, facts: CardFacts) -> dict[str, Any]:
    sentences = {feature.name: feature.sentence for feature in facts.bundle.features.features}
    return {
        "name": short(one.name),
        "leads": one.leads,
        "auc": asdict(one.auc),
        "told": one.told,
        "tellers": [short(sentences[teller.feature]) for teller in one.tellers],
    }

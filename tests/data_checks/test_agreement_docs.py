"""`docs/agreement.md` and the model of the agreement speak of the same things."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from crm_tables import DEFAULT_AGREEMENT
from data_checks.agreement import Agreement, Signatory, Target, load_agreement, parse_agreement
from data_checks.clauses import RULES
from data_checks.folding import MISSING_WORDS
from data_checks.handoff import ByCapacity, ByPrecision, ByProbability
from data_checks.scales import BUILT_IN, STATED_STRENGTHS
from data_checks.sla import Sla, WorkingHours
from data_checks.stages import STAGE_NAMES
from data_checks.value_types import VALUE_TYPES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "agreement.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
CODES = set(re.findall(r"`([^`\n]+)`", DOCUMENT))


def keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def table_under(heading: str) -> list[list[str]]:
    """The rows of the last table before the next heading, as cells."""
    section = DOCUMENT.split(f"{heading}\n", 1)[1]
    rows = re.split(r"\n#{2,3} ", section)[0].splitlines()
    return [
        [cell.strip().strip("`") for cell in row.strip("|").split("|")]
        for row in rows
        if row.startswith("| `")
    ]


def test_every_key_of_the_agreement_is_documented_and_no_other():
    """The table of keys has the model's keys, in the model's order."""
    assert [row[0] for row in table_under("## Keys")] == keys(Agreement)


@pytest.mark.parametrize(
    "model", [Target, Signatory, Sla, WorkingHours, ByCapacity, ByPrecision, ByProbability]
)
def test_the_keys_of_each_part_are_documented(model):
    """Each key of each part of the agreement stands in the document as a code."""
    assert [key for key in keys(model) if key not in CODES] == []


def test_every_service_level_is_documented_and_no_other():
    """The table of service levels has the model's keys."""
    assert [row[0] for row in table_under("### `sla`")] == keys(Sla)


def test_every_rule_is_documented_and_no_other():
    """The table of rules has the rules of the model."""
    assert [row[0] for row in table_under("### Rules")] == list(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_the_keys_of_every_rule_are_documented(rule):
    """Each rule's own keys stand in its row, and no key that it does not have."""
    common = {"field", "table", "rule", "breach", "why", "tolerate"}
    (row,) = [row for row in table_under("### Rules") if row[0] == rule]
    assert set(re.findall(r"\w+", row[1])) == set(keys(RULES[rule])) - common


def test_every_word_that_has_a_meaning_is_documented():
    """Stages, kinds of value, scales and words for nothing are all named."""
    words = {*STAGE_NAMES, *VALUE_TYPES, *BUILT_IN, "reject", "flag", "stop", "creation", "as_of"}
    assert words - CODES == set()
    assert {word for word in MISSING_WORDS if word} - {code.lower() for code in CODES} == set()
    assert [one for one in STATED_STRENGTHS if f"| {one} |" not in DOCUMENT] == []


def test_the_small_agreement_of_the_document_can_be_read():
    """The first example is a whole agreement."""
    assert parse_agreement(EXAMPLES[0]).handoff.by == "capacity"


@pytest.mark.parametrize("example", EXAMPLES[1:])
def test_every_example_can_be_read(example):
    """The other examples fit into it, under their own keys."""
    key = example.split(":", 1)[0]
    rest = "\n".join(line for line in re.split(r"\n(?=\w)", EXAMPLES[0]) if not line.startswith(key))
    assert parse_agreement(f"{rest}\n{example}")


def test_the_examples_show_every_rule():
    """Each rule has an example that one can copy."""
    shown = set(re.findall(r"rule: (\w+)", EXAMPLES[-1]))
    assert shown == set(RULES)


def test_the_default_agreement_uses_documented_words_only():
    """What Baton comes with can be looked up."""
    used = {clause.name for clause in load_agreement(DEFAULT_AGREEMENT).lead_data}
    assert used <= {row[0] for row in table_under("### Rules")}

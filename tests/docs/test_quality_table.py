"""docs/quality.md names tests that exist, and adds up its points."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)))
SECTIONS = dict(re.findall(r"^##+ ([^\n]+)\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
SCORED = ("Data", "Model", "Infrastructure", "Monitoring")


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def rows(section: str) -> list[list[str]]:
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda part: part.rpartition("/")[2])
def test_every_test_that_the_document_names_exists(path, name):
    """A promise whose proof was renamed or removed is no longer proven."""
    assert name in named_in(path)


def test_every_path_in_the_document_names_a_test():
    """No proof is written in a way that the check above would pass over."""
    assert len(re.findall(r"tests/[\w/]+\.py::", DOCUMENT)) == len(
        re.findall(r"`tests/[\w/]+\.py::\w+`", DOCUMENT)
    )
    assert len(NAMED) > 50


@pytest.mark.parametrize("section", ["Bad input", "Faults to survive"])
def test_every_row_names_its_proof_or_says_that_there_is_none(section):
    """A row without a test says "not yet"."""
    listed = rows(section)
    assert len(listed) > 10
    assert [row[0] for row in listed if "::" not in row[1] and "not yet" not in row[1]] == []


@pytest.mark.parametrize("section", SCORED)
def test_the_points_add_up(section):
    """Each part of the score has its seven items, each worth 0, a half or 1, and the sum is theirs."""
    *items, total = rows(section)
    points = [float(points) for _, points, _ in items]
    assert len(points) == 7
    assert set(points) <= {0.0, 0.5, 1.0}
    assert total[1] == f"**{sum(points):g}**"
    assert [item for item, worth, by in items if float(worth) < 1 and not by] == []


def test_the_score_is_the_smallest_sum():
    """The closing line repeats the four sums and the smallest of them."""
    sums = [rows(section)[-1][1].strip("*") for section in SCORED]
    smallest = min(sums, key=float)
    assert f"**The score is {smallest}**, the smallest of {', '.join(sums[:-1])} and {sums[-1]}." in DOCUMENT

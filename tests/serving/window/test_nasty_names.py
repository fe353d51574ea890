"""Names that would be markup, scripts or formulas do no harm on any page, nor in any of its files."""

from __future__ import annotations

import csv
import io
import re

import pytest

from altered_pages import altered
from serving.figures.table import FORMULAS
from serving.pages.navigation import NAV

EVIL = "<img src=x onerror=alert(1)>\"' <script>alert(2)</script> \N{RIGHT-TO-LEFT OVERRIDE}gnp.exe"
FORMULA = '=HYPERLINK("http://elsewhere.example","click")'
ALTERED = (
    "update leads set company = $evil, title = $formula, owner = $evil where hash(lead_id) % 3 = 0",
    "update leads set company = repeat('x', 10000) where hash(lead_id) % 3 = 1",
    "update leads set industry = $evil, source = $formula, source_group = $evil where hash(lead_id) % 5 = 0",
    "update leads set sent_back_for = $evil where sent_back_for is not null and hash(lead_id) % 2 = 0",
    "update stage_changes set reason = $formula where hash(lead_id) % 2 = 0",
    "update campaigns set name = $evil",
    "update activities set asset = $evil, product = $formula where hash(lead_id) % 2 = 0",
    "update broken_rows set reasons = $evil",
    "update flags set message = $formula",
)
PAGES = [*(path for path, _ in NAV), "/come-back?points=0", "/aim/moves", "/aim/profile"]


@pytest.fixture(scope="module")
def evil_file(crm, tmp_path_factory):
    """The file of the pages, full of names that mean no good."""
    named = {"$evil": EVIL, "$formula": FORMULA}
    statements = list(ALTERED)
    for name, text in named.items():
        quoted = "'" + text.replace("'", "''") + "'"
        statements = [statement.replace(name, quoted) for statement in statements]
    return altered(crm.project.pages, tmp_path_factory.mktemp("evil"), *statements)


@pytest.mark.parametrize("path", PAGES)
def test_names_do_no_harm(new_window, evil_file, path):
    """A page shows them as text, and a spreadsheet takes none of its cells for a formula."""
    window = new_window(pages=evil_file).sign_in()
    page = window.get(path)
    assert "<script" not in page
    assert "<img src=x" not in page
    for file in dict.fromkeys(re.findall(r'href="([^"]+\.csv[^"]*)"', page)):
        text = window.get(file.replace("&amp;", "&")).lstrip("\ufeff")
        for row in csv.reader(io.StringIO(text)):
            assert not [cell for cell in row if cell.startswith(FORMULAS) and not is_number(cell)], file


def is_number(text: str) -> bool:
    """Whether a cell is a number: a sign before it is no formula."""
    try:
        float(text)
    except ValueError:
        return False
    return True

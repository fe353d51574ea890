"""The report as one HTML file, with its style and its pictures in itself."""

from __future__ import annotations

from markupsafe import Markup

from serving.pages.rendering import FOLDER, render
from serving.report.document import Document


def as_html(document: Document) -> str:
    """Return the report as a page that fetches nothing from anywhere."""
    # The style sheet is ours and holds no markup.
    style = Markup((FOLDER / "baton.css").read_text(encoding="utf-8"))  # noqa: S704
    return render("report.html", document=document, style=style)

"""Stage card: what is known of the model, as a page and as a file for git."""

from __future__ import annotations

from pipeline.card.composing import card_of
from pipeline.card.reading import read_facts
from pipeline.card.writing import as_html, as_markdown
from pipeline.project import Project
from pipeline.stages.progress import stage_voice


def run_card(project: Project) -> None:
    """Write reports/model_card.html and reports/model_card.md, which hold the same figures."""
    say = stage_voice("card")
    facts = read_facts(project)
    card = card_of(facts)
    project.card.write_text(as_html(card), encoding="utf-8")
    project.card_for_git.write_text(as_markdown(card), encoding="utf-8")
    say(f"{project.card.name} and {project.card_for_git.name} of model {facts.bundle.hash[:12]}")

"""Stage card: what is known of the model, as a page and as a file for git."""

from __future__ import annotations

from pipeline.card.composing import card_of
from pipeline.card.kept import kept_of
from pipeline.card.reading import read_facts
from pipeline.card.writing import as_html, as_markdown
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import write_json


def run_card(project: Project) -> None:
    """Write reports/model_card.html and .md, which hold the same figures, and what the pages show of them."""
    say = stage_voice("card")
    facts = read_facts(project)
    card = card_of(facts)
    project.card.write_text(as_html(card), encoding="utf-8")
    write_json(kept_of(facts), project.card_facts)
    project.card_for_git.write_text(as_markdown(card), encoding="utf-8")
    say(f"{project.card.name} and {project.card_for_git.name} of model {facts.bundle.hash[:12]}")

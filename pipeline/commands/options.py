"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ProjectFolder = Annotated[
    Path, typer.Option("--project", help="Folder with params.yaml and agreement.yaml.", show_default="here")
]
HERE = Path()

"""Which bundle is served: a folder of versions and one pointer, changed in one step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from data_checks.errors import BatonError
from models.bundle import load_bundle


class Promotion(BaseModel):
    """One change of the served model: to which version, when, by whom and why.

    The agreement and the data (their hash) are those of the version; ``overruled`` are the objections of
    the gate that a person overruled with the reason.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    at: datetime
    by: str
    reason: str
    bundle_hash: str
    agreement_version: str = ""
    data_hash: str = ""
    overruled: tuple[str, ...] = ()


class Shelf:
    """The served versions under one folder.

    ``<root>/<version>/`` holds a bundle, ``champion.json`` names the served one and
    ``promotions.jsonl`` keeps every change. The scorer needs nothing else to start, and no server.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def pointer(self) -> Path:
        """The file that names the champion."""
        return self.root / "champion.json"

    def champion(self) -> tuple[str, Path] | None:
        """Return the served version and its bundle; None before the first promotion."""
        if not self.pointer.exists():
            return None
        version = Promotion.model_validate_json(self.pointer.read_text(encoding="utf-8")).version
        return version, self.root / version

    def history(self) -> tuple[Promotion, ...]:
        """Return every change of the champion, the oldest first."""
        log = self.root / "promotions.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return tuple(Promotion.model_validate_json(line) for line in lines)

    def put(self, bundle: Path, version: str) -> Path:
        """Copy a bundle onto the shelf as a version; nothing is served yet.

        Raises:
            BundleError: The bundle cannot be used.
        """
        load_bundle(bundle)
        place, half = self.root / version, self.root / f".{version}.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(bundle, half)
        shutil.rmtree(place, ignore_errors=True)
        half.rename(place)
        return place

    def promote(self, version: str, by: str, reason: str, overruled: Sequence[str] = ()) -> Promotion:
        """Serve a version that is on the shelf, and note who did it and why.

        Raises:
            BundleError: The version is not on the shelf or cannot be used.
        """
        bundle = load_bundle(self.root / version)
        promotion = Promotion(
            version=version,
            at=datetime.now(UTC),
            by=by,
            reason=reason,
            bundle_hash=bundle.hash,
            agreement_version=bundle.agreement.version,
            data_hash=bundle.facts.data_hash,
            overruled=tuple(overruled),
        )
        line = json.dumps(promotion.model_dump(mode="json"), ensure_ascii=False)
        with (self.root / "promotions.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        half = self.pointer.with_suffix(".half")
        half.write_text(line, encoding="utf-8")
        half.replace(self.pointer)
        return promotion

    def rollback(self, by: str, reason: str) -> Promotion:
        """Serve again what was served before the champion.

        Raises:
            BatonError: There is nothing to go back to.
        """
        now = self.champion()
        earlier = [past.version for past in self.history() if now and past.version != now[0]]
        if not earlier:
            raise BatonError(
                "a rollback goes back to an earlier champion", "none on the shelf", "promote a model first"
            )
        return self.promote(earlier[-1], by, reason)

"""Which bundle is served: a folder of versions and one pointer, changed in one step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from data_checks.agreement import Agreement
from data_checks.errors import BatonError
from models.bundle import load_bundle

_FROM_THE_RECORD: Final = (
    "remove that line from promotions.jsonl, or copy its last whole line to champion.json"
)
_MENDING: Final = {
    "promotions.jsonl": _FROM_THE_RECORD,
    "champion.json": _FROM_THE_RECORD,
    "challenger.json": "end it with `baton challenge --end`, and begin it again",
}


class Promotion(BaseModel):
    """One change of the served model, or of its challenger: to which version, when, by whom and why.

    The agreement and the data (their hash) are those of the version; ``overruled`` are the objections of
    the gate that a person overruled with the reason, or those that a challenger is watched in spite of.
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

    ``<root>/<version>/`` holds a bundle, ``champion.json`` names the served one, ``challenger.json`` the one
    that scores beside it, if there is one, and ``promotions.jsonl`` keeps every change of the champion. The
    scorer needs nothing else to start, and no server.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def pointer(self) -> Path:
        """The file that names the champion."""
        return self.root / "champion.json"

    @property
    def challenger_pointer(self) -> Path:
        """The file that names the challenger, while there is one."""
        return self.root / "challenger.json"

    def champion(self) -> tuple[str, Path] | None:
        """Return the served version and its bundle; None before the first promotion.

        Raises:
            BatonError: The pointer is damaged.
        """
        found = _named_in(self.pointer)
        return None if found is None else (found.version, self.root / found.version)

    def challenger(self) -> Promotion | None:
        """Return what scores beside the champion, and since when; None if nothing does.

        Raises:
            BatonError: The pointer is damaged.
        """
        return _named_in(self.challenger_pointer)

    def challenging_as(self, bundle_hash: str) -> str | None:
        """Return the challenger's version if it is this bundle; a damaged pointer names none."""
        with suppress(BatonError):
            found = self.challenger()
            return found.version if found and found.bundle_hash == bundle_hash else None
        return None

    def bundle_of(self, version: str) -> Path | None:
        """Return the bundle of a version, or None if it is not on the shelf any more."""
        folder = self.root / version
        return folder if folder.is_dir() else None

    def agreement_of(self, version: str) -> Agreement | None:
        """Return the agreement that a version was made under, or None if the version is gone or damaged."""
        path = self.root / version / "agreement.json"
        try:
            return Agreement.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def history(self) -> tuple[Promotion, ...]:
        """Return every change of the champion, the oldest first.

        Raises:
            BatonError: The record is damaged.
        """
        log = self.root / "promotions.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return tuple(_promotion(line, log) for line in lines)

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
        promotion = self._entry(version, by, reason, overruled)
        line = _line(promotion)
        with (self.root / "promotions.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        _point(self.pointer, line)
        if self.challenging_as(promotion.bundle_hash) is not None:
            self.end_challenge()
        return promotion

    def challenge(self, version: str, by: str, reason: str, objections: Sequence[str] = ()) -> Promotion:
        """Let a version that is on the shelf score beside the champion, in place of any other challenger.

        Raises:
            BundleError: The version is not on the shelf or cannot be used.
        """
        challenge = self._entry(version, by, reason, objections)
        _point(self.challenger_pointer, _line(challenge))
        return challenge

    def end_challenge(self) -> bool:
        """Let the champion score alone, and tell whether it did not before."""
        there = self.challenger_pointer.exists()
        self.challenger_pointer.unlink(missing_ok=True)
        return there

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

    def _entry(self, version: str, by: str, reason: str, overruled: Sequence[str]) -> Promotion:
        bundle = load_bundle(self.root / version)
        return Promotion(
            version=version,
            at=datetime.now(UTC),
            by=by,
            reason=reason,
            bundle_hash=bundle.hash,
            agreement_version=bundle.agreement.version,
            data_hash=bundle.facts.data_hash,
            overruled=tuple(overruled),
        )


def _named_in(pointer: Path) -> Promotion | None:
    try:
        return _promotion(pointer.read_text(encoding="utf-8"), pointer)
    except FileNotFoundError:
        return None


def _point(pointer: Path, line: str) -> None:
    half = pointer.with_suffix(".half")
    half.write_text(line, encoding="utf-8")
    half.replace(pointer)


def _line(promotion: Promotion) -> str:
    return json.dumps(promotion.model_dump(mode="json"), ensure_ascii=False)


def _promotion(line: str, path: Path) -> Promotion:
    try:
        return Promotion.model_validate_json(line)
    except ValueError as fault:
        raise BatonError(
            "every line of the shelf's record is whole",
            f"{line[:80]!r} in {path}",
            _MENDING[path.name],
        ) from fault

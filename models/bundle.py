"""A trained model as a folder of JSON, trees in LightGBM's own text, no pickle, sealed by hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from data_checks.agreement import Agreement
from data_checks.errors import BatonError
from features.feature_set import FeatureSet
from features.reference import Reference
from models.differences import columns_apart
from models.effect_table import EffectTable
from models.facts import ModelFacts
from models.model import Model

FORMAT: Final = 5
FILES: Final = (
    "model.json",
    "twin.json",
    "features.json",
    "reference.json",
    "agreement.json",
    "facts.json",
    "effects.json",
)
MANIFEST: Final = "manifest.json"


class BundleError(BatonError):
    """A bundle cannot be used."""


@dataclass(frozen=True)
class Bundle:
    """All that scoring needs: the model, features, the dated reference, the agreement and the facts.

    ``effects`` says for each feature what became of the leads with each of its values.
    ``twin`` is the model that the forward test judges in place of the served one, which has learned from
    all mature leads; see `models.twin`. A bundle without one scores, and cannot be promoted.
    """

    model: Model
    features: FeatureSet
    reference: Reference
    agreement: Agreement
    facts: ModelFacts
    hash: str = ""
    effects: EffectTable = field(default_factory=EffectTable)
    twin: Model | None = None


def save_bundle(bundle: Bundle, folder: Path) -> str:
    """Write the bundle and return its hash: equal bundles have equal hashes, byte by byte.

    The manifest, which seals the rest, is written last: a folder without one is half a bundle.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "model.json": _json(bundle.model.to_json()),
        "twin.json": _json(None if bundle.twin is None else bundle.twin.to_json()),
        "features.json": _json(bundle.features.to_json()),
        "reference.json": _json(bundle.reference.to_json()),
        "agreement.json": _json(bundle.agreement.model_dump(mode="json", by_alias=True)),
        "facts.json": _json(bundle.facts.model_dump(mode="json")),
        "effects.json": _json(bundle.effects.to_json()),
    }
    for name, text in contents.items():
        (folder / name).write_text(text, encoding="utf-8")
    hashes = {name: _hash(text.encode()) for name, text in contents.items()}
    sealed = _hash(_json(hashes).encode())
    manifest = {"format": FORMAT, "bundle_hash": sealed, "files": hashes}
    (folder / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    return sealed


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle.

    Raises:
        BundleError: Something is missing or damaged, or model and features do not belong together.
    """
    manifest = _manifest(folder)
    texts = {name: _sealed_text(folder / name, manifest["files"][name]) for name in FILES}
    try:
        features = FeatureSet.from_json(json.loads(texts["features.json"]))
        bundle = Bundle(
            model=Model.from_json(json.loads(texts["model.json"])),
            twin=_twin(texts["twin.json"]),
            features=features,
            reference=Reference.from_json(json.loads(texts["reference.json"])),
            agreement=Agreement.model_validate_json(texts["agreement.json"]),
            facts=ModelFacts.model_validate_json(texts["facts.json"]),
            hash=manifest["bundle_hash"],
            effects=EffectTable.from_json(json.loads(texts["effects.json"]), features.names),
        )
    except (ValidationError, KeyError, TypeError, ValueError) as fault:
        raise BundleError(
            "a bundle is read by the version of Baton that wrote it",
            f"{folder}: {fault}",
            "build it again with `dvc repro`",
        ) from fault
    _require_own_features(bundle)
    return bundle


def _twin(text: str) -> Model | None:
    data = json.loads(text)
    return None if data is None else Model.from_json(data)


def _manifest(folder: Path) -> Mapping[str, Any]:
    again = "build it again with `dvc repro`, or roll back with `baton rollback`"
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
    except FileNotFoundError as fault:
        raise BundleError("a bundle is a folder with a manifest", f"none in {folder}", again) from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise BundleError("a bundle's manifest is whole", f"{folder / MANIFEST}: {fault}", again) from fault
    if manifest.get("format") != FORMAT or set(files) != set(FILES):
        found = f"format {manifest.get('format')} with {sorted(files)}"
        raise BundleError(f"a bundle has format {FORMAT} and the files {sorted(FILES)}", found, again)
    if _hash(_json(files).encode()) != manifest.get("bundle_hash"):
        raise BundleError("a bundle's manifest is whole", f"{folder / MANIFEST} was altered", again)
    return manifest


def _sealed_text(path: Path, expected: str) -> str:
    again = "restore the bundle, or roll back with `baton rollback`"
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise BundleError("a bundle is complete", f"{path}: {fault.strerror}", again) from fault
    if (found := _hash(content)) != expected:
        what = f"SHA-256 {found[:12]} instead of {expected[:12]} in {path}"
        raise BundleError("a bundle is used as it was built", what, again)
    return content.decode()


def _require_own_features(bundle: Bundle) -> None:
    facts, features = bundle.facts, bundle.features
    for model in (bundle.model, bundle.twin):
        if model is not None and model.names != features.names:
            raise BundleError(
                "a model is used with the features it was built for",
                f"in the set beside it: {columns_apart(model.names, features.names)}",
                "build the bundle again with `dvc repro`",
            )
    if facts.feature_fingerprint != features.fingerprint or facts.feature_names != features.names:
        raise BundleError(
            "a model is used with the features it was built for",
            columns_apart(facts.feature_names, features.names)
            or f"the same names, computed another way: fingerprint {features.fingerprint[:12]} instead of "
            f"{facts.feature_fingerprint[:12]}",
            "build the bundle again with `dvc repro`",
        )


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

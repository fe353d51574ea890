"""A service with a small hand-written scorer that computes, on a ledger of its own; ledgers of both kinds."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from starlette.testclient import TestClient

from data_checks.agreement import Agreement
from data_checks.instant import Issue, check_lead
from data_checks.reading import parse_number
from features.lead_input import LeadInput
from models.explanation import FamilyEffect, Reason
from models.score_trace import ModelWay, ScoreTrace, TracedFeature
from models.scorer import LeadScore
from serving.api_keys import NO_LIMITS, Limits
from serving.app import build_app
from serving.key_store import create_key
from serving.ledger.ledger import Ledger
from serving.settings import Settings
from tiny_bundle import save_tiny_bundle

POSTGRESQL = os.environ.get("BATON_TEST_POSTGRESQL_URL")
KNOWN = frozenset({"lead_id", "created_at", "company", "industry", "number_of_employees", "country", "email"})


def an_agreement(**changes: Any) -> Agreement:
    return Agreement.model_validate(
        {
            "version": "2026.11",
            "signatories": [{"team": "sales", "name": "Ada"}, {"team": "marketing", "name": "Ben"}],
            "stages": {"inquiry": ["New"], "sql": ["Qualified"]},
            "target": {"stage": "sql", "within_days": 90},
            "lead_data": [
                {"field": "industry", "rule": "allowed", "values": ["Logistics", "Retail"], "breach": "flag"},
                {"field": "country", "rule": "required", "breach": "reject"},
            ],
            "grades": {"A": 0.5, "B": 0.2, "C": 0.0},
            "handoff": {"by": "probability", "at_least": 0.5},
            **changes,
        }
    )


class SizeScorer:
    """Scores by company size and activities: log-odds = log10(employees) - 2 + activities / 10."""

    def __init__(self, version: str = "7", agreement: Agreement | None = None) -> None:
        self.model_version = version
        self.agreement = agreement or an_agreement()
        self.horizon_days = 90
        self.feature_names = ("employees", "activities")
        self.rung, self.standing = "trees", "The model is trees alone."
        self.trained_on: Mapping[str, object] = {"leads": 1200, "conversions": 130}
        self.groups: list[int] = []

    def score(
        self, leads: Sequence[LeadInput], explained: Sequence[bool] | None = None
    ) -> tuple[LeadScore, ...]:
        """Score the leads, and note how many there were."""
        self.groups.append(len(leads))
        asked = [True] * len(leads) if explained is None else explained
        return tuple(map(self._score_one, leads, asked))

    def kept(self, lead: LeadInput) -> LeadInput:
        """Return the lead without what is personal."""
        return replace(lead, fields={name: value for name, value in lead.fields.items() if name != "email"})

    @property
    def way(self) -> ModelWay:
        """Tell rung, calibration, cut-off and grades."""
        return ModelWay("trees", "none", 0.5, tuple(self.agreement.grades.items()))

    def trace(self, lead: LeadInput) -> ScoreTrace:
        """Compute the score again, of one feature without records."""
        found = self._score_one(lead, explained=True)
        odds = math.log(found.probability / (1 - found.probability))
        parts = (TracedFeature("employees", "demographic", "Number of employees", None, odds, ()),)
        told = found.probability, found.probability_low, found.probability_high, found.grade
        return ScoreTrace(parts, 0.0, odds, odds, odds, *told, is_open=True, decision=found.decision)

    def _score_one(self, lead: LeadInput, explained: bool) -> LeadScore:
        unknown = [
            Issue(name, "known_field", "not used", "flag") for name in lead.fields if name not in KNOWN
        ]
        issues = (*check_lead(self.agreement, lead.fields, now=lead.as_of), *unknown)
        if any(issue.breach == "reject" for issue in issues):
            return LeadScore(lead.lead_id, lead.as_of, "reject", issues=issues)
        size = parse_number(lead.fields.get("number_of_employees"))
        count = len([one for one in lead.activities if one.occurred_at < lead.as_of])
        parts = {"employees": math.log10(max(size or 1.0, 1.0)) - 2.0, "activities": count / 10}
        probability = 1 / (1 + math.exp(-sum(parts.values())))
        moved = probability - 0.5
        reasons = (
            Reason("employees", "demographic", f"{size or 0:g} employees", size, moved / 4, "any", 1200, 0.1),
            Reason("activities", "behaviour", f"{count} activities", float(count), moved / 4),
            Reason("last_visit", "timing", "never came back", math.nan, moved / 2),
        )
        families = tuple(FamilyEffect(one.family, one.effect) for one in reasons)
        grade = next(g for g, least in self.agreement.grades.items() if probability >= least)
        decision = "hand_off" if probability >= 0.5 else "nurture"
        told = lead.lead_id, lead.as_of, decision, probability, grade
        ends = 0.9 * probability, 0.1 + 0.9 * probability
        if not explained:
            return LeadScore(*told, (), issues, None, (), *ends)
        return LeadScore(*told, reasons, issues, 0.5, families, *ends)


@dataclass(frozen=True)
class SomeChallenge:
    """A challenger of a shelf."""

    version: str
    overruled: tuple[str, ...]


class SomeShelf:
    """A shelf that is two files: their texts are the versions of champion and challenger."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pointer, self.challenger_pointer = root / "champion", root / "challenger"
        self.gone: set[str] = set()

    def promote(self, version: str) -> None:
        """Name another champion, in one step."""
        _write(self.pointer, version)

    def challenge(self, version: str, *objections: str) -> None:
        """Name another challenger, in one step."""
        _write(self.challenger_pointer, "\n".join((version, *objections)))

    def challenger(self) -> SomeChallenge | None:
        """Return the challenger, or None."""
        if not self.challenger_pointer.exists():
            return None
        version, *objections = self.challenger_pointer.read_text().splitlines()
        return SomeChallenge(version, tuple(objections))

    def bundle_of(self, version: str) -> Path | None:
        """Return the folder, unless the version is gone."""
        return None if version in self.gone else self.root

    def champion(self) -> tuple[str, Path] | None:
        """Return the version and the folder, or None."""
        return (self.pointer.read_text(), self.root) if self.pointer.exists() else None


def _write(pointer: Path, text: str) -> None:
    half = pointer.with_suffix(".half")
    half.write_text(text)
    half.replace(pointer)


class Service:
    """A service under test: its client, its shelf, its ledger and a key for everything."""

    def __init__(self, client: TestClient, shelf: SomeShelf, settings: Settings, key: str) -> None:
        self.client, self.shelf, self.settings, self.key = client, shelf, settings, key
        self.headers = {"Authorization": f"Bearer {key}"}

    def score(self, leads: Sequence[object], **options: Any) -> Any:
        """Post leads with the key."""
        return self.client.post("/score", json={"leads": list(leads)}, headers=self.headers, **options)

    def send(self, body: bytes | str, content_type: str = "application/json", **headers: str) -> Any:
        """Post any body with the key."""
        return self.client.post(
            "/score", content=body, headers={**self.headers, "Content-Type": content_type, **headers}
        )

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Ask for any address with the key."""
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Open the service's ledger a second time."""
        with closing(Ledger(self.settings.ledger_url, 2.0)) as ledger:
            ledger.open()
            yield ledger


@pytest.fixture(scope="session")
def new_scorer() -> Callable[..., SizeScorer]:
    """Make a scorer; see :class:`SizeScorer`."""
    return SizeScorer


@pytest.fixture(scope="session")
def new_agreement() -> Callable[..., Agreement]:
    """Make the agreement that the scorer goes by; keyword arguments change its keys."""
    return an_agreement


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory, new_agreement):
    """A bundle trained on a small history."""
    folder = tmp_path_factory.mktemp("bundle")
    save_tiny_bundle(new_agreement(), folder)
    return folder


@pytest.fixture(scope="session")
def a_lead() -> Callable[..., dict[str, Any]]:
    """Make a lead that keeps the agreement; keyword arguments change its fields."""

    def make(name: str = "L-1", **fields: Any) -> dict[str, Any]:
        usual = {
            "created_at": "2026-09-01T08:30:00Z",
            "company": "Nordwind",
            "industry": "Logistics",
            "number_of_employees": 250,
            "country": "DE",
        }
        return {"lead_id": name, "fields": {**usual, **fields}}

    return make


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Start services that share a ledger; ``load`` gives the scorer of a version."""
    running: list[TestClient] = []

    def make(
        load: Callable[[Path, str], Any] = lambda _, version: SizeScorer(version),
        champion: str | None = "7",
        scopes: Sequence[Any] = ("admin",),
        limits: Limits = NO_LIMITS,
        **changes: Any,
    ) -> Service:
        given = {
            "ledger_url": f"sqlite:///{tmp_path}/var/ledger.db",
            "session_file": tmp_path / "var/session.secret",
            "refresh_seconds": 0.05,
            **changes,
        }
        settings = Settings(**given)
        shelf = SomeShelf(tmp_path)
        if champion:
            shelf.promote(champion)
        key = ""
        if scopes:
            with closing(Ledger(settings.ledger_url, 2.0)) as ledger:
                ledger.open()
                key = create_key(ledger, "test", scopes, limits).text
        app = build_app(settings, lambda _: shelf, load, on_change=lambda: None)
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        running.append(client)
        return Service(client, shelf, settings, key)

    yield make
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    """A service with its champion."""
    return make_service()


@pytest.fixture(scope="session")
def new_postgresql(worker_id: str) -> Callable[[], str]:
    """Return how to get the URL of an empty database in PostgreSQL, one for each process of tests."""

    def make() -> str:
        if not POSTGRESQL:
            pytest.skip("BATON_TEST_POSTGRESQL_URL names no database to test with")
        name = f"baton_{worker_id}"
        with create_engine(_driven(POSTGRESQL), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)

    return make


def _driven(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(
                not POSTGRESQL, reason="BATON_TEST_POSTGRESQL_URL names no database to test with"
            ),
        ),
    ]
)
def url(request, tmp_path, new_postgresql):
    """An empty database of each kind."""
    return f"sqlite:///{tmp_path}/var/ledger.db" if request.param == "sqlite" else new_postgresql()


@pytest.fixture
def ledger(url):
    """An open ledger without scores."""
    with closing(Ledger(url, 2.0)) as opened:
        opened.open()
        yield opened

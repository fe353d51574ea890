"""The pages over a small sample CRM: their figures, a service that shows them, and its visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from browsing import CHROMIUM, service
from live_server import Server
from models.shelf import Shelf
from serving.app import build_app
from serving.figures.file import Figures, open_figures
from serving.key_store import create_key
from serving.ledger.ledger import Ledger
from serving.settings import Settings
from shown_project import ShownProject, shown_project


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> ShownProject:
    """A small sample CRM that went the whole way, and its tables."""
    base = tmp_path_factory.getbasetemp()
    return shown_project(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def figures(crm: ShownProject) -> Iterator[Figures]:
    """The figures of the pages over it."""
    found = open_figures(crm.project.pages)
    yield found
    found.connection.close()


class Window:
    """The pages, as somebody with a key sees them."""

    def __init__(self, client: TestClient, settings: Settings) -> None:
        self.client, self.settings = client, settings

    def sign_in(self, *scopes: str) -> Window:
        """Begin a session with a new key of these scopes; those of a sales person by default."""
        with closing(Ledger(self.settings.ledger_url, 2.0)) as ledger:
            ledger.open()
            key = create_key(ledger, "a visitor", scopes or ("read", "feedback")).text
        self.client.app.state.running.keyring.refresh()
        form = {"key": key, "next": ""}
        answer = self.client.post("/sign-in", data=form, headers=self.same_site, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return self

    @property
    def same_site(self) -> dict[str, str]:
        """What a browser says of a form of Baton's own."""
        return {"sec-fetch-site": "same-origin"}

    def get(self, path: str) -> str:
        """Return a page, which must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.text

    @contextmanager
    def without_ledger(self) -> Iterator[None]:
        """Take the ledger's file away for a while."""
        path = Path(self.settings.ledger_url.removeprefix("sqlite:///"))
        away = path.rename(path.with_suffix(".away"))
        try:
            yield
        finally:
            away.rename(path)

    def post(self, path: str, **form: str):
        """Send a form of Baton's own, and return the answer without following it."""
        return self.client.post(path, data=form, headers=self.same_site, follow_redirects=False)


@pytest.fixture
def new_window(crm: ShownProject, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Start a service over the small CRM or over another file of figures; each has a ledger of its own."""
    open_clients: list[TestClient] = []

    def start(pages: Path | None = None, with_model: bool = True, **settings: object) -> Window:
        folder = tmp_path / f"service{len(open_clients)}"
        folder.mkdir()
        shelf = Shelf(folder / "models")
        if with_model:
            shelf.put(crm.project.bundle, "1")
            shelf.promote("1", by="a test", reason="a test")
        chosen = Settings(
            ledger_url=f"sqlite:///{folder}/ledger.db",
            models=folder / "models",
            pages=pages or crm.project.pages,
            session_file=folder / "session.secret",
            **settings,
        )
        client = TestClient(build_app(chosen), base_url="http://127.0.0.1:3000")
        client.__enter__()
        open_clients.append(client)
        return Window(client, chosen)

    yield start
    for client in open_clients:
        client.__exit__(None, None, None)


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    """The pages over the small CRM, for somebody who signed in."""
    return new_window().sign_in()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def served(crm: ShownProject, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """The service over the small sample CRM, and a key for its pages; each file of tests has its own."""
    with service(tmp_path_factory.mktemp("sample"), crm) as found:
        yield found

"""What an operator sets: where Baton listens, where ledger and models are, and how much it takes."""

from __future__ import annotations

import ipaddress
import os
import warnings
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from data_checks.errors import BatonError

SECRETS_DIR: Final = "BATON_SECRETS_DIR"
"""The environment variable that names a folder of secrets."""


class SettingsError(BatonError):
    """A setting that the service cannot start with."""


def _address(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else str(ipaddress.ip_address(host))


def _durable(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("it is no database URL") from None
    name = parsed.get_backend_name()
    if name == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return url
    if name in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    raise ValueError("it is neither sqlite:///PATH nor postgresql://...")


class Settings(BaseSettings):
    """The settings of one service, each read from the environment variable ``BATON_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="BATON_", frozen=True, extra="ignore")

    host: Annotated[str, AfterValidator(_address)] = Field(
        "127.0.0.1", description="Address to listen on. Only this machine can reach the default."
    )
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on.")
    ledger_url: Annotated[str, AfterValidator(_durable)] = Field(
        "sqlite:///var/ledger.db",
        repr=False,
        description="Database of scores and keys: `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    models: Path = Field(Path("var/models"), description="Folder with the promoted models.")
    pages: Path = Field(
        Path("build/pages.duckdb"),
        description="File of stage `pages`, which the pages for people show.",
    )
    reports: Path = Field(
        Path("reports"),
        description="Folder with what `dvc repro` reports: the Data Docs, and what the gate said.",
    )
    max_leads: int = Field(100, ge=1, le=1000, description="Most leads that one request may hold.")
    max_body_bytes: int = Field(2_097_152, ge=1024, description="Largest request body, in bytes.")
    max_requests: int = Field(
        128, ge=1, description="Most requests worked on at a time; a further one gets 503 at once."
    )
    max_waiting_bytes: int = Field(
        16_777_216,
        ge=1024,
        description="Most bytes of bodies of the requests worked on at a time; beyond it, 503 at once. A "
        "body of undeclared length counts as the largest.",
    )
    max_waiting_leads: int = Field(
        1000, ge=1, description="Most leads waiting for the model or for the ledger; beyond it, 503 at once."
    )
    body_seconds: float = Field(10.0, gt=0, description="How long a client may take to send its body.")
    ledger_seconds: float = Field(
        2.0, gt=0, description="How long to wait for a locked or silent ledger before answering 503."
    )
    refresh_seconds: float = Field(
        1.0, gt=0, description="How often to look for a new champion, changed keys and the ledger's health."
    )
    keep_inputs_days: float = Field(
        90.0,
        ge=0,
        le=36_500,
        description="How long what a score was made from is kept, without personal fields, so that it can be "
        "traced. 0 keeps nothing.",
    )
    keep_days: float | None = Field(
        None,
        gt=0,
        le=36_500,
        description="How long scores, hand-offs and feedback are kept. Unset: for ever.",
    )
    per_minute: int | None = Field(
        None,
        ge=1,
        description="How much a key without a limit of its own may ask within a minute: each lead to score "
        "counts, and any other request counts one. Unset: no limit. Each worker counts by itself.",
    )
    behind_tls: bool = Field(
        False,
        description="Whether a proxy in front of Baton speaks TLS: browsers are told to come by HTTPS alone, "
        "and the cookie of a session is sent no other way.",
    )
    session_file: Path = Field(
        Path("var/session.secret"),
        description="File with the secret that signs sessions at `/try`; it is made when it is missing.",
    )
    canary_share: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of leads, 0 to 1, that a challenger answers for while there is one; always the "
        "same ones. 0: it only scores beside the champion.",
    )
    workers: int = Field(
        1, ge=1, le=64, description="Processes that answer. Each has the models in memory of its own."
    )
    open_page: bool | None = Field(
        None,
        description="Whether the page at `/` shows model and agreement to anyone who can reach it. "
        "Unset: only when Baton listens on loopback.",
    )

    @property
    def address(self) -> str:
        """The URL that a person on this machine opens."""
        host = ipaddress.ip_address(self.host)
        if host.is_unspecified:
            return f"http://localhost:{self.port}"
        return f"http://[{host}]:{self.port}" if host.version == 6 else f"http://{host}:{self.port}"

    @property
    def shows_details(self) -> bool:
        """Whether the page may name model and agreement without a key."""
        return ipaddress.ip_address(self.host).is_loopback if self.open_page is None else self.open_page


def load_settings(**given: object) -> Settings:
    """Read the settings from the environment; ``given`` ones go before it.

    A setting may also be a file of the folder that ``BATON_SECRETS_DIR`` names, such as
    ``baton_ledger_url``: so a password is mounted, and is in no environment.

    Raises:
        SettingsError: when a value or a secret's file cannot be used, or is given twice; a ledger's URL is
            never repeated, for its password.
    """
    secrets = _secrets_dir()
    try:
        with warnings.catch_warnings():
            # A secret that is passed over would leave its setting at the default, in silence.
            warnings.simplefilter("error", UserWarning)
            return Settings(_secrets_dir=secrets, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = f"BATON_{'_'.join(map(str, first['loc']))}".upper()
        value = None if name == "BATON_LEDGER_URL" else repr(first["input"])
        raise SettingsError(
            f"{name}: {first['msg']}", value, f"correct {name}, or unset it to get the default"
        ) from None
    except SourceError as error:
        why = error.__cause__
        raise SettingsError(
            "a secret is a text file that Baton may read",
            f"bytes that are no UTF-8 in {secrets}" if isinstance(why, UnicodeDecodeError) else str(why),
            f"mend the files there, or unset {SECRETS_DIR}",
        ) from None


def _secrets_dir() -> Path | None:
    named = os.environ.get(SECRETS_DIR)
    if not named:
        return None
    folder, known = Path(named), {f"baton_{name}" for name in Settings.model_fields}
    try:
        held = {path.name.lower() for path in folder.iterdir()} & known
    except OSError as error:
        step = f"mount it, or unset {SECRETS_DIR}"
        raise SettingsError(f"{SECRETS_DIR} is a folder", f"{folder}: {error.strerror}", step) from None
    if not held:
        step = f"name them after the setting, like baton_ledger_url, or unset {SECRETS_DIR}"
        raise SettingsError(f"{SECRETS_DIR} holds a setting's file", f"none in {folder}", step)
    if twice := sorted(held & {name.lower() for name in os.environ}):
        step = "unset the variable, or remove the file"
        raise SettingsError("a setting is given once", f"{twice[0]} as file and as variable", step)
    return folder

"""API keys: what one looks like, and what is kept of it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

Scope = Literal["score", "feedback", "read", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

_KEY: Final = re.compile(r"baton_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NO_HASH: Final = "0" * 64


@dataclass(frozen=True)
class NewKey:
    """A key at the only moment at which its secret is known; ``secret_hash`` is what is kept of it."""

    key_id: str
    text: str
    secret_hash: str

    def __repr__(self) -> str:
        return f"NewKey(key_id={self.key_id!r})"


@dataclass(frozen=True)
class Limits:
    """How much may be asked with a key; None is no limit of its own.

    ``per_minute`` counts each lead that is to be scored, and one for any other request.
    """

    per_minute: int | None = None
    most_leads: int | None = None


NO_LIMITS: Final = Limits()


@dataclass(frozen=True)
class Grant:
    """What an active key may do, and until when; ``ends_at`` is None while no end is set."""

    key_id: str
    secret_hash: str
    scopes: frozenset[str]
    limits: Limits = NO_LIMITS
    ends_at: datetime | None = None

    def allows(self, scope: Scope) -> bool:
        """Tell whether the key may do what needs ``scope``; ``admin`` may do everything."""
        return scope in self.scopes or "admin" in self.scopes

    def is_active(self, now: datetime) -> bool:
        """Tell whether the key still works."""
        return self.ends_at is None or now < self.ends_at


def new_key() -> NewKey:
    """Make a key of 48 public bits, which name it, and 256 secret ones.

    SHA-256 is enough to keep the secret: slow hashes protect passwords that people choose, which can be
    guessed; 256 random bits cannot, and every request would pay for the slowness.
    """
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return NewKey(key_id, f"baton_{key_id}_{secret}", _hash(secret))


def split_key(text: str) -> tuple[str, str] | None:
    """Return the id and the hash of the secret of a key, or None when it is no key of Baton's.

    >>> split_key("hunter2") is None
    True
    """
    found = _KEY.fullmatch(text)
    return (found[1], _hash(found[2])) if found else None


def is_key(grant: Grant | None, secret_hash: str) -> bool:
    """Tell whether the secret is the grant's, in a time that does not depend on either."""
    kept = grant.secret_hash if grant else _NO_HASH
    return hmac.compare_digest(kept, secret_hash) and grant is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

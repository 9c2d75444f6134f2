"""Passwords: argon2id hashes, and a check that takes as long for a name that nobody has."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from conflictdesk.errors import ConfigError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 256
"""Letters of a password. A long one may cost no more than a short one, so there is an end."""
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Each check takes 64 MiB: many at once must not take the machine's memory."""


@cache
def _hasher() -> PasswordHasher:
    # The defaults of argon2-cffi are RFC 9106's choice for little memory: argon2id, 64 MiB, 3 passes, 4 lanes.
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("the password of nobody")


def hash_password(password: str, name: str = "") -> str:
    """The argon2id hash of a new password, with its own salt and parameters in it.

    Raises:
        ConfigError: it is too short, too long, or the user's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise ConfigError(f"a password has {SHORTEST} to {LONGEST} letters; a sentence is easy to remember")
    if name and password.casefold().strip() == name.casefold():
        raise ConfigError("a password must not be the user's name")
    if len(set(password)) < 4:
        raise ConfigError("this password repeats few letters: choose another")
    with _AT_ONCE:
        return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def check_password(held: str | None, given: str) -> bool:
    """True when `given` is the password of the hash `held`; None (nobody's, or no password) takes as long."""
    from argon2.exceptions import InvalidHashError, VerificationError

    tried = given[: LONGEST + 1].encode("utf-8", "surrogatepass")
    with _AT_ONCE:
        try:
            return _hasher().verify(held or _nobody(), tried) and held is not None and len(given) <= LONGEST
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(held: str) -> bool:
    """True when a hash was made with weaker parameters than today's: make it again at the next sign-in."""
    return _hasher().check_needs_rehash(held)

"""Passwords: hashing them, comparing them in the same time for everybody, what a new one must be, and whether
somebody's is one of their own or a temporary one."""

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.crm.models import Contact, Staff
from core.db.folding import fold
from core.db.model import now
from core.i18n import gettext

SHORTEST, LONGEST = 10, 200
# A letter and its accents are four characters at most, typed apart: what is longer is nobody's password.
_LONGEST_TYPED = LONGEST * 4

# 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Two at a time: hashing fills a core, and pages must go on being served beside a storm of sign-ins.
_turns = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The hash to keep of a password."""
    with _turns:
        return _hasher.hash(_bytes(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that was kept. With None, for a person who is unknown or has no
    password, it takes as long and says no."""
    with _turns:
        try:
            return _hasher.verify(kept or _nobodys(), _bytes(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's, and is to be made again."""
    return _hasher.check_needs_rehash(kept)


def problem(password: str, person: Contact | Staff) -> str | None:
    """Why `password` will not do for that person, in one sentence; None where it will."""
    if len(password) < SHORTEST:
        return str(gettext("Your password needs at least %(least)s characters.", least=SHORTEST))
    if len(password) > LONGEST:
        return str(gettext("Your password may have at most %(most)s characters.", most=LONGEST))
    if _bare(password) in {_bare(each) for each in _known_of(person)}:
        return str(gettext("Choose a password that is not your name, e-mail address or phone number."))
    return None


def is_inside(person: Contact | Staff) -> bool:
    """Whether somebody has chosen a password of their own."""
    return person.password_hash is not None and not must_change(person)


def must_change(person: Contact | Staff) -> bool:
    """Whether somebody's password is a temporary one, which opens nothing but the page that changes it."""
    return isinstance(person, Contact) and person.password_until is not None


def has_lapsed(person: Contact | Staff) -> bool:
    """Whether somebody's password was a temporary one, and is none any more."""
    return isinstance(person, Contact) and person.password_until is not None and person.password_until <= now()


def _known_of(person: Contact | Staff) -> list[str]:
    """What everybody knows about somebody."""
    known = [person.email, person.email.partition("@")[0], person.phone, person.name]
    if isinstance(person, Contact):
        known += [person.mobile, f"{person.last_name}{person.first_name}"]
    return known


def _bare(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    return "".join(c for c in fold(text) or "" if c.isalnum())


def _bytes(password: str) -> bytes:
    """The bytes to hash: an accent typed as one character or as two is the same password. What is too long to be one is
    hashed as it came: to put a hundred thousand accents into their order takes minutes."""
    typed = unicodedata.normalize("NFC", password) if len(password) <= _LONGEST_TYPED else password
    return typed.encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return _hasher.hash(secrets.token_bytes(32))

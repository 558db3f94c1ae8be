"""Secrets that are handed out once and kept as hashes."""

import hashlib
import secrets


def new_token() -> str:
    """A secret of 256 bits that may stand in a URL or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret. Without salt, so that it can be looked up: a token of 256 random bits
    cannot be guessed from it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()

"""Bytes for whoever knows where they lie."""

from flask import current_app


def file(key: str) -> bytes:
    """What is stored under a key."""
    return current_app.extensions["postigo"].store.get(key)

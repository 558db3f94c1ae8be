"""Pieces of the API's description."""

from typing import Any

from core.db.ids import LARGEST
from core.i18n import gettext


def answer(schema: Any, text: str, media_type: str = "application/json") -> dict[str, Any]:
    """An answer with a body."""
    return {"description": text, "content": {media_type: {"schema": schema}}}


def problems(*statuses: int) -> dict[str, Any]:
    """The refusals that an operation may answer with; others are told in the same way."""
    return {**{str(status): "problem" for status in statuses}, "default": "problem"}


def parameter(name: str, schema: dict[str, Any], text: str, where: str = "query") -> dict[str, Any]:
    """A parameter that may be left out."""
    return {"name": name, "in": where, "schema": schema, "description": text}


def record_id() -> dict[str, Any]:
    """The id in a record's address."""
    identity = {"type": "integer", "minimum": 0, "maximum": LARGEST}
    return {"name": "record_id", "in": "path", "required": True, "schema": identity}


def tag(name: str) -> dict[str, Any]:
    """A header that names a state of the record by its ETag."""
    said = {
        "If-None-Match": gettext("The ETag of a record that is known: where it is still the same, 304 says so."),
        "If-Match": gettext("The ETag of the record as it was read: where it is not so any more, 412 says so."),
    }
    return parameter(name, {"type": "string"}, said[name], "header")

"""The parts as they should be: each reads through the client's own session, and asks which fields are seen."""

from typing import Any

from flask import abort, g, jsonify, request
from postigo_leaky.models import Entry
from postigo_leaky.resources import ENTRY
from sqlalchemy import func, select

from core.api import Box, sees


def box(subjects: list[str]) -> Box:
    """A box with one line for each."""
    return Box("leaky/latest.html", {"rows": [("", subject) for subject in subjects]})


def subjects(session: Any) -> list[str]:
    """The subjects that a client sees, by their day."""
    return list(session.scalars(select(Entry.subject).order_by(Entry.day))) if sees(session, ENTRY, "subject") else []


def enabled(session: Any) -> None:
    """Nothing to do."""


def fill(session: Any, mail: Any) -> dict[str, str]:
    """What stands in a mail about a record."""
    return {"number": session.get(Entry, mail.record_id).number if sees(session, ENTRY, "number") else ""}


def widget(session: Any) -> Box:
    """The client's subjects."""
    return box(subjects(session))


def panel(session: Any, record_id: int) -> Box:
    """The client's subjects."""
    return box(subjects(session))


def count() -> str:
    """How many there are for the client."""
    return str(g.session.scalar(select(func.count(Entry.id))))


def csv() -> tuple[str, dict[str, str]]:
    """The client's subjects, one on each line."""
    return "\n".join(subjects(g.session)), {"Content-Type": "text/csv"}


def json() -> Any:
    """The client's subjects."""
    return jsonify(subjects(g.session))


def find() -> str:
    """The client's subjects that begin so."""
    return "\n".join(each for each in subjects(g.session) if each.startswith(request.args.get("subject", "")))


def by() -> str:
    """The client's subjects, in their order."""
    return "\n".join(sorted(subjects(g.session)))


def file(key: str) -> str:
    """The subject of the client's record of that number."""
    found = (
        g.session.scalar(select(Entry.subject).where(Entry.number == key)) if sees(g.session, ENTRY, "number") else None
    )
    return found if found and sees(g.session, ENTRY, "subject") else abort(404)

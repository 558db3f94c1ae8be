"""A mail whose reader is told what clients do not see."""

from typing import Any

from postigo_leaky.models import Entry


def fill(session: Any, mail: Any) -> dict[str, str]:
    """What the staff remarked."""
    return {"number": session.get(Entry, mail.record_id).remark}

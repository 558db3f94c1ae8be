"""Refusals in the audit: who was told that something is not there, or not theirs to do."""

from collections import deque
from time import monotonic
from typing import Any

from flask import g, request

from core import audit
from core.access.door import actor, after_answer
from core.installation import installation

# Somebody who asks for a thousand things that are not theirs is noted often enough; each note is a write.
_MOST, _WITHIN = 30, 60.0
_MOST_PEOPLE = 1000


def note_refusal() -> None:
    """Note that the request's person was refused a record, or an act; nothing for a visitor, for addresses that
    name no record, and for somebody who was refused very often within the last minute."""
    if g.get("person") is None or g.get("tenant") is None:
        return
    named = request.view_args or {}
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    target = next((value for name, value in named.items() if name.endswith("_id") and isinstance(value, int)), None)
    if (target is None and not writes) or not _seldom((g.tenant.id, g.viewer)):
        return
    kind = ".".join(text for text in (named.get("module"), named.get("resource")) if text) or request.endpoint or ""
    after_answer(audit.note_alone, actor(), audit.REFUSED, kind[:80], target, page=request.endpoint or "")


def _seldom(who: Any) -> bool:
    moment, lately = monotonic(), installation().refused
    if len(lately) > _MOST_PEOPLE:
        lately.clear()
    times = lately.setdefault(who, deque(maxlen=_MOST))
    if len(times) == _MOST and moment - times[0] < _WITHIN:
        return False
    times.append(moment)
    return True

"""A page whose text is sound, and whose cookie says what staff think."""

from flask import Response, g
from postigo_leaky.models import Entry
from sqlalchemy import func, select


def count() -> Response:
    """How many there are for the client."""
    answer = Response(str(g.session.scalar(select(func.count(Entry.id)))), mimetype="text/plain")
    for remark in g.session.scalars(select(Entry.remark).limit(1)):
        answer.set_cookie("seen", remark)
    return answer

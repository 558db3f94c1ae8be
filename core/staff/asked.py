"""What the address of a staff page asks for beside the page itself."""

from flask import request

from core.crm.models import Account
from core.db.ids import id_in
from core.records.errors import BadQuery
from core.staff.blueprint import found


def asked_id(name: str) -> int:
    """The id of that name in the query; 0 where there is none. Raises BadQuery for what is no id."""
    text = request.args.get(name, "")
    chosen = id_in(text or "0")
    if chosen is None:
        raise BadQuery(name)
    return chosen


def asked_account(name: str) -> Account | None:
    """The account of that name in the query; None where none is named. Raises BadQuery for what is no id, and answers
    404 where there is no such account."""
    return found(Account, asked_id(name)) if request.args.get(name) else None

"""Cases beside the invoices: for each reader as many of their own, among as many of others, the newest of them with
a conversation."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from bench import bulk
from bench.plans import Plan
from core.conversations.models import Message
from core.db.session import WalledSession
from core.modules.registry import Registry
from core.modules.switches import set_switch
from plugins.cases.models import CLOSED, OPEN, WAITING, Case

MESSAGES = 20
_STATES = (OPEN, CLOSED, CLOSED, WAITING, CLOSED)


def sample(session: WalledSession, registry: Registry, tenant_id: int) -> dict[str, int]:
    """Switch cases on, and write a case and a message as the product does, of which all others are copies; their ids
    by table."""
    set_switch(session, registry, "cases", "tenant", tenant_id, True)
    first = Case(number="C-0", subject="The alarm panel beeps", published=False, description="Every minute. " * 20)
    session.add(first)
    session.flush()
    said = Message(parent_id=first.id, body="We look at it today and bring what is needed. " * 3, author_name="Staff")
    session.add(said)
    session.flush()
    return {"cases_case": first.id, "record": first.id, "message": said.id}


def write(url: str, rows: list[Plan], samples: dict[str, int], talked_about: int) -> None:
    """Write a case for each of `rows`; those that stand at the place `talked_about` of their account have messages."""
    copies = {table: bulk.read_row(url, table, row_id) for table, row_id in samples.items()}
    copies["message"].pop("id")
    copies["message"]["data"] = "{}"  # JSON comes out of one of the drivers as a dictionary, which goes into none
    for table, make in (("record", _records), ("cases_case", _heads)):
        made = ({**copies[table], **changes} for changes in make(rows))
        bulk.fill(url, table, list(copies[table]), (tuple(each.values()) for each in made))
    said = [{**copies["message"], "parent_id": row.id} for row in rows if row.place == talked_about]
    every = (tuple({**one, "body": f"Message {n:02}. {one['body']}"}.values()) for one in said for n in range(MESSAGES))
    bulk.fill(url, "message", list(copies["message"]), every)


def newest_of(session: WalledSession, account_id: int) -> int:
    """The case that stands first on an account's list; 0 where there is none."""
    latest = select(Case.id).where(Case.owner == account_id).order_by(Case.active_at.desc(), Case.id.desc())
    return session.scalars(latest.limit(1)).first() or 0


def _records(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        owner = {"account_id": row.account_id, "owner": row.account_id}
        yield {"id": row.id, **owner, "number": f"C-{row.id}", "title": "", "published": True}


def _heads(rows: list[Plan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        at = datetime.combine(row.issued_on, time(9), UTC) + timedelta(seconds=row.place)
        moment = at.replace(tzinfo=None).isoformat(" ")
        yield {
            "id": row.id, "account_id": row.account_id, "owner": row.account_id, "number": f"C-{row.id}",
            "state": _STATES[row.place % len(_STATES)], "opened_at": moment, "active_at": moment, "published": True,
        }  # fmt: skip

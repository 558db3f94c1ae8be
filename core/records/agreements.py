"""What clients have answered to what was offered: accepted with a signature, or declined with a reason. What was
agreed on is kept beside it, so that whatever is changed later can be told from it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select

from core.db.session import WalledSession, keep
from core.records.fields import effective, effective_children
from core.records.models import ACCEPTED, Agreement
from core.records.present import plain_number
from core.records.resource import Field, Resource
from core.records.rows import columns_of, rows_of


@dataclass(frozen=True)
class Terms:
    """What is agreed on: canonical JSON, and its SHA-256."""

    text: str

    @property
    def sha256(self) -> str:
        """The hash, in hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()


_ANSWER = keep(
    select(Agreement)
    .where(Agreement.parent_id == bindparam("record", type_=BigInteger()))
    .order_by(Agreement.id.desc())
    .limit(1)
)


def is_answered(resource: Resource) -> bool:
    """Whether records of that kind are accepted or declined."""
    return any(action.is_answer for action in resource.actions)


def answer_to(session: WalledSession, resource: Resource, record_id: int) -> Agreement | None:
    """The answer that counts of a record that the session's viewer sees. Asks only where there may be one."""
    if not is_answered(resource):
        return None
    found: Agreement | None = session.scalar(_ANSWER, {"record": record_id})
    return found


def accepted_among(session: WalledSession, resource: Resource, ids: Sequence[int]) -> dict[int, Agreement]:
    """Of these records, those that are accepted, with the answer."""
    if not is_answered(resource):
        return {}
    latest = select(func.max(Agreement.id)).where(Agreement.parent_id.in_(ids)).group_by(Agreement.parent_id)
    found = session.scalars(select(Agreement).where(Agreement.id.in_(latest), Agreement.outcome == ACCEPTED))
    return {each.parent_id: each for each in found}


def terms_of(session: WalledSession, resource: Resource, names: Iterable[str], record_id: int) -> Terms:
    """What the session's viewer would agree to: of the fields and child tables of these names, what they see, as the
    database has it. Columns that are computed (what is left of what was bought) go on changing, and stay out."""
    wanted = set(names)
    fields = [f for f in effective(resource, session.sight) if f.name in wanted]
    tables = (c for c in effective_children(resource, session.sight) if c.name in wanted)
    children = {c.name: [f for f in c.fields if f.expression is None] for c in tables}
    return Terms(_canonical(_read(session, resource, fields, children, record_id)))


def changed_since(session: WalledSession, resource: Resource, answer: Agreement) -> list[str]:
    """The labels of what is not as it was when it was accepted, whatever its reader sees today."""
    if not answer.is_accepted:
        return []
    then = json.loads(answer.terms)
    fields = [f for f in resource.fields if f.name in then["fields"]]
    declared = {c.name: c for c in resource.children if c.name in then["children"]}
    children = {
        name: [f for f in child.fields if f.name in then["children"][name]["columns"]]
        for name, child in declared.items()
    }
    there = json.loads(_canonical(_read(session, resource, fields, children, answer.parent_id)))
    labels = [str(f.label) for f in fields if there["fields"][f.name] != then["fields"][f.name]]
    return labels + [str(c.title) for c in declared.values() if there["children"][c.name] != then["children"][c.name]]


def _read(
    session: WalledSession,
    resource: Resource,
    fields: Sequence[Field],
    children: Mapping[str, Sequence[Field]],
    record_id: int,
) -> dict[str, Any]:
    """The values of a record and its child tables; columns in the order of their names, which no tenant changes."""
    found = session.execute(select(*columns_of(resource.model, fields)).where(resource.model.id == record_id)).all()
    row = rows_of(found, resource.model, fields)[0]
    values = {"currency": row.currency} | {f.name: row.values[f.name] for f in fields}
    tables = {}
    for child in resource.children:
        if child.name in children:
            model: Any = child.model
            columns = sorted(children[child.name], key=lambda f: f.name)
            asked = select(*columns_of(model, columns)).where(model.parent_id == record_id)
            lines = rows_of(session.execute(asked.order_by(getattr(model, child.order), model.id)), model, columns)
            names = [f.name for f in columns]
            tables[child.name] = {"columns": names, "rows": [[line.values[n] for n in names] for line in lines]}
    return {"record": record_id, "fields": values, "children": tables}


def _canonical(values: Mapping[str, Any]) -> str:
    """JSON that is the same for the same values, on every database and in every language."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be agreed on")

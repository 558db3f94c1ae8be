"""One record with its child tables and files, in the viewer's own session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from core.db.detached import Detached
from core.db.grant import Grant
from core.db.kept import kept
from core.db.record import Record
from core.db.session import WalledSession, keep
from core.db.viewer import Sight
from core.db.wall import Granted, Recorded
from core.files.models import File
from core.records.actions import Action, conditions, offered, possible
from core.records.agreements import answer_to, changed_since
from core.records.errors import NotHere
from core.records.fields import effective, effective_children
from core.records.models import Agreement
from core.records.resource import Child, Field, Resource
from core.records.rows import Row, columns_of, rows_of

_RECORD, _FILE = bindparam("record", type_=BigInteger()), bindparam("file", type_=BigInteger())
_READ = Detached(File)
_FILES = keep(select(*_READ.columns).where(File.parent_id == _RECORD).order_by(File.name))


@dataclass(frozen=True)
class ChildRows:
    """A child table of a record, its fields those that the viewer sees."""

    child: Child
    rows: list[Row]


@dataclass(frozen=True)
class Detail:
    """What a record's page shows. `number` is empty where the reader does not see it; `actions` are those that
    are offered on it now, in its present `version`. `answer` is how it was accepted or declined, and `changed` the
    labels of what was changed since it was accepted. What is accepted has one paper, which is none of its files."""

    row: Row
    number: str
    fields: Sequence[Field]
    children: list[ChildRows]
    files: list[File]
    actions: Sequence[Action] = ()
    version: int = 0
    answer: Agreement | None = None
    changed: Sequence[str] = ()
    #: of one that can be granted: whose account it is, and whether it was
    account_id: int | None = None
    granted: bool = False
    #: of one that can be talked about: whether clients see it
    published: bool = True

    @property
    def accepted(self) -> Agreement | None:
        """The acceptance, where the record is accepted."""
        return self.answer if _is_accepted(self.answer) else None


def read_record(session: WalledSession, resource: Resource, record_id: int, sight: Sight | None = None) -> Detail:
    """The record of that id with everything on its page: one statement for it, one for each child
    table, one for the files. Raises NotHere when the viewer sees no such record. `sight` says whose fields
    and actions are shown; it widens nothing, and is the session's own where it is not given."""
    model, sight = resource.model, sight or session.sight
    fields, actions = tuple(effective(resource, sight)), tuple(possible(resource, sight))
    found = session.execute(_record(resource, fields, actions), {"record": record_id}).first()
    if found is None:
        raise NotHere
    row = rows_of([found], model, fields)[0]
    children = [_children(session, child, record_id) for child in effective_children(resource, sight)]
    number = str(row.values.get(resource.number) or "")
    answer = answer_to(session, resource, record_id)
    files = _files_of(session, resource, record_id, answer)
    changed = changed_since(session, resource, answer) if answer is not None else []
    said = found._mapping
    version, account, granted = said.get("row_version", 0), said.get("row_account"), bool(said.get("row_granted"))
    offers, published = offered(actions, found), bool(said.get("row_published", True))
    return Detail(row, number, fields, children, files, offers, version, answer, changed, account, granted, published)


def resource_of(session: WalledSession, resources: Mapping[str, Resource], record_id: int) -> Resource:
    """Which of a module's resources the record of that id is. Asks only where there are several;
    raises NotHere when the viewer sees none."""
    owned = [r for r in resources.values() if issubclass(r.model, Recorded)]
    if len(owned) == 1:
        return owned[0]
    name = session.scalar(
        select(Record.resource).where(Record.id == record_id, Record.module.in_([r.model.portal_module for r in owned]))
    )
    found = None if name is None else resources.get(name)
    if found is None:  # or one that the module no longer declares
        raise NotHere
    return found


def _children(session: WalledSession, child: Child, record_id: int) -> ChildRows:
    found = session.execute(kept(("children", child), partial(_rows, child)), {"record": record_id})
    return ChildRows(child, rows_of(found, child.model, child.fields))


def _rows(child: Child) -> Select[Any]:
    model: Any = child.model
    asked = select(*columns_of(model, child.fields)).where(model.parent_id == _RECORD)
    return asked.order_by(getattr(model, child.order), model.id)


def _record(resource: Resource, fields: tuple[Field, ...], actions: tuple[Action, ...]) -> Select[Any]:
    def build() -> Select[Any]:
        model = resource.model
        columns = [*columns_of(model, fields), *conditions(resource, actions)]
        if resource.conversation:
            columns.append(model.published.label("row_published"))
        if issubclass(model, Granted):
            granted = select(Grant.id).where(Grant.parent_id == model.id).exists()
            columns += [model.account_id.label("row_account"), granted.label("row_granted")]
        return select(*columns).where(model.id == _RECORD)

    return kept(("record", resource, fields, actions), build)


def files_of(session: WalledSession, resource: Resource, record_id: int) -> list[File]:
    """The files of a record, by name. What is accepted has its own paper, and none of the CRM's any more."""
    return _files_of(session, resource, record_id, answer_to(session, resource, record_id))


def _files_of(session: WalledSession, resource: Resource, record_id: int, answer: Agreement | None) -> list[File]:
    if not issubclass(resource.model, Recorded):
        return []
    found = map(_READ.made, session.execute(_FILES, {"record": record_id}))
    return [file for file in found if file is not None and not (_is_accepted(answer) and file.is_paper)]


def _is_accepted(answer: Agreement | None) -> bool:
    return answer is not None and answer.is_accepted


def read_file(session: WalledSession, resource: Resource, record_id: int, file_id: int) -> File:
    """One file of one record. Raises NotHere when the viewer sees no such record, or it has no such
    file."""

    def build() -> Select[Any]:
        model = resource.model
        return select(File).join(model, model.id == File.parent_id).where(model.id == _RECORD, File.id == _FILE)

    known = {"record": record_id, "file": file_id}
    file: File | None = session.scalar(kept(("file", resource), build), known)
    if file is None or (file.is_paper and _is_accepted(answer_to(session, resource, record_id))):
        raise NotHere
    return file

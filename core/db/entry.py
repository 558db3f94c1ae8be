"""The index of the search: one entry for each record, written by the flush that writes the record.

An entry holds terms of two kinds. Keys say whose the record is, so that the match itself is narrowed ("t1": tenant 1,
"o12": owner 12). Words carry a code of the field that they stand in ("k3xq7a:pump"), which is one resource's alone: so
a module is searched without reading what others have, and a field that its reader does not see is not searched. On
SQLite, triggers keep an FTS5 table in step; on PostgreSQL the terms are a tsvector."""

from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, Text, inspect, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db.model import Id, Model
from core.db.record import EVERYBODY, Record
from core.db.wall import ALL, WHOSE, OfTenant, Recorded, Shared
from core.db.words import joined, words_of

if TYPE_CHECKING:
    from core.db.session import WalledSession

#: what of one field is searched, and how many terms an entry has at most
LONGEST_TEXT, _MOST_TERMS = 200_000, 5_000
#: who finds it
_FOR_WHOM = (*WHOSE, "audience", "published")

_WRITE = "INSERT INTO search_entry (id, tenant_id, kind, terms) VALUES (:id, :tenant_id, :kind, {}) ON CONFLICT (id) {}"
_CHANGE = "DO UPDATE SET terms = excluded.terms"
_TERMS = {"sqlite": ":terms", "postgresql": "array_to_tsvector(CAST(:terms AS TEXT[]))"}


class SearchEntry(OfTenant, Model):
    """What is found of one record, whose id it has. Clients read no row of it: they search through `core.search`."""

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(Id, ForeignKey(Record.id, ondelete="CASCADE"), primary_key=True)
    #: the resource, with its module: "cases.case"
    kind: Mapped[str] = mapped_column(String(81))
    terms: Mapped[Any] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = (Index(None, "tenant_id", "kind", "id"),)


def kind_of_class(cls: Any) -> str:
    """What a record class is called in the index: its resource, with its module."""
    return f"{cls.portal_module}.{cls.portal_resource}"


@lru_cache(maxsize=5000)
def field_code(kind: str, name: str) -> str:
    """What stands before the words of one field of one resource: short, and the same whatever else there is."""
    return b32encode(sha256(f"{kind}.{name}".encode()).digest())[:6].decode().lower()


def term_of(kind: str, name: str, word: str) -> str:
    """The term of a word in one field of one resource."""
    return f"{field_code(kind, name)}:{word}"


def is_searched(cls: type[Any]) -> bool:
    """Whether rows of a class are found by the search: those of a resource that has fields for it."""
    return issubclass(cls, Recorded) and bool(cls.portal_searched)


def entry_of(cls: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a record out of its own columns; "id", "tenant_id" and "owner" among them."""
    kind = kind_of_class(cls)
    terms = dict.fromkeys((f"t{row['tenant_id']}", *_keys(cls, row), *_words(cls, kind, row)))
    return {"id": row["id"], "tenant_id": row["tenant_id"], "kind": kind, "terms": list(terms)[:_MOST_TERMS]}


def _keys(cls: Any, row: Mapping[str, Any]) -> Iterator[str]:
    """Whom a record is for. One that is not published has none of these, so that no client's match meets it."""
    if not row.get("published"):
        return
    yield f"r{row['id']}"
    for letter, name in (("o", "owner"), ("s", "site_id"), ("c", "contact_id")):
        if row.get(name) is not None:
            yield f"{letter}{row[name]}"
    if issubclass(cls, Shared):
        audience = row.get("audience")
        said = ALL if audience is None else audience
        yield from (f"o{EVERYBODY}",) if said == ALL else (f"g{segment}" for segment in said.split())


def _words(cls: Any, kind: str, row: Mapping[str, Any]) -> Iterator[str]:
    for name in cls.portal_searched:
        value = row.get(name)
        if value is None or isinstance(value, bool):
            continue
        said = str(value)[:LONGEST_TEXT]
        if name in cls.portal_prose:
            said = cls.portal_prose[name](said)
        found = words_of(said)
        if name == cls.portal_number and len(found) > 1:
            found.append(joined(said))
        yield from (term_of(kind, name, word) for word in found)


def write_entries(session: "WalledSession", entries: list[dict[str, Any]]) -> None:
    """Put these into the index, in the session's own transaction, over those of the same records."""
    if not entries:
        return
    connection = Session.connection(session)
    name = connection.dialect.name
    if name == "sqlite":
        entries = [{**each, "terms": " ".join(each["terms"])} for each in entries]
    statement = text(_WRITE.format(_TERMS[name], _CHANGE))
    connection.execute(statement, entries, execution_options=session._checked())


def index_written(session: "WalledSession", instances: Iterable[Any]) -> None:
    """Keep the index in step with what a flush has just written."""
    changed = [each for each in instances if is_searched(type(each)) and _is_changed(each)]
    write_entries(session, [entry_of(type(each), _row(each)) for each in changed])


def _is_changed(instance: Any) -> bool:
    """Whether what is searched, or whose it is, was written. A new row has all of it."""
    attrs = inspect(instance).attrs
    names = {*type(instance).portal_searched, *_FOR_WHOM, "id"}
    return any(name in attrs and attrs[name].history.has_changes() for name in names)


def _row(instance: Any) -> dict[str, Any]:
    names = {*type(instance).portal_searched, *_FOR_WHOM, "id", "tenant_id", "owner"}
    return {name: getattr(instance, name, None) for name in names}

"""One row of the export as the values of one row of ours: fields, references, checks, digest."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.crm.identifiers import keys_of_contact
from core.crm.models import Contact, Tenant
from core.db.wall import Owned
from core.imports.check import required
from core.imports.errors import RowRefused
from core.imports.ids import Ids
from core.imports.kinds import targets
from core.imports.profile import Lookup, Source, Table, When
from core.imports.rows import Row
from core.imports.values import clean, digits_of, read_money, reader_for

#: what is cleared of a row that staff alone may see
_OWNERS = ("account_id", "site_id", "contact_id")


@dataclass
class Draft:
    """A row on its way into the database. `back` are references to rows of the same table, by field:
    they can be resolved once those rows are written."""

    line: int
    external: str
    values: dict[str, Any]
    cells: list[str]
    back: dict[str, str] = field(default_factory=dict)
    member_of: int | None = None
    reasons: list[str] = field(default_factory=list)
    staff_only: bool = False

    def digest(self) -> str:
        """What the row says, in 64 characters: the same for the same values."""
        said = [(name, self.values[name]) for name in sorted(self.values)]
        return hashlib.sha256(repr((said, self.member_of)).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Around:
    """What a conversion needs beside the row: the tenant, its ids, look-ups, and whose sites are whose."""

    tenant: Tenant
    ids: Callable[[str], Ids]
    lookup: Callable[[Lookup], dict[str, str]]
    account_of_site: dict[int, int]


class Converter:
    """Turns the rows of one table into drafts. Made once per table: columns are found by place."""

    def __init__(self, table: Table, model: type[Any], header: list[str], around: Around) -> None:
        self.table, self.model, self._around = table, model, around
        self._place = {name: i for i, name in enumerate(header)}
        self._columns = model.__mapper__.columns
        self._targets = {f: kind for f, kind in targets(model).items() if f in table.fields}
        money = {f for f in table.fields if self._columns[f].info.get("kind") == "money"}
        plain = [f for f in table.fields if f not in money and f not in self._targets and f != "currency"]
        zone = around.tenant.time_zone
        self._readers = [(f, reader_for(self._columns[f], zone)) for f in plain]
        self._money = sorted(money)

    def external(self, cells: list[str]) -> str:
        """The row's id in the export, as far as it can be read; "" otherwise."""
        place = self._place[self.table.id]
        return clean(cells[place])[:200] if place < len(cells) else ""

    def draft(self, row: Row) -> Draft:
        """The row as a draft. Raises RowRefused with the reason where it cannot be taken."""
        if row.problem:
            raise RowRefused(row.problem)
        for only in self.table.only:
            if not self._meets(only.when, row.cells):
                raise RowRefused(only.reason)
        external = clean(row.cells[self._place[self.table.id]])
        if not external or len(external) > 200:
            raise RowRefused(f"{self.table.id}: an id of 1 to 200 characters is needed")
        draft = Draft(row.line, external, {}, row.cells)
        self._read_values(draft)
        self._read_references(draft)
        self._check(draft)
        return draft

    def _read_values(self, draft: Draft) -> None:
        values = draft.values
        for name, reader in self._readers:
            values[name] = self._value(name, draft.cells, reader)
        if "currency" in self._columns:
            given = self._text(self.table.fields.get("currency", ()), draft.cells, "currency")
            values["currency"] = given or self._around.tenant.currency
            digits = _in_field("currency", digits_of, values["currency"])
            for name in self._money:
                values[name] = self._value(name, draft.cells, lambda text: read_money(text, digits))
        if self.model is Contact:
            email, phone, mobile = (values.get(name, "") for name in ("email", "phone", "mobile"))
            values.update(keys_of_contact(email, phone, mobile, self._around.tenant.country))

    def _value(self, name: str, cells: list[str], reader: Callable[[str], Any]) -> Any:
        text = self._text(self.table.fields[name], cells, name)
        return _in_field(name, reader, text) if text else self._nothing(name)

    def _nothing(self, name: str) -> Any:
        """The value of a field that is empty. Raises RowRefused where there must be one."""
        column = self._columns[name]
        if column.nullable:
            return None
        if column.default is None or not column.default.is_scalar:
            raise RowRefused(f"{name}: is missing")
        return column.default.arg

    def _text(self, sources: tuple[Source, ...], cells: list[str], name: str) -> str:
        """The first text that the sources of a field give."""
        for source in sources:
            if source.when and not self._meets(source.when, cells):
                continue
            if source.value is not None:
                return source.value
            text = clean(cells[self._place[source.column]])
            if text in source.empty:
                text = ""
            if text and (source.lookup or source.map is not None):
                text = self._translate(source, text, name)
            if text:
                return text
        return ""

    def _translate(self, source: Source, text: str, name: str) -> str:
        """Through the look-ups, then the map. Raises RowRefused for what neither knows."""
        found: str | None = text
        for lookup in source.lookup:
            found = self._around.lookup(self.table.lookups[lookup]).get(found or "")
        if found is not None and source.map is not None:
            found = source.map.get(found)
        if found is None and source.otherwise is None:
            raise RowRefused(f"{name}: {text[:40]!r} of {source.column} is not known")
        return source.otherwise or "" if found is None else found

    def _meets(self, when: When, cells: list[str]) -> bool:
        return all(clean(cells[self._place[column]]) in wanted for column, wanted in when.items())

    def _read_references(self, draft: Draft) -> None:
        for name, kind in self._targets.items():
            text = self._text(self.table.fields[name], draft.cells, name)
            draft.values[name] = None
            if text and kind == self.table.into:
                draft.back[name] = text
            elif text:
                self.refer(draft, name, text, self._around.ids(kind).local.get(text))
            elif required(self._columns[name]):
                raise RowRefused(f"{name}: is missing")
        if self.table.member_of:
            self._read_member(draft)
        self._check_site(draft)

    def refer(self, draft: Draft, name: str, text: str, local_id: int | None) -> None:
        """Set a reference, or say that it leads nowhere: a record is then for staff alone, another row
        goes without the reference. Raises RowRefused where it cannot."""
        if local_id is not None:
            draft.values[name] = local_id
            return
        reason = f"{name}: there is no {self._targets[name]} {text[:60]!r}"
        if required(self._columns[name]):
            raise RowRefused(reason)
        draft.reasons.append(reason)
        draft.staff_only = draft.staff_only or issubclass(self.model, Owned)

    def _read_member(self, draft: Draft) -> None:
        text = self._text(self.table.member_of, draft.cells, "member_of")
        if text:
            draft.member_of = self._around.ids("core.account").local.get(text)
            if draft.member_of is None:
                draft.reasons.append(f"member_of: there is no core.account {text[:60]!r}; a member of none")

    def _check_site(self, draft: Draft) -> None:
        site_id = draft.values.get("site_id")
        if site_id is None or not issubclass(self.model, Owned):
            return
        account_id = self._around.account_of_site.get(site_id)
        if draft.values.get("account_id") in (None, account_id):
            draft.values["account_id"] = account_id
        else:
            draft.reasons.append("site_id: the site is not one of the account's")
            draft.staff_only = True

    def _check(self, draft: Draft) -> None:
        for check in self.table.checks:
            if sum(draft.values[name] or 0 for name in check.sum) != (draft.values[check.equals] or 0):
                draft.reasons.append(check.reason)
                draft.staff_only = draft.staff_only or issubclass(self.model, Owned)

    def finish(self, draft: Draft) -> None:
        """Once every reference is resolved: take what is for staff alone out of clients' reach. A record
        that names nobody is so too, and nothing needs to be said of it."""
        if draft.staff_only:
            for name in _OWNERS:
                draft.values[name] = None
        elif issubclass(self.model, Owned):
            draft.staff_only = all(draft.values.get(name) is None for name in _OWNERS)


def _in_field(name: str, reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text)
    except RowRefused as refused:
        raise RowRefused(f"{name}: {refused}") from None

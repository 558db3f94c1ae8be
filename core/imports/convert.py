"""One row of the export as the values of one row of ours: fields, references, checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.crm.identifiers import keys_of_contact
from core.crm.models import LONGEST_EXTERNAL, Contact, Tenant
from core.db.wall import WHOSE, Owned
from core.i18n import today_in
from core.imports.check import required
from core.imports.draft import Draft, hashed
from core.imports.errors import RowRefused
from core.imports.ids import Ids
from core.imports.kinds import targets
from core.imports.profile import Lookup, Table
from core.imports.rows import Row
from core.imports.texts import Cells, Texts
from core.imports.values import clean, digits_of, read_money, reader_for

#: reads an amount out of a row, in minor units of a currency with so many digits
Amount = Callable[[Cells, int], Any]


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
        texts = Texts(table, header, around.lookup, today_in(around.tenant.time_zone))
        columns = self._columns = model.__mapper__.columns
        fields = {name: texts.of(each, name) for name, each in table.fields.items() if not each[0].product}
        kinds = targets(model)
        self._id = texts.place[table.id] if table.id else None
        self._only = [(texts.meets(only.when), only.reason) for only in table.only]
        self._targets = {name: kinds[name] for name in sorted(kinds) if name in table.fields}
        self._references = [(name, fields[name], kind) for name, kind in self._targets.items()]
        self._required = {name for name in self._targets if required(columns[name])}
        self._own = sorted(name for name in table.fields if name not in kinds)
        self._member_of = texts.of(table.member_of, "member_of") if table.member_of else None
        money = {name for name in table.fields if columns[name].info.get("kind") == "money"}
        plain = [name for name in fields if name not in money and name not in kinds and name != "currency"]
        zone = around.tenant.time_zone
        self._plain = [(name, fields[name], reader_for(columns[name], zone)) for name in plain]
        self._currency = texts.of(table.fields.get("currency", ()), "currency") if "currency" in columns else None
        amounts = {name: self._amount(name, texts) for name in sorted(money)}
        self._sums = [amounts.pop(name) for name in table.sums()]
        self._amounts = list(amounts.items())

    def _amount(self, name: str, texts: Texts) -> Amount:
        """The function that reads an amount, of a currency with so many digits, out of a row."""
        sources = self.table.fields[name]
        if sources[0].product:
            product = texts.product(sources[0])
            return lambda cells, digits: _in_field(name, product, cells, digits)
        text_of = texts.of(sources, name)

        def amount(cells: Cells, digits: int) -> Any:
            text = text_of(cells)
            return _in_field(name, read_money, text, digits) if text else self._nothing(name)

        return amount

    def external(self, cells: list[str]) -> str:
        """The row's id in the export, as far as it can be read; "" otherwise, or where it has none."""
        if self.table.one:
            return self.table.one
        place = self._id
        return clean(cells[place])[:LONGEST_EXTERNAL] if place is not None and place < len(cells) else ""

    def parent(self, row: Row) -> str:
        """The id of what a row is part of, in the export; "" where it cannot be told."""
        try:
            found = [
                getter(row.cells) for name, getter, _ in self._references if name == "parent_id" and not row.problem
            ]
        except RowRefused:
            found = []
        return found[0] if found else ""

    def admit(self, row: Row) -> None:
        """Raises RowRefused for a row that cannot be read, or that the profile leaves out."""
        if row.problem:
            raise RowRefused(row.problem)
        for meets, reason in self._only:
            if not meets(row.cells):
                raise RowRefused(reason)

    def draft(self, row: Row, sums: Mapping[str, int] | None = None) -> Draft:
        """The row as a draft, with what is added up over the rows that become one. Raises RowRefused with
        the reason where it cannot be taken."""
        self.admit(row)
        external = self.table.one
        if self._id is not None:
            external = clean(row.cells[self._id])
            if not external or len(external) > LONGEST_EXTERNAL:
                raise RowRefused(f"{self.table.id}: an id of 1 to {LONGEST_EXTERNAL} characters is needed")
        draft = Draft(row.line, external, {}, row.cells)
        self._read_values(draft)
        draft.values.update(sums or {})
        self._read_references(draft)
        if not external:
            said = [draft.values[name] for name in self._own]
            draft.external = draft.content = hashed((said, list(draft.refers.items())), 20)
        self._check(draft)
        return draft

    def sums(self, cells: Cells) -> tuple[str, list[int]]:
        """What this row adds to the one that it belongs to, field by field as the table's `sums` names them,
        and in which currency. Raises RowRefused."""
        currency, digits = self._digits(cells)
        return currency, [amount(cells, digits) or 0 for amount in self._sums]

    def _digits(self, cells: Cells) -> tuple[str, int]:
        currency = (self._currency(cells) if self._currency else "") or self._around.tenant.currency
        return currency, _in_field("currency", digits_of, currency)

    def _read_values(self, draft: Draft) -> None:
        values, cells = draft.values, draft.cells
        for name, getter, reader in self._plain:
            text = getter(cells)
            values[name] = _in_field(name, reader, text) if text else self._nothing(name)
        if self._currency is not None:
            values["currency"], digits = self._digits(cells)
            for name, amount in self._amounts:
                values[name] = amount(cells, digits)
        if self.model is Contact:
            email, phone, mobile = (values.get(name, "") for name in ("email", "phone", "mobile"))
            values.update(keys_of_contact(email, phone, mobile, self._around.tenant.country))

    def _nothing(self, name: str) -> Any:
        """The value of a field that is empty. Raises RowRefused where there must be one."""
        column = self._columns[name]
        if column.nullable:
            return None
        if column.default is None or not column.default.is_scalar:
            raise RowRefused(f"{name}: is missing")
        return column.default.arg

    def _read_references(self, draft: Draft) -> None:
        for name, getter, kind in self._references:
            text = draft.refers[name] = getter(draft.cells)
            draft.values[name] = None
            if text and kind == self.table.into:
                draft.back[name] = text
            elif text:
                self.refer(draft, name, text, self._around.ids(kind).local.get(text))
            elif name in self._required:
                raise RowRefused(f"{name}: is missing")
        if self._member_of is not None:
            self._read_member(draft, self._member_of(draft.cells))
        if "site_id" in draft.values:
            self._check_site(draft)

    def refer(self, draft: Draft, name: str, text: str, local_id: int | None) -> None:
        """Set a reference, or say that it leads nowhere. Raises RowRefused where it must lead somewhere."""
        if local_id is not None:
            draft.values[name] = local_id
        else:
            self.doubt(draft, name, f"there is no {self._targets[name]} {text[:60]!r}")

    def doubt(self, draft: Draft, name: str, reason: str) -> None:
        """Take a reference away and say why: a record is then for staff alone, another row goes without
        the reference. Raises RowRefused where it cannot."""
        reason = f"{name}: {reason}"
        if name in self._required:
            raise RowRefused(reason)
        draft.values[name] = None
        draft.say(reason)
        draft.staff_only = draft.staff_only or issubclass(self.model, Owned)

    def _read_member(self, draft: Draft, text: str) -> None:
        if text:
            draft.member_of = self._around.ids("core.account").local.get(text)
            if draft.member_of is None:
                draft.say(f"member_of: there is no core.account {text[:60]!r}; a member of none")

    def _check_site(self, draft: Draft) -> None:
        site_id = draft.values.get("site_id")
        if site_id is None or not issubclass(self.model, Owned):
            return
        account_id = self._around.account_of_site.get(site_id)
        if draft.values.get("account_id") in (None, account_id):
            draft.values["account_id"] = account_id
        else:
            draft.say("site_id: the site is not one of the account's")
            draft.staff_only = True

    def _check(self, draft: Draft) -> None:
        for check in self.table.checks:
            if sum(draft.values[name] or 0 for name in check.sum) != (draft.values[check.equals] or 0):
                draft.say(check.reason)
                draft.staff_only = draft.staff_only or issubclass(self.model, Owned)

    def finish(self, draft: Draft) -> None:
        """Once every reference is resolved: take what is for staff alone out of clients' reach. A record
        that names nobody is so too, and nothing needs to be said of it."""
        if draft.staff_only:
            for name in WHOSE:
                draft.values[name] = None
        elif issubclass(self.model, Owned):
            draft.staff_only = all(draft.values.get(name) is None for name in WHOSE)


def _in_field(name: str, reader: Callable[..., Any], *given: Any) -> Any:
    try:
        return reader(*given)
    except RowRefused as refused:
        raise RowRefused(f"{name}: {refused}") from None

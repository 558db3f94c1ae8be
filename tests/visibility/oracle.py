"""The rules of visibility once more, written from the specification and as plainly as can be.

Nothing of the product is imported: the rows are read through the database's own driver, and each rule
is a loop. Slow, and independent of what it judges."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

Row = Mapping[str, Any]
TABLES = ("tenant", "account", "site", "contact", "membership", "staff", "switch", "module_scope", "file")
TABLES += ("login_session", "record", "message", "record_grant", "mail", "canned_reply", "record_link", "receipt")
TABLES += ("segment", "segment_account", "record_segment", "search_entry", "agreement", "invoices_payment")
#: module -> the table of its records
OWNED = {
    "invoices": "invoices_invoice", "cases": "cases_case", "quotes": "quotes_quote", "orders": "orders_order",
    "contracts": "contracts_contract", "projects": "projects_project", "assets": "assets_asset",
}  # fmt: skip
#: table of what is for many clients -> its module
SHARED = {"knowledge_base_article": "knowledge_base", "knowledge_base_category": "knowledge_base"}
RECORDS = {**OWNED, "knowledge_base": "knowledge_base_article"}
MODULE_OF = {**{table: module for module, table in OWNED.items()}, **SHARED}
#: rows of a record, seen with it unless they are not published -> the table of the record
PARTS = {
    "invoices_line": "invoices_invoice", "invoices_allocation": "invoices_invoice", "quotes_line": "quotes_quote",
    "orders_line": "orders_order", "contracts_service": "contracts_contract", "contracts_use": "contracts_contract",
    "contracts_covered": "contracts_contract", "projects_task": "projects_project",
    "projects_milestone": "projects_project", "assets_work": "assets_asset",
    "knowledge_base_revision": "knowledge_base_article",
}  # fmt: skip
#: rows of records of any module
OF_ANY = ("file", "message", "record_grant", "agreement")
TABLES += (*RECORDS.values(), "knowledge_base_category", "knowledge_base_feedback", *PARTS)
#: whose records can be granted
GRANTED = {"cases"}
_WORD = re.compile(r"[^\W_]+")


def read_tables(owner_url: str, names: Iterable[str] = TABLES) -> dict[str, list[Row]]:
    """All rows of some tables, of every tenant."""
    if owner_url.startswith("sqlite"):
        connection: Any = sqlite3.connect(urlsplit(owner_url).path[1:])
        connection.row_factory = sqlite3.Row
    else:
        connection = psycopg.connect(owner_url.replace("+psycopg", ""), row_factory=dict_row)
    try:
        return {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in names}
    finally:
        connection.close()


@dataclass
class Oracle:
    """What one contact may see, by the rows as they are now."""

    tables: dict[str, list[Row]]
    contact_id: int
    today: date
    module: str = "invoices"
    #: what was found so far, by module
    known: dict[str, dict[int, Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.contact = next(row for row in self.tables["contact"] if row["id"] == self.contact_id)
        self.tenant = next(row for row in self.tables["tenant"] if row["id"] == self.contact["tenant_id"])
        self.ties = [row for row in self.tables["membership"] if row["contact_id"] == self.contact_id]

    def of(self, module: str) -> "Oracle":
        """The same contact, in another module."""
        return replace(self, module=module)

    def enters(self) -> bool:
        """Whether the contact may come in today."""
        return self._granted() and self.is_on("portal")

    def _granted(self) -> bool:
        me = self.contact
        if self.tenant["access_mode"] == "members" and me["email_key"] and self.ties:
            return True
        start, end = (day(me[name]) for name in ("support_start", "portal_end"))
        return bool(me["portal_user"]) and start is not None and end is not None and start <= self.today <= end

    def whole(self) -> set[int]:
        """Accounts that the contact reaches whole, subsidiaries included."""
        found = set()
        for tie in self.ties:
            if tie["site_id"] is None:
                found |= {tie["account_id"]} | (self._below(tie["account_id"]) if tie["with_subsidiaries"] else set())
        return found

    def _below(self, account_id: int) -> set[int]:
        children = {row["id"] for row in self.tables["account"] if row["parent_id"] == account_id}
        return children.union(*(self._below(child) for child in children)) if children else set()

    def sites(self) -> dict[int, int]:
        """Single sites that the contact is a member of, each with its account; a site that has gone to
        another account since is none of theirs."""
        stands = {row["id"]: row["account_id"] for row in self.tables["site"]}
        return {t["site_id"]: t["account_id"] for t in self.ties if stands.get(t["site_id"]) == t["account_id"]}

    def _switch(self, module: str, level: str, target: int) -> bool | None:
        for row in self.tables["switch"]:
            same = (row["module"], row["level"], row["target_id"]) == (module, level, target)
            if same and row["tenant_id"] == self.tenant["id"]:
                return bool(row["is_on"])
        return None

    def is_on_at(self, module: str, account_id: int | None) -> bool:
        """Whether the nearest switch says that the module is on, for this contact at an account."""
        asked = [("contact", self.contact_id), ("account", account_id), ("tenant", self.tenant["id"])]
        for level, target in asked:
            said = None if target is None else self._switch(module, level, target)
            if said is not None:
                return said
        return module == "portal"

    def open_at(self, account_id: int | None) -> bool:
        """Whether both the portal and the module are on at an account."""
        return self.is_on_at("portal", account_id) and self.is_on_at(self.module, account_id)

    def is_on(self, module: str) -> bool:
        """Whether the module is on for the contact at all: at one of their accounts, or where they have
        none, as the tenant says."""
        reached = self.whole() | set(self.sites().values())
        names = ("portal",) if module == "portal" else ("portal", module)
        return any(all(self.is_on_at(name, a) for name in names) for a in (reached or {None}))

    def opens(self) -> bool:
        """Whether the module answers at all."""
        return self.enters() and self.is_on(self.module)

    def scope(self) -> str:
        """How much of an account the module shows."""
        for row in self.tables["module_scope"]:
            if row["module"] == self.module and row["tenant_id"] == self.tenant["id"]:
                return str(row["scope"])
        return "account"

    def sees(self, row: Row) -> bool:
        """Whether the contact sees this record."""
        if row["tenant_id"] != self.tenant["id"] or not row["published"] or not self.opens():
            return False
        if row.get("status", row.get("state")) in ("draft", "archived"):
            return False
        if "audience" in row:
            return self.is_meant(row)
        return self._owns(row) or (self.module in GRANTED and self._is_granted(row))

    def _owns(self, row: Row) -> bool:
        """Whether it is the contact's own, or that of an account or a site of theirs."""
        if self.scope() == "contact" and row["contact_id"] != self.contact_id:
            return False
        if row["account_id"] in self.whole() and self.open_at(row["account_id"]):
            return True
        account = self.sites().get(row["site_id"])
        if account is not None and account == row["account_id"] and self.open_at(account):
            return True
        return row["account_id"] is None and row["contact_id"] == self.contact_id

    def _is_granted(self, row: Row) -> bool:
        """Whether a grant of the record counts for the contact: one to them; one to a whole account of theirs where
        the module is on, unless the module shows what names them alone. A colleague's, only while both belong to
        the record's account, and the module is on there."""
        mine = [grant for grant in self.tables["record_grant"] if grant["parent_id"] == row["id"]]
        for grant in mine:
            if grant["of_colleague"] and not self._is_colleague(row["account_id"]):
                continue
            if grant["contact_id"] == self.contact_id:
                return True
            whole = grant["account_id"] in self.whole() and self.open_at(grant["account_id"])
            if whole and self.scope() == "account":
                return True
        return False

    def _is_colleague(self, account_id: int | None) -> bool:
        return (account_id in self.whole() or account_id in self.sites().values()) and self.open_at(account_id)

    def segments(self) -> set[int]:
        """The segments of the accounts that the contact reaches, whole or by a site, where the module is on."""
        reached = {a for a in self.whole() | set(self.sites().values()) if self.open_at(a)}
        return {row["segment_id"] for row in self.tables["segment_account"] if row["account_id"] in reached}

    def is_meant(self, row: Row) -> bool:
        """Whether the contact sees a record that is for many: published, and for all or for a segment of theirs."""
        if row["tenant_id"] != self.tenant["id"] or not row["published"] or not self.opens():
            return False
        return row["audience"] == "all" or bool({int(s) for s in row["audience"].split()} & self.segments())

    def records(self) -> dict[int, Row]:
        """The records of the module that the contact sees, by id."""
        if self.module not in self.known:
            rows = self.tables[RECORDS[self.module]]
            self.known[self.module] = {row["id"]: row for row in rows if self.sees(row)}
        return self.known[self.module]

    def invoices(self) -> dict[int, Row]:
        """The invoices that the contact sees, by id."""
        return self.of("invoices").records()

    def all_records(self) -> set[int]:
        """The ids of all records that the contact sees, whatever module they are of."""
        shared = {row["id"] for table, of in SHARED.items() for row in self.tables[table] if self.of(of).sees(row)}
        return shared.union(*(self.of(module).records() for module in RECORDS))

    def parts(self, table: str) -> list[Row]:
        """The rows of a table of parts that the contact sees: whoever reads an article reads no revision of it that
        staff have not given out."""
        seen = self.all_records()
        return [row for row in self.tables[table] if row["parent_id"] in seen and row.get("published", True)]

    def links_of(self, record_id: int) -> set[int]:
        """The records at the other ends of a record's links that the contact sees."""
        rows = self.tables["record_link"]
        ends = {row["to_id"] for row in rows if row["from_id"] == record_id}
        ends |= {row["from_id"] for row in rows if row["to_id"] == record_id}
        return ends & self.all_records()

    def found(self, word: str, searched: Mapping[str, Iterable[str]]) -> dict[str, set[int]]:
        """The records of each module with a word that begins so in one of the columns of their table, `searched`."""
        found: dict[str, set[int]] = {}
        for table, columns in searched.items():
            seen = self.rows_of(table)
            rows = {row["id"]: row for row in self.tables[table] if row["id"] in seen}
            texts = {i: " ".join(str(row[name] or "") for name in columns).lower() for i, row in rows.items()}
            ids = {i for i, text in texts.items() if any(w.startswith(word) for w in _WORD.findall(text))}
            if ids:
                found.setdefault(MODULE_OF[table], set()).update(ids)
        return found

    def account_choices(self) -> set[int]:
        """Accounts that may be chosen on top of a list, and given in its address."""
        whole = {a for a in self.whole() if self.is_on_at("portal", a)}
        return whole | {a for a in self.sites().values() if self.is_on_at("portal", a)}

    def site_choices(self) -> set[int]:
        """Sites that may be chosen: all of a whole account, and single ones."""
        whole = {a for a in self.whole() if self.is_on_at("portal", a)}
        single = {s for s, a in self.sites().items() if self.is_on_at("portal", a)}
        return {row["id"] for row in self.tables["site"] if row["account_id"] in whole or row["id"] in single}

    def rows_of(self, table: str) -> set[int]:
        """The ids of a table's rows that the contact sees, whichever table it is."""
        if table in OWNED.values():
            return next(set(self.of(module).records()) for module, name in OWNED.items() if name == table)
        if table in SHARED:
            return {row["id"] for row in self.tables[table] if self.of(SHARED[table]).sees(row)}
        if table == "record":
            return self.all_records()
        if table == "record_link":
            seen = self.all_records()
            return {row["id"] for row in self.tables[table] if {row["from_id"], row["to_id"]} <= seen}
        if table == "tenant_host":
            return {row["id"] for row in self.tables[table] if row["owner_tenant"] == self.tenant["id"]}
        if table in PARTS or table in OF_ANY:
            return {row["id"] for row in self.parts(table)}
        if table in ("membership", "login_session", "knowledge_base_feedback"):
            return {row["id"] for row in self.tables[table] if row["contact_id"] == self.contact_id}
        single = {"tenant": {self.tenant["id"]}, "contact": {self.contact_id}}
        places = {"account": self.account_choices, "site": self.site_choices}
        return places[table]() if table in places else single.get(table, set())

    def state(self, row: Row) -> str:
        """What a list is filtered by: the state of a case; of an invoice, what a page calls it."""
        if self.module != "invoices":
            return str(row.get("status", row.get("state")))
        last = day(row["due_on"])
        late = last is not None and last < self.today and row["total"] > self._paid(row)
        return "overdue" if row["status"] == "pending" and late else str(row["status"])

    def due(self) -> dict[str, tuple[int, int]]:
        """What is due and overdue in each currency, where something is."""
        found: dict[str, tuple[int, int]] = {}
        for row in self.invoices().values():
            open_part = row["total"] - self._paid(row)
            if row["status"] == "pending" and open_part > 0:
                last = day(row["due_on"])
                late = open_part if last is not None and last < self.today else 0
                due, overdue = found.get(row["currency"], (0, 0))
                found[row["currency"]] = (due + open_part, overdue + late)
        return found

    def _paid(self, invoice: Row) -> int:
        rows = self.tables["invoices_allocation"]
        mine = [r for r in rows if r["parent_id"] == invoice["id"] and r["currency"] == invoice["currency"]]
        return sum(row["amount"] for row in mine)


def day(value: Any) -> date | None:
    """A day as either driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value

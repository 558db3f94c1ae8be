"""What each looker may see, said naively: a loop over rows that were read through the database driver.

Nothing of the core takes part in the verdict."""

import sqlite3
from types import SimpleNamespace
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.databases import Database
from tests.db.world import Looker

TABLES = {
    "thing": "walltest_thing",
    "part": "walltest_part",
    "share": "walltest_share",
    "piece": "walltest_piece",
    "note": "walltest_note",
    "secret": "walltest_secret",
    "paper": "papertest_paper",
    "notice": "papertest_notice",
    "link": "papertest_link",
    "tenant": "tenant",
    "host": "tenant_host",
    "account": "account",
    "site": "site",
    "contact": "contact",
    "membership": "membership",
    "record": "record",
    "message": "message",
    "file": "file",
    "grant": "record_grant",
    "meant": "record_segment",
    "tied": "record_link",
}
#: what is seen with the row that it belongs to
_PARTS = (
    *(("part", "thing"), ("share", "thing"), ("piece", "part")),
    *(("message", "record"), ("file", "record"), ("grant", "record")),
)
Rows = dict[str, list[Any]]


def read_all(database: Database) -> Rows:
    """Every row of these tables, of all tenants, ordered by id."""
    if database.name == "sqlite":
        connection: Any = sqlite3.connect(make_url(database.owner_url).database or "")
    else:
        url = make_url(database.owner_url).set(drivername="postgresql")
        connection = psycopg.connect(url.render_as_string(hide_password=False))
    found = {}
    for name, table in TABLES.items():
        cursor = connection.cursor()
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        columns = [column[0] for column in cursor.description]
        found[name] = [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]
    connection.close()
    return found


def visible(rows: Rows, looker: Looker) -> Any:
    """The rows that this looker may see, by name of the table."""
    for row in rows["record"]:
        row.segments = {each.segment_id for each in rows["meant"] if each.record_id == row.id}
    seen: Rows = {name: [row for row in rows[name] if _sees(looker, name, row)] for name in rows}
    for child, parent in _PARTS:
        if looker.kind == "contact":
            ids = {row.id for row in seen[parent]}
            seen[child] = [row for row in rows[child] if row.parent_id in ids and getattr(row, "published", True)]
        ids = {row.id for row in seen["record"]}
        seen["tied"] = [row for row in rows["tied"] if {row.from_id, row.to_id} <= ids]
    return SimpleNamespace(**seen)


def _sees(looker: Looker, name: str, row: Any) -> bool:
    if name in ("tenant", "host"):
        return looker.kind == "installation" or (row.id if name == "tenant" else row.owner_tenant) == looker.tenant
    if looker.kind in ("installation", "visitor") or row.tenant_id != looker.tenant:
        return False
    if looker.kind in ("staff", "system"):
        return True
    if name in ("thing", "paper"):
        return _reaches(looker, "walltest" if name == "thing" else "papertest", row)
    if name == "record":
        shared = row.owner == 0 or bool(row.segments & looker.within(row.module))
        return _reaches(looker, row.module, row) or (shared and row.published and row.module in looker.modules)
    whole, sites = looker.portal[0], looker.portal[1]
    rules = {
        "notice": lambda: _is_meant(looker, row) and bool(row.published) and "papertest" in looker.modules,
        "note": lambda: row.contact_id == looker.person,
        "membership": lambda: row.contact_id == looker.person,
        "contact": lambda: row.id == looker.person,
        "account": lambda: row.id in looker.accounts,
        "site": lambda: row.account_id in whole or row.id in sites,
    }
    return name in rules and bool(rules[name]())


def _is_meant(looker: Looker, notice: Any) -> bool:
    return notice.audience == "all" or bool({int(s) for s in notice.audience.split()} & looker.within("papertest"))


def _reaches(looker: Looker, module: str, row: Any) -> bool:
    if module not in looker.modules or not row.published:
        return False
    if row.id in looker.granted.get(module, ()):
        return True
    accounts, sites, own, scope = looker.modules[module]
    if scope == "contact" and row.contact_id != looker.person:
        return False
    if row.account_id is None:
        return (own and row.contact_id == looker.person) or (row.site_id is not None and row.site_id in sites)
    return row.account_id in accounts or row.site_id in sites

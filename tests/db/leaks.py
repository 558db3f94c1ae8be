"""Statements that would pass by the wall. Each gives one column; what of it a client may see is said
beside it, so that a control without the refusal shows the leak."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    and_,
    column,
    exists,
    func,
    insert,
    lambda_stmt,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
    union,
    union_all,
    update,
)
from sqlalchemy import join as core_join
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, join, mapped_column
from sqlalchemy.types import BigInteger

from core.crm.models import Account
from tests.db.things import Part, Secret, Thing

BARE: Any = Thing.__table__
SECRETS: Any = Secret.__table__


class OtherBase(DeclarativeBase):
    """A base that is not the core's."""


class Elsewhere(OtherBase):
    """A class over a table of ours, out of sight of the criterion."""

    __tablename__ = "walltest_thing"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


@dataclass(frozen=True)
class Leak:
    """One statement, and which of the values it gives a looker may see (by default: ids of things)."""

    name: str
    statement: Callable[[], Any]
    innocent: Callable[[Any], set[Any]] = lambda seen: {thing.id for thing in seen.thing}
    #: does it run at all without the refusal (some forms are PostgreSQL's alone)
    runs: bool = True


def _nothing(seen: Any) -> set[Any]:
    return set()


def _deep() -> Any:
    """Three levels: SQLAlchemy correlates to the next one alone, and reads the table anew otherwise."""
    inner = exists(select(1).select_from(Part).where(func.lower(Thing.name) == "one thing 0"))
    return select(literal(1)).select_from(Thing).where(exists(select(1).where(Part.parent_id == Thing.id, inner)))


def _full_join() -> Any:
    one = select(literal(1).label("one")).subquery()
    return select(Thing.id).select_from(one).join(Thing, Thing.id == one.c.one, full=True)


THINGS = [
    Leak("a table", lambda: select(BARE.c.id)),
    Leak("text", lambda: text("SELECT id FROM walltest_thing")),
    Leak("text with columns", lambda: text("SELECT id FROM walltest_thing").columns(column("id"))),
    Leak("from_statement", lambda: select(Thing.id).from_statement(text("SELECT id FROM walltest_thing"))),
    Leak("a union with a table", lambda: union(select(Thing.id), select(BARE.c.id))),
    Leak("a union of tables", lambda: union_all(select(BARE.c.id), select(Thing.id))),
    Leak("a column of a table", lambda: select(BARE.c.id).select_from(Account)),
    Leak("a table in FROM", lambda: select(func.max(BARE.c.id)).select_from(Account, BARE)),
    Leak("an alias of a table", lambda: select(BARE.alias("b").c.id).join(Account, true())),
    Leak(
        "a subquery over a table",
        lambda: select((q := select(BARE.c.id).subquery()).c.id).join(Thing, Thing.id != q.c.id),
    ),
    Leak("a CTE over a table", lambda: select((q := select(BARE.c.id).cte()).c.id).join(Thing, Thing.id != q.c.id)),
    Leak(
        "the outer's table, read anew", lambda: select((q := select(BARE.c.id).subquery()).c.id).select_from(Thing, q)
    ),
    Leak("an entity over a table", lambda: select(aliased(Thing, select(BARE).subquery()).id), runs=False),
    Leak("table()", lambda: select(table("walltest_thing", column("id")).c.id).join(Account, true())),
    Leak("text in WHERE", lambda: select(Thing.id).where(text("1=1 OR 1=1"))),
    Leak("literal_column in WHERE", lambda: select(Thing.id).where(literal_column("1=1 OR 1=1"))),
    Leak("text in a lambda", lambda: lambda_stmt(lambda: select(Thing.id).where(text("1=1 OR 1=1")))),
    Leak("text within and_", lambda: select(Thing.id).where(and_(Thing.id > 0, text("1=1 OR 1=1")))),
    Leak(
        "literal_column in columns",
        lambda: select(literal_column("(SELECT max(id) FROM walltest_thing)")).select_from(Thing),
    ),
    Leak(
        "an operator of text", lambda: select(Thing.id).where(Thing.name.op("= '' OR 1=1 OR ''=", precedence=100)(""))
    ),
    Leak("a suffix", lambda: select(Thing.id).suffix_with("OR 1=1")),
    Leak("a hint", lambda: select(Thing.id).with_statement_hint("OR 1=1")),
    Leak("a prefix", lambda: select(Thing.id).prefix_with("(SELECT max(id) FROM walltest_thing),"), runs=False),
    Leak("a class of another base", lambda: select(Elsewhere.id)),
    Leak(
        "a second entity in a column",
        lambda: select(Account.tenant_id + Thing.id),
        lambda seen: {seen.tenant[0].id + thing.id for thing in seen.thing},
    ),
    Leak("a FULL JOIN", _full_join),
    Leak(
        "an update with a CTE of rows",
        lambda: select(update(Thing).values(size=1).returning(Thing.id).cte().c.id),
        runs=False,
    ),
    Leak("insert", lambda: insert(Part).values(name="x", parent_id=1), runs=False),
    Leak("insert from select", lambda: insert(Part).from_select(["name"], select(Part.name)), runs=False),
]
SECRETS_OF_STAFF = [
    Leak("join() of the ORM", lambda: select(literal(1)).select_from(join(Account, Secret, true())), _nothing),
    Leak(
        "join()",
        lambda: select(func.count(literal(1))).select_from(core_join(Account, Secret, true())),
        lambda seen: {0},
    ),
    Leak(
        "a function in WHERE",
        lambda: select(literal(1)).select_from(Account).where(func.coalesce(Secret.thing_id, 0) > 0),
        _nothing,
    ),
    Leak(
        "a table in EXISTS",
        lambda: select(literal(1)).select_from(Account).where(exists(select(SECRETS.c.id))),
        _nothing,
    ),
    Leak(
        "a table in IN",
        lambda: select(literal(1)).select_from(Account).where(Account.tenant_id.in_(select(SECRETS.c.tenant_id))),
        _nothing,
    ),
    Leak(
        "an entity not correlated",
        lambda: (
            select(literal(1))
            .select_from(Account)
            .where(exists(select(Account.id).where(func.coalesce(Secret.id, 0) > 0).correlate(None)))
        ),
        _nothing,
    ),
    Leak("three levels", _deep, _nothing),
]
LEAKS = THINGS + SECRETS_OF_STAFF

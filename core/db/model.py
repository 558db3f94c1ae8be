"""The base that every table's class derives from, and the column types that are ours."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, Table, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import BigInteger, Integer, TypeDecorator

# Constraints carry names, so that a migration can drop one on either database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives out row ids for INTEGER alone; PostgreSQL gets the wide type.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Model(DeclarativeBase):
    """Base of all mapped classes. What a class lets whom see is said by a mixin of `core.db.wall`;
    a class that says nothing is seen by staff and the system only."""

    metadata = MetaData(naming_convention=NAMES)

    #: Name of the module the class belongs to ("" for the core's own). The registry sets it when it
    #: takes the module in; until then a contact sees no row of the class.
    portal_module: str = ""


@event.listens_for(Table, "after_parent_attach")
def _never_reuse_ids(table: Table, metadata: Any) -> None:
    """SQLite would give the id of a deleted row to the next one, and with it whatever still names that
    id: a session, a switch, a link in a mail. PostgreSQL never does."""
    if metadata is Model.metadata:
        table.dialect_options["sqlite"]["autoincrement"] = True


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware datetimes in, aware UTC datetimes out; stored without an offset, in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone; use datetime.now(UTC)")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """The present moment in UTC, with its time zone."""
    return datetime.now(UTC)


def money(**kwargs: Any) -> dict[str, Any]:
    """Keyword arguments for `mapped_column` of an amount in minor units of the row's `currency`."""
    return {"type_": BigInteger(), "info": {"kind": "money"}, **kwargs}

"""Whether a profile fits the tables that it feeds, asked before anything is read."""

from collections.abc import Iterable
from typing import Any

from core.db.wall import Recorded
from core.imports.errors import ProfileError
from core.imports.kinds import PROTECTED, kinds, targets
from core.imports.profile import Profile, Table
from core.imports.values import reader_for
from core.modules.registry import Registry
from core.records.links import KINDS


def check_profile(profile: Profile, registry: Registry) -> dict[str, type[Any]]:
    """The kinds that the profile may speak of. Raises ProfileError, which names file, table and key,
    for the first thing that does not fit."""
    known = kinds(registry)
    for table in profile.tables:
        if table.into not in known:
            raise ProfileError(f"{table.origin}: there is no {table.into!r}; there are: {', '.join(sorted(known))}")
        _check_fields(table, known[table.into])
        _check_rest(table, known[table.into])
    _check_links(profile, known)
    return known


def _check_links(profile: Profile, known: dict[str, type[Any]]) -> None:
    for link in profile.links:
        if link.kind not in KINDS:
            raise ProfileError(f"{link.origin}: there is no link {link.kind!r}; there are: {', '.join(sorted(KINDS))}")
    for said, kind in profile.called.items():
        if kind not in known or not issubclass(known[kind], Recorded):
            raise ProfileError(f"profile {profile.name}, called.{said}: {kind!r} is no kind of record")


def in_order(profile: Profile, known: dict[str, type[Any]]) -> list[Table]:
    """The tables so that each comes after those that its rows refer to; as written, otherwise.

    Raises ProfileError for tables that wait for each other."""
    waiting, ordered = list(profile.tables), []
    while waiting:
        open_kinds = {table.into for table in waiting}
        free = next((t for t in waiting if not (_needs(t, known) & open_kinds)), None)
        if free is None:
            names = ", ".join(table.file for table in waiting)
            raise ProfileError(f"profile {profile.name}: these tables refer to each other in a circle: {names}")
        waiting.remove(free)
        ordered.append(free)
    return ordered


def _needs(table: Table, known: dict[str, type[Any]]) -> set[str]:
    found = {kind for name, kind in targets(known[table.into]).items() if name in table.fields}
    return (found | ({"core.account"} if table.member_of else set())) - {table.into}


def _check_fields(table: Table, model: type[Any]) -> None:
    columns = model.__mapper__.columns
    for name, sources in table.fields.items():
        place = f"{table.origin}, fields.{name}"
        if name not in columns:
            raise ProfileError(f"{place}: {table.into} has no such field")
        if name in PROTECTED:
            raise ProfileError(f"{place}: this field is not an import's to write")
        _check_lookups(table, (each for source in sources for each in source.lookup), place)
        is_money = columns[name].info.get("kind") == "money"
        if is_money and "currency" not in columns:
            raise ProfileError(f"{place}: an amount needs a currency beside it")
        if not is_money and any(source.product or source.sum for source in sources):
            raise ProfileError(f"{place}: only amounts can be a product or a sum")
        if not table.group and any(source.sum for source in sources):
            raise ProfileError(f"{place}: `sum` goes with `group`, rows that become one")
        try:
            reader_for(columns[name], "UTC")
        except TypeError as error:
            raise ProfileError(f"{place}: {error}") from None
    for name, column in columns.items():
        if name not in table.fields and name not in PROTECTED and name != "currency" and required(column):
            raise ProfileError(f"{table.origin}: the field {name!r} of {table.into} is required")


def _check_rest(table: Table, model: type[Any]) -> None:
    if table.member_of and table.into != "core.contact":
        raise ProfileError(f"{table.origin}, member_of: only contacts are members of accounts")
    if table.documents and not issubclass(model, Recorded):
        raise ProfileError(f"{table.origin}, files: {table.into} is no record; files hang on records alone")
    columns = model.__mapper__.columns
    for check in table.checks:
        for name in (*check.sum, check.equals):
            if name not in table.fields or columns[name].info.get("kind") != "money":
                raise ProfileError(f"{table.origin}, checks: {name!r} is no amount of this table")
    _check_lookups(table, (each for source in table.member_of for each in source.lookup), f"{table.origin}, member_of")
    _check_lookups(table, table.named_lookups(), table.origin)


def _check_lookups(table: Table, named: Iterable[str], place: str) -> None:
    for name in named:
        if name not in table.lookups:
            raise ProfileError(f"{place}: there is no look-up {name!r} in this file")


def required(column: Any) -> bool:
    """Whether a row cannot be without a value in this column."""
    return not column.nullable and column.default is None and column.server_default is None

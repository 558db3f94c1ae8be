"""The conditions of a list: what was searched, filtered and chosen, each as SQL over binds with its values
apart, so that a list that is asked for in the same way runs the same statement."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, or_, select

from core.crm.models import Account, Site
from core.db.entry import kind_of_class, term_of
from core.db.folding import fold, folded
from core.db.found import NO_LIMIT, Every, Found, Sought, Term, either
from core.db.session import WalledSession
from core.db.viewer import Kind
from core.db.words import words_of
from core.records.errors import NotHere
from core.records.fields import effective, kind_of, value_of
from core.records.query import Filter, Query
from core.records.resource import Field, Resource
from core.records.whose import term

_ESCAPE = "/"


@dataclass(frozen=True)
class Condition:
    """One condition: `key` names all that its SQL hangs on, `term` builds that, `values` are its binds'."""

    key: Hashable
    term: Callable[[], ColumnElement[bool]]
    values: Mapping[str, Any] = field(default_factory=dict)


def conditions_of(session: WalledSession, resource: Resource, query: Query, zone: tzinfo) -> list[Condition]:
    """What a query asks for. Days are those of `zone`. Raises NotHere for an account or site that is out of
    the reader's reach."""
    model = resource.model
    found = [each for used in query.filters for each in _filtered(model, used, zone)]
    if query.words:
        searched = tuple(f for f in effective(resource, session.sight) if f.searchable)
        tenant = session.sight.viewer.tenant_id
        found += [_word(model, tenant, searched, word, f"word_{i}") for i, word in enumerate(query.words)]
    found += _place(session, model, query)
    if query.mine:
        viewer = session.sight.viewer
        whose = partial(term, model, viewer.kind, query.mine)
        found.append(Condition(("mine", viewer.kind, query.mine), whose, {"mine": viewer.person_id}))
    return found


def _equal(column: Any, name: str, value: int | None) -> Condition:
    return Condition(name, lambda: column == bindparam(name, type_=BigInteger()), {name: value})


def _word(model: Any, tenant: int | None, searched: Sequence[Field], word: str, name: str) -> Condition:
    """A word that stands in any of the fields, whatever its accents. Of Markdown, the index of the search is asked,
    which has the words that a reader has: where a link leads is none of them, and may be hidden from the reader."""
    prose = tuple(f for f in searched if f.name in getattr(model, "portal_prose", ()))
    plain, indexed = fold(word) or "", f"{name}_in"
    for special in (_ESCAPE, "%", "_"):
        plain = plain.replace(special, _ESCAPE + special)
    values: dict[str, Any] = {name: f"%{plain}%"}
    if prose:
        values |= Found.values([_in_prose(model, tenant, prose, word)], indexed)

    def term() -> ColumnElement[bool]:
        pattern = bindparam(name, type_=String())
        told = [folded(value_of(model, f)).like(pattern, escape=_ESCAPE) for f in searched if f not in prose]
        return or_(*told, *([Found(model.id, 1, indexed)] if prose else []))

    return Condition((name, searched), term, values)


def _in_prose(model: Any, tenant: int | None, prose: Sequence[Field], word: str) -> Sought:
    """What is looked for in the index: in any of these fields, words that begin with those of `word`."""
    kind, parts = kind_of_class(model), words_of(word)
    found = [either(Term(term_of(kind, f.name, part), begins=True) for f in prose) for part in parts]
    wanted = Every((Term(f"t{tenant}"), *found)) if found else either(())
    return Sought(kind, wanted, NO_LIMIT, either(()), 0)


def _place(session: WalledSession, model: Any, query: Query) -> list[Condition]:
    """Narrow to one account or site. They are looked for through the session: one that is out of
    reach is not there."""
    found = []
    if (query.account is not None or query.site is not None) and not hasattr(model, "owner"):
        raise NotHere
    if query.account is not None:
        if session.sight.viewer.kind is Kind.CONTACT:
            there = query.account in session.sight.accounts
        else:
            there = session.scalar(select(Account.id).where(Account.id == query.account)) is not None
        if not there:
            raise NotHere
        found.append(_equal(model.owner, "account", query.account))
    if query.site is not None:
        if session.scalar(select(Site.id).where(Site.id == query.site)) is None:
            raise NotHere
        found.append(_equal(model.site_id, "site", query.site))
    return found


def _filtered(model: Any, used: Filter, zone: tzinfo) -> list[Condition]:
    """One of several choices, or a range of days."""
    name, value = f"f_{used.field.name}", value_of(model, used.field)
    if used.choices:
        chosen = {name: list(used.choices)}
        return [Condition((name, used.field), lambda: value.in_(bindparam(name, expanding=True)), chosen)]
    days = kind_of(model, used.field) == "date"
    found = []
    if used.start:
        start = used.start if days else _beginning(used.start, zone)
        found.append(_compared(used.field, f"{name}_from", start, lambda bind: value >= bind, value.type))
    if used.end and days:
        found.append(_compared(used.field, f"{name}_to", used.end, lambda bind: value <= bind, value.type))
    elif used.end and used.end < date.max:
        end = _beginning(used.end + timedelta(days=1), zone)
        found.append(_compared(used.field, f"{name}_to", end, lambda bind: value < bind, value.type))
    return found


def _compared(of: Field, name: str, value: Any, compare: Callable[[Any], ColumnElement[bool]], kind: Any) -> Condition:
    return Condition((name, of), lambda: compare(bindparam(name, type_=kind)), {name: value})


def _beginning(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a zone; of the very first day, the first that there is."""
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)

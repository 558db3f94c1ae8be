"""Forms of statement: how each is asked of a session, and the same said over plain rows.

`ask` takes a session and a number, `tell` the rows that the looker may see and the same number; both
give something that can be compared."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    bindparam,
    case,
    except_,
    exists,
    func,
    intersect,
    literal,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import (
    Bundle,
    aliased,
)

from core.conversations.models import Message
from core.crm.models import Account, Contact, Membership, Site, Tenant, TenantHost
from core.db.grant import Grant
from core.db.record import Record
from core.db.session import WalledSession
from core.files.models import File
from core.records.models import RecordLink
from tests.db.conftest import ids
from tests.db.things import Link, Note, Paper, Part, Piece, Secret, Share, Thing

Other: Any = aliased(Thing)


@dataclass(frozen=True)
class Form:
    """One form of statement."""

    name: str
    ask: Callable[[WalledSession, int], Any]
    tell: Callable[[Any, int], Any]
    writes: bool = False


def adder(forms: list[Form]) -> Callable[..., None]:
    """A function that adds a form to `forms`, named by its place in the file."""

    def form(ask: Callable[[WalledSession, int], Any], tell: Callable[[Any, int], Any], writes: bool = False) -> None:
        forms.append(Form(f"{ask.__code__.co_filename}:{ask.__code__.co_firstlineno}", ask, tell, writes))

    return form


def many(session: WalledSession, statement: Any) -> list[Any]:
    """Its rows, in no order."""
    return sorted((tuple(row) for row in session.execute(statement)), key=repr)


def pairs(rows: Any) -> list[Any]:
    """Rows of plain values, in no order."""
    return sorted(rows, key=repr)


FORMS: list[Form] = []
form = adder(FORMS)

CLASSES = {
    "thing": Thing, "part": Part, "share": Share, "piece": Piece, "note": Note, "secret": Secret, "paper": Paper,
    "link": Link,
    "tenant": Tenant, "host": TenantHost, "account": Account, "site": Site, "contact": Contact,
    "membership": Membership, "record": Record, "message": Message, "file": File, "grant": Grant,
    "tied": RecordLink,
}  # fmt: skip
for _name, _cls in CLASSES.items():
    FORMS.append(
        Form(
            f"all of {_name}", lambda s, n, c=_cls: ids(s.scalars(select(c))), lambda v, n, k=_name: ids(getattr(v, k))
        )
    )  # type: ignore[misc]
    FORMS.append(
        Form(
            f"count of {_name}",
            lambda s, n, c=_cls: s.scalar(select(func.count()).select_from(c)),
            lambda v, n, k=_name: len(getattr(v, k)),
        )
    )  # type: ignore[misc]
    FORMS.append(
        Form(
            f"alias of {_name}",
            lambda s, n, c=_cls: many(s, select(aliased(c).id)),
            lambda v, n, k=_name: [(i,) for i in sorted(ids(getattr(v, k)), key=lambda i: repr((i,)))],
        )
    )  # type: ignore[misc]

# one class
form(lambda s, n: many(s, select(Thing.id, Thing.name)), lambda v, n: pairs((t.id, t.name) for t in v.thing))
form(
    lambda s, n: s.scalar(select(func.count(Thing.id)).where(Thing.size > n)),
    lambda v, n: sum(t.size > n for t in v.thing),
)
form(lambda s, n: s.scalar(select(func.max(Thing.id))), lambda v, n: max(ids(v.thing), default=None))
form(
    lambda s, n: s.scalar(select(select(Thing.id).where(Thing.size == n).exists())),
    lambda v, n: any(t.size == n for t in v.thing),
)
form(
    lambda s, n: [t.id for t in s.scalars(select(Thing).order_by(Thing.id.desc()).limit(5).offset(n))],
    lambda v, n: ids(v.thing)[::-1][n : n + 5],
)
form(
    lambda s, n: many(s, select(Thing.size, func.count()).group_by(Thing.size)),
    lambda v, n: pairs(Counter(t.size for t in v.thing).items()),
)
form(
    lambda s, n: many(s, select(Thing.size).group_by(Thing.size).having(func.count(Thing.id) > n)),
    lambda v, n: pairs((k,) for k, c in Counter(t.size for t in v.thing).items() if c > n),
)
form(lambda s, n: many(s, select(Thing.size).distinct()), lambda v, n: pairs({(t.size,) for t in v.thing}))
form(
    lambda s, n: many(s, select(Bundle("b", Thing.id, Thing.size))),
    lambda v, n: pairs(((t.id, t.size),) for t in v.thing),
)
form(
    lambda s, n: many(s, select(case((Thing.size > n, Thing.name), else_="small"), literal(n))),
    lambda v, n: pairs((t.name if t.size > n else "small", n) for t in v.thing),
)
form(
    lambda s, n: many(s, select(Thing.id, func.row_number().over(order_by=Thing.id))),
    lambda v, n: pairs((i, k) for k, i in enumerate(ids(v.thing), 1)),
)
form(
    lambda s, n: s.scalar(select(func.sum(Thing.size).filter(Thing.size > n)).select_from(Thing)) or 0,
    lambda v, n: sum(t.size for t in v.thing if t.size > n),
)
form(
    lambda s, n: ids(s.scalars(select(Thing).where(tuple_(Thing.size, Thing.published).in_([(n, True)])))),
    lambda v, n: ids(t for t in v.thing if t.size == n and t.published),
)
form(
    lambda s, n: ids(
        s.scalars(select(Thing).where(Thing.size == bindparam("wall_tenant_size")), {"wall_tenant_size": n})
    ),
    lambda v, n: ids(t for t in v.thing if t.size == n),
)

# loading by key
form(
    lambda s, n: [i for i in range(n * 20, n * 20 + 20) if s.get(Thing, i)],
    lambda v, n: [i for i in ids(v.thing) if n * 20 <= i < n * 20 + 20],
)
form(
    lambda s, n: [i for i in range(n * 20, n * 20 + 20) if s.get(Part, i)],
    lambda v, n: [i for i in ids(v.part) if n * 20 <= i < n * 20 + 20],
)
form(
    lambda s, n: [i for i in range(n * 20, n * 20 + 20) if s.query(Thing).filter(Thing.id == i).one_or_none()],
    lambda v, n: [i for i in ids(v.thing) if n * 20 <= i < n * 20 + 20],
)

# joins
form(
    lambda s, n: many(s, select(Thing.id, Part.id).join(Part, Part.parent_id == Thing.id)),
    lambda v, n: pairs((p.parent_id, p.id) for p in v.part),
)
form(
    lambda s, n: many(s, select(Thing.id, Part.id).join(Thing.parts)),
    lambda v, n: pairs((p.parent_id, p.id) for p in v.part),
)
form(
    lambda s, n: many(s, select(Thing.id, Secret.id).outerjoin(Secret, Secret.thing_id == Thing.id)),
    lambda v, n: pairs((t.id, k) for t in v.thing for k in [x.id for x in v.secret if x.thing_id == t.id] or [None]),
)
form(
    lambda s, n: many(s, select(Thing.id, Other.id).outerjoin(Thing.other.of_type(Other))),
    lambda v, n: pairs((t.id, t.other_id if t.other_id in ids(v.thing) else None) for t in v.thing),
)
form(
    lambda s, n: many(s, select(Thing.id, Other.id).where(Thing.other_id == Other.id)),
    lambda v, n: pairs((t.id, t.other_id) for t in v.thing if t.other_id in ids(v.thing)),
)
form(
    lambda s, n: many(s, select(Paper.id, Thing.id).join(Paper.things)),
    lambda v, n: pairs(
        (k.paper_id, k.thing_id) for k in v.all_links if k.paper_id in ids(v.paper) and k.thing_id in ids(v.thing)
    ),
)
form(
    lambda s, n: s.scalar(select(func.count()).select_from(Thing).join(Account, Account.id == Thing.account_id)),
    lambda v, n: sum(t.account_id in ids(v.account) for t in v.thing),
)
form(
    lambda s, n: many(s, select(Site.name, Account.name).join(Account, Account.id == Site.account_id)),
    lambda v, n: pairs((x.name, a.name) for x in v.site for a in v.account if a.id == x.account_id),
)
form(
    lambda s, n: many(
        s,
        select(Piece.name, Thing.name).join(Part, Part.id == Piece.parent_id).join(Thing, Thing.id == Part.parent_id),
    ),
    lambda v, n: pairs(
        (x.name, t.name) for x in v.piece for p in v.part if p.id == x.parent_id for t in v.thing if t.id == p.parent_id
    ),
)

# below and beside
form(
    lambda s, n: many(
        s, select(Thing.id, select(func.count(Part.id)).where(Part.parent_id == Thing.id).scalar_subquery())
    ),
    lambda v, n: pairs((t.id, sum(p.parent_id == t.id for p in v.part)) for t in v.thing),
)
form(
    lambda s, n: ids(s.scalars(select(Thing).where(exists().where(Secret.thing_id == Thing.id)))),
    lambda v, n: ids(t for t in v.thing if any(x.thing_id == t.id for x in v.secret)),
)
form(
    lambda s, n: ids(s.scalars(select(Thing).where(~Thing.parts.any()))),
    lambda v, n: ids(t for t in v.thing if not any(p.parent_id == t.id for p in v.part)),
)
form(
    lambda s, n: ids(s.scalars(select(Part).where(Part.thing.has(Thing.size > n)))),
    lambda v, n: ids(p for p in v.part for t in v.thing if t.id == p.parent_id and t.size > n),
)
form(
    lambda s, n: ids(
        s.scalars(
            select(Thing).where(
                exists(select(1).where(Part.parent_id == Thing.id, func.length(Part.name) > func.length(Thing.name)))
            )
        )
    ),
    lambda v, n: ids(t for t in v.thing if any(p.parent_id == t.id and len(p.name) > len(t.name) for p in v.part)),
)
form(
    lambda s, n: ids(
        s.scalars(
            select(Secret).where(
                exists(select(Part.id).where(Part.parent_id == Thing.id, Thing.size == n).correlate(Thing))
            )
        )
    ),
    lambda v, n: ids(v.secret) if any(p.parent_id == t.id and t.size == n for p in v.part for t in v.thing) else [],
)
form(
    lambda s, n: ids(s.scalars(select(Thing).where(Thing.id.in_(select(Secret.thing_id))))),
    lambda v, n: ids(t for t in v.thing if t.id in {x.thing_id for x in v.secret}),
)
form(
    lambda s, n: ids(s.scalars(select(Thing).where(Thing.id.not_in(select(Link.thing_id))))),
    lambda v, n: ids(t for t in v.thing if t.id not in {x.thing_id for x in v.link}),
)
form(
    lambda s, n: s.scalar(select(func.count()).select_from(select(Thing.id).where(Thing.size > n).subquery())),
    lambda v, n: sum(t.size > n for t in v.thing),
)
form(
    lambda s, n: ids(s.scalars(select(aliased(Thing, select(Thing).where(Thing.size > n).subquery())))),
    lambda v, n: ids(t for t in v.thing if t.size > n),
)


def _cte(n: int) -> Any:
    big = select(Thing.id, Thing.size).where(Thing.size > n).cte("big")
    return select(Part.id).join(big, big.c.id == Part.parent_id)


def _recursive(n: int) -> Any:
    top = select(Account.id).where(Account.parent_id.is_(None)).cte("family", recursive=True)
    return select(top.union(select(Account.id).join(top, Account.parent_id == top.c.id)).c.id)


def _family(v: Any) -> set[int]:
    known = {a.id for a in v.account if a.parent_id is None}
    return known | {a.id for a in v.account if a.parent_id in known}


form(
    lambda s, n: many(s, _cte(n)),
    lambda v, n: pairs((p.id,) for p in v.part for t in v.thing if t.id == p.parent_id and t.size > n),
)
form(lambda s, n: many(s, _recursive(n)), lambda v, n: pairs((i,) for i in _family(v)))
form(
    lambda s, n: many(s, union(select(Thing.name), select(Secret.name))),
    lambda v, n: pairs({(x.name,) for x in (*v.thing, *v.secret)}),
)
form(
    lambda s, n: many(s, union_all(select(Thing.id).where(Thing.size > n), select(Note.id))),
    lambda v, n: pairs([(t.id,) for t in v.thing if t.size > n] + [(x.id,) for x in v.note]),
)
form(
    lambda s, n: many(s, except_(select(Thing.id), select(Link.thing_id))),
    lambda v, n: pairs((i,) for i in {*ids(v.thing)} - {x.thing_id for x in v.link}),
)
form(
    lambda s, n: many(s, intersect(select(Thing.id), select(Record.id))),
    lambda v, n: pairs((i,) for i in {*ids(v.thing)} & {*ids(v.record)}),
)
form(
    lambda s, n: s.scalar(select(func.count()).select_from(union(select(Thing.id), select(Paper.id)).subquery())),
    lambda v, n: len({*ids(v.thing), *ids(v.paper)}),
)

# further ways to name what is read
form(
    lambda s, n: s.scalar(select(func.count()).join_from(Account, Thing, Thing.account_id == Account.id)),
    lambda v, n: sum(t.account_id in ids(v.account) for t in v.thing),
)
form(
    lambda s, n: s.scalar(select(func.count()).outerjoin_from(Account, Thing, Thing.account_id == Account.id)),
    lambda v, n: sum(max(1, sum(t.account_id == a.id for t in v.thing)) for a in v.account),
)
form(
    lambda s, n: s.scalar(select(Thing).with_only_columns(func.count(), maintain_column_froms=True)),
    lambda v, n: len(v.thing),
)
form(lambda s, n: len(many(s, select(literal(1)).where(Thing.size > n))), lambda v, n: sum(t.size > n for t in v.thing))
form(
    lambda s, n: s.scalar(select(func.count()).select_from(Note).where(Note.contact_id == Contact.id)),
    lambda v, n: sum(x.contact_id in ids(v.contact) for x in v.note),
)
form(
    lambda s, n: many(s, select(Paper.id, Thing.id).outerjoin(Paper.things)),
    lambda v, n: pairs(
        (p.id, i)
        for p in v.paper
        for i in [k.thing_id for k in v.all_links if k.paper_id == p.id and k.thing_id in ids(v.thing)] or [None]
    ),
)

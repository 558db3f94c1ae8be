"""More forms of statement: what is loaded with a row, older ways to ask, and writing in bulk."""

from collections import Counter

from sqlalchemy import delete, exists, func, lambda_stmt, select, update
from sqlalchemy.orm import contains_eager, defer, joinedload, lazyload, load_only, selectinload, subqueryload, undefer

from core.conversations.models import Message
from core.db.record import Record
from core.db.session import WalledSession
from core.files.models import File
from tests.db.conftest import ids
from tests.db.forms import Form, adder, many, pairs
from tests.db.things import Note, Paper, Part, Piece, Secret, Thing

LOADS: list[Form] = []
form = adder(LOADS)


def has_secrets(session: WalledSession) -> bool:
    """Whether there is a name to copy: a note has to have one."""
    return bool(session.scalar(select(func.count(Secret.id))))


# what is loaded with it
for _load in (joinedload, selectinload, subqueryload, lazyload):
    LOADS.append(
        Form(
            f"{_load.__name__} of parts",
            lambda s, n, load=_load: pairs(
                (t.id, ids(t.parts))
                for t in s.scalars(select(Thing).options(load(Thing.parts)).where(Thing.size == n)).unique()
            ),  # type: ignore[misc]
            lambda v, n: pairs((t.id, ids(p for p in v.part if p.parent_id == t.id)) for t in v.thing if t.size == n),
        )
    )
    LOADS.append(
        Form(
            f"{_load.__name__} of other",
            lambda s, n, load=_load: pairs(
                (t.id, t.other and t.other.id)
                for t in s.scalars(select(Thing).options(load(Thing.other)).where(Thing.size == n)).unique()
            ),  # type: ignore[misc]
            lambda v, n: pairs(
                (t.id, t.other_id if t.other_id in ids(v.thing) else None) for t in v.thing if t.size == n
            ),
        )
    )
    LOADS.append(
        Form(
            f"{_load.__name__} of many to many",
            lambda s, n, load=_load: pairs(
                (p.id, ids(p.things)) for p in s.scalars(select(Paper).options(load(Paper.things))).unique()
            ),  # type: ignore[misc]
            lambda v, n: pairs(
                (p.id, ids(t for t in v.thing for k in v.all_links if (k.paper_id, k.thing_id) == (p.id, t.id)))
                for p in v.paper
            ),
        )
    )
form(
    lambda s, n: pairs(
        (t.id, len(t.parts))
        for t in s.scalars(select(Thing).join(Thing.parts).options(contains_eager(Thing.parts))).unique()
    ),
    lambda v, n: pairs(Counter(p.parent_id for p in v.part).items()),
)
form(
    lambda s, n: pairs(
        (t.id, ids(t.parts)) for t in s.scalars(select(Thing).options(selectinload(Thing.parts.and_(Part.id > n * 20))))
    ),
    lambda v, n: pairs((t.id, ids(p for p in v.part if p.parent_id == t.id and p.id > n * 20)) for t in v.thing),
)
form(
    lambda s, n: pairs(
        (t.id, t.name, t.size)
        for t in s.scalars(
            select(Thing).options(load_only(Thing.id, raiseload=False), defer(Thing.name)).where(Thing.size == n)
        )
    ),
    lambda v, n: pairs((t.id, t.name, t.size) for t in v.thing if t.size == n),
)
form(
    lambda s, n: pairs(
        (t.id, t.parts_count)
        for t in s.scalars(select(Thing).options(undefer(Thing.parts_count)).where(Thing.size == n))
    ),  # type: ignore[attr-defined]
    lambda v, n: pairs((t.id, sum(p.parent_id == t.id for p in v.part)) for t in v.thing if t.size == n),
)
form(
    lambda s, n: pairs((t.id, t.parts_count) for t in s.scalars(select(Thing).where(Thing.size == n))),  # type: ignore[attr-defined]
    lambda v, n: pairs((t.id, sum(p.parent_id == t.id for p in v.part)) for t in v.thing if t.size == n),
)
form(
    lambda s, n: pairs((t.id, t.record.number) for t in s.scalars(select(Thing).where(Thing.size == n))),
    lambda v, n: pairs((t.id, t.name) for t in v.thing if t.size == n),
)
# what hangs on a record of any module
form(
    lambda s, n: many(s, select(Message.parent_id, func.count()).group_by(Message.parent_id)),
    lambda v, n: pairs(Counter(m.parent_id for m in v.message).items()),
)
form(
    lambda s, n: many(s, select(Thing.id, Message.id).join(Message, Message.parent_id == Thing.id)),
    lambda v, n: pairs((t.id, m.id) for t in v.thing for m in v.message if m.parent_id == t.id),
)
form(
    lambda s, n: ids(s.scalars(select(Record).where(exists().where(File.parent_id == Record.id)))),
    lambda v, n: ids(r for r in v.record if r.id in {f.parent_id for f in v.file}),
)

# other ways to ask
form(lambda s, n: s.query(Thing).filter(Thing.size > n).count(), lambda v, n: sum(t.size > n for t in v.thing))
form(
    lambda s, n: ids(s.query(Thing).join(Thing.parts).filter(Part.id > n).distinct()),
    lambda v, n: ids(t for t in v.thing if any(p.parent_id == t.id and p.id > n for p in v.part)),
)
form(
    lambda s, n: ids(s.scalars(lambda_stmt(lambda: select(Thing).where(Thing.size > n)))),
    lambda v, n: ids(t for t in v.thing if t.size > n),
)
form(
    lambda s, n: ids(s.scalars(lambda_stmt(lambda: select(Thing)) + (lambda q: q.where(Thing.size == n)))),  # type: ignore[operator]
    lambda v, n: ids(t for t in v.thing if t.size == n),
)
form(lambda s, n: ids(s.scalars(select(Thing).execution_options(yield_per=3))), lambda v, n: ids(v.thing))
form(
    lambda s, n: ids(s.scalars(select(Thing).with_for_update())),
    lambda v, n: ids(v.thing),
    writes=True,
)

# writing in bulk, undone each time; a visitor and the installation write nothing of these
form(
    lambda s, n: pairs(s.execute(update(Thing).where(Thing.size > n).values(size=99).returning(Thing.id))),
    lambda v, n: pairs((t.id,) for t in v.thing if t.size > n),
    writes=True,
)
form(lambda s, n: s.execute(update(Part).values(name="x")).rowcount, lambda v, n: len(v.part), writes=True)  # type: ignore[attr-defined]
form(
    lambda s, n: s.execute(update(Thing).where(Thing.id.in_(select(Secret.thing_id))).values(size=99)).rowcount,  # type: ignore[attr-defined]
    lambda v, n: sum(t.id in {x.thing_id for x in v.secret} for t in v.thing),
    writes=True,
)
form(
    lambda s, n: (
        pairs(
            s.execute(
                update(Note).values(name=select(func.max(Secret.name)).scalar_subquery()).returning(Note.id, Note.name)
            )
        )
        if has_secrets(s)
        else []
    ),
    lambda v, n: pairs((x.id, max(y.name for y in v.secret)) for x in v.note) if v.secret and v.note else [],
    writes=True,
)
form(
    lambda s, n: pairs(s.execute(delete(Piece).where(Piece.id > n).returning(Piece.id))),
    lambda v, n: pairs((x.id,) for x in v.piece if x.id > n),
    writes=True,
)
form(lambda s, n: s.execute(delete(Note)).rowcount, lambda v, n: len(v.note), writes=True)  # type: ignore[attr-defined]

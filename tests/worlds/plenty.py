"""Records of the other modules in every ownership, drafts and internal parts among them, articles for some, and links
between records: added to a seeded world."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.crm.segments import Segment, SegmentAccount
from core.db.session import WalledSession
from core.files.storage import attach
from core.modules.switches import set_switch
from core.records.links import link
from plugins.assets.models import Asset, Work
from plugins.contracts.models import Contract, Covered, Service, Use
from plugins.knowledge_base.models import Article, Category, Revision
from plugins.orders.models import Line as OrderLine
from plugins.orders.models import Order
from plugins.projects.models import Milestone, Project, Task
from plugins.quotes.models import Line as QuoteLine
from plugins.quotes.models import Quote
from tests.worlds.seed import LONG_AGO, PDF, owners
from tests.worlds.talk import say
from tests.worlds.tenancy import Tenancy
from tests.worlds.world import World

#: segment -> the accounts in it
SEGMENTS = {"north and south": ("north", "gamma"), "large": ("alpha", "beta"), "none": ()}
#: for whom articles are: everybody, the accounts of these segments, or staff alone
AUDIENCES: tuple[tuple[str, ...], ...] = (("all",), ("north and south",), ("large", "none"), ("none",), ())
_PRICED = {"currency": "EUR", "net": 100, "total": 100}


@dataclass(frozen=True)
class Kind:
    """One sort of record: its class, what its rows hold beside number, state and owner, where its name stands, the
    column that is its state with the states that clients see, and what makes its parts."""

    model: Any
    more: Mapping[str, Any]
    called: str
    state: str
    states: tuple[str, ...]
    parts: Callable[[int], Iterator[Any]]


def marked(kind: str, record_id: int) -> str:
    """What a part says: a word that is found nowhere else."""
    return f"part-{kind}-of-{record_id}"


def _lines(model: Any) -> Callable[[int], Iterator[Any]]:
    def made(id_: int) -> Iterator[Any]:
        yield model(parent_id=id_, description=marked("line", id_), **_PRICED)

    return made


def _of_contract(id_: int) -> Iterator[Any]:
    yield Service(parent_id=id_, position=1, counted=True, quantity=9, description=marked("service", id_), **_PRICED)
    yield Use(parent_id=id_, line=1, used_on=LONG_AGO, units=1, what_for=marked("use", id_))
    yield Covered(parent_id=id_, name=marked("site", id_))


def _of_project(id_: int) -> Iterator[Any]:
    days = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=9)}
    for published in (True, False):
        kind = "task" if published else "internal"
        yield Task(parent_id=id_, title=marked(kind, id_), published=published, **days)
        yield Milestone(parent_id=id_, title=marked(f"{kind}stone", id_), due_on=LONG_AGO, published=published)


def _of_asset(id_: int) -> Iterator[Any]:
    for published in (True, False):
        yield Work(parent_id=id_, done_on=LONG_AGO, text=marked(f"work{published:d}", id_), published=published)


KINDS = {
    "quotes": Kind(
        Quote, {"issued_on": LONG_AGO, **_PRICED}, "subject", "status",
        ("sent", "accepted", "declined", "withdrawn"), _lines(QuoteLine),
    ),
    "orders": Kind(
        Order, {"ordered_on": LONG_AGO, **_PRICED}, "reference", "status",
        ("confirmed", "in_delivery", "delivered", "cancelled"), _lines(OrderLine),
    ),
    "contracts": Kind(
        Contract, {"starts_on": LONG_AGO, **_PRICED}, "title", "status",
        ("offered", "active", "suspended", "ended"), _of_contract,
    ),
    "projects": Kind(
        Project, {"starts_on": LONG_AGO, "ends_on": LONG_AGO}, "title", "status",
        ("planned", "active", "on_hold", "done"), _of_project,
    ),
    "assets": Kind(Asset, {}, "name", "state", ("in_service", "out_of_order", "in_repair", "retired"), _of_asset),
}  # fmt: skip


def plenty(world: World) -> World:
    """The world, with all modules on in both tenants."""
    for made in world.tenancies.values():
        with world.writing(made.slug) as session:
            for module, kind in KINDS.items():
                made.records[module] = {}
                for n, (name, owner) in enumerate(owners(made)):
                    add_record(session, world, made, module, name, kind.states[n % 4], True, owner)
                    if n % 3 == 0:
                        state = kind.states[0] if n % 2 or module == "assets" else "draft"
                        add_record(session, world, made, module, f"{name}_hidden", state, False, owner)
            _segments(session, made)
            _articles(session, made)
            _links(session, made)
            for module in (*KINDS, "knowledge_base"):
                set_switch(session, world.registry, module, "tenant", made.id, True)
    return world


def add_record(
    session: WalledSession,
    world: World,
    made: Tenancy,
    module: str,
    name: str,
    state: str,
    published: bool,
    owner: Mapping[str, int | None],
) -> int:
    """A record with its parts, something said on it, and a file that is published or not."""  # fmt: skip
    kind, n = KINDS[module], len(made.records.setdefault(module, {}))
    texts = {"number": f"{module[0].upper()}-{made.slug}-{name}", kind.called: f"{made.slug} {name}"}
    row = kind.model(**texts, **{kind.state: state}, **kind.more, **owner)
    row.published = published and state != "draft"
    session.add(row)
    session.flush()
    session.add_all(kind.parts(row.id))
    say(session, row.id, published=n % 2 == 0)
    if n % 3 == 0:
        file = attach(session, world.store, row.id, f"{name}.pdf", PDF + name.encode(), "application/pdf")
        file.published = n % 2 == 0
        made.files[file.id] = row.id
    made.records[module][name] = row.id
    return int(row.id)


def _segments(session: WalledSession, made: Tenancy) -> None:
    for name, accounts in SEGMENTS.items():
        segment = Segment(name=name)
        session.add(segment)
        session.flush()
        session.add_all(SegmentAccount(segment_id=segment.id, account_id=made.accounts[each]) for each in accounts)
        made.segments[name] = segment.id


def audience(made: Tenancy, names: tuple[str, ...]) -> str:
    """An audience as articles hold it."""
    return "all" if names == ("all",) else " ".join(str(made.segments[name]) for name in names)


def _articles(session: WalledSession, made: Tenancy) -> None:
    made.records["knowledge_base"] = found = {}
    for n, names in enumerate(AUDIENCES):
        meant = audience(made, names)
        category = Category(title=f"{made.slug} alpha category {n}", audience=meant)
        session.add(category)
        session.flush()
        for state in ("draft", "published", "archived"):
            title = f"{made.slug} alpha {state} {n}"
            texts = {"title": title, "body": f"north {n}", "next_title": f"next {title}", "next_body": f"next {n}"}
            article = Article(
                **texts, state=state, published=state == "published", audience=meant, category_id=category.id,
                published_at=None, language="en",
            )  # fmt: skip
            session.add(article)
            session.flush()
            session.add(Revision(parent_id=article.id, number=1, title=title, body=marked("revision", article.id)))
            found[f"{state}_{n}"] = article.id


def _links(session: WalledSession, made: Tenancy) -> None:
    """Links along a chain over all modules, so that each record's neighbour is of another module and owner; and to
    articles."""
    articles = list(made.records["knowledge_base"].values())
    modules = [made.records[name] for name in KINDS] + [made.invoices, made.cases]
    names = [name for name, _ in owners(made)]
    for n, name in enumerate(names):
        here, there = modules[n % len(modules)], modules[(n + 3) % len(modules)]
        link(session, here[name], there[name], "led_to")
        link(session, here[name], there[names[(n + 1) % len(names)]], "about")
        link(session, here[name], articles[n % len(articles)], "about")

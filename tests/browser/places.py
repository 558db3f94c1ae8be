"""Where the examples are: rows of the demonstration by name, in the place of ids in an address."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from core.conversations.models import CannedReply, Message
from core.crm.models import Account, Site, Staff
from core.crm.segments import Segment
from core.files.models import File
from core.outbox.enqueue import enqueue
from core.outbox.models import Mail
from plugins.assets.models import Asset
from plugins.cases.models import CLOSED, Case
from plugins.contracts.models import Contract, Service
from plugins.invoices.models import Invoice, Payment
from plugins.knowledge_base.models import Article, Category
from plugins.orders.models import Order
from plugins.projects.models import Milestone, Project, Task
from plugins.quotes.models import Quote
from tests.browser.house import House


def place(house: House, path: str) -> str:
    """The path with ids in the place of names: `{invoice:overdue}`, `{account:marta}`, `{contact:pilar}`."""
    for name, find in _FINDERS.items():
        while (start := path.find(f"{{{name}:")) >= 0:
            end = path.index("}", start)
            path = f"{path[:start]}{find(house, path[start + len(name) + 2 : end])}{path[end + 1 :]}"
    return path


def _invoice(house: House, which: str) -> int:
    """An invoice of Marta's: by status, by kind, or one with or without a file."""
    mine = select(Invoice.id).where(Invoice.account_id == house.account("marta")).order_by(Invoice.id)
    with_file = select(File.parent_id)
    wanted = {
        "pending": mine.where(Invoice.status == "pending", Invoice.id.in_(with_file)),
        "paid": mine.where(Invoice.status == "paid", Invoice.kind == "standard", Invoice.id.in_(with_file)),
        "bare": select(Invoice.id).where(
            Invoice.account_id == house.account("ruben"), Invoice.published, Invoice.id.not_in(with_file)
        ),
        "deposit": mine.where(Invoice.kind == "deposit"),
        "draft": select(Invoice.id).where(Invoice.status == "draft"),
        "cancelled": select(Invoice.id).where(Invoice.status == "cancelled"),
        "credit": select(Invoice.id).where(Invoice.kind == "credit_note", Invoice.corrects_id.is_not(None)),
    }
    return house.one(wanted[which])  # type: ignore[no-any-return]


def _file(house: House, which: str) -> int:
    return house.one(select(File.id).where(File.parent_id == _invoice(house, which)))  # type: ignore[no-any-return]


def _mail(house: House, state: str) -> int:
    """A mail with a link to a contact who has no password, in that state; made when first asked for."""
    with house.writing() as session:
        found = session.scalar(select(Mail.id).where(Mail.state == state, Mail.data["example"].as_boolean()))
        if found is None:
            mail = enqueue(session, "core.activation", contact_id=house.contact("nerea"), data={"example": True})
            mail.state, mail.subject, mail.body = state, "Nerea, su acceso al portal", "Hola, Nerea:\n\n••••••"
            mail.error = "550 5.1.1 mailbox unavailable" if state == "failed" else ""
            found = mail.id
    return found


def _case(house: House, who: str) -> int:
    """The first case of somebody's account."""
    theirs = select(Case.id).where(Case.account_id == house.account(who), Case.published).order_by(Case.id)
    return house.one(theirs)  # type: ignore[no-any-return]


def _open(house: House, who: str) -> int:
    """A case of somebody's account that is not closed."""
    theirs = select(Case.id).where(Case.account_id == house.account(who), Case.published, Case.state != CLOSED)
    return house.one(theirs.order_by(Case.id))  # type: ignore[no-any-return]


def _talk(house: House, who: str) -> int:
    """A case that somebody opened, on which staff have written."""
    mine = select(Case.id).where(Case.contact_id == house.contact(who)).order_by(Case.id)
    return house.one(mine.where(Case.id.in_(select(Message.parent_id).where(Message.staff_id.is_not(None)))))  # type: ignore[no-any-return]


def _contract(house: House, which: str) -> int:
    """A contract by its status, or the one of Marta's that ends soon."""
    ending = select(Contract.id).where(Contract.contact_id == house.contact("marta"))
    found = ending if which == "ending" else select(Contract.id).where(Contract.status == which)
    return house.one(found.order_by(Contract.id))  # type: ignore[no-any-return]


def _asset(house: House, number: str) -> int:
    return house.one(select(Asset.id).where(Asset.number == number))  # type: ignore[no-any-return]


def _project(house: House, who: str) -> int:
    """The project of somebody's account that was begun last."""
    theirs = select(Project.id).where(Project.account_id == house.account(who)).order_by(Project.starts_on.desc())
    return house.one(theirs)  # type: ignore[no-any-return]


def _order(house: House, number: str) -> int:
    return house.one(select(Order.id).where(Order.number == number))  # type: ignore[no-any-return]


def _quote(house: House, which: str) -> int:
    """A quote of Marta's: open, or accepted; or the draft of another client's."""
    if which == "draft":
        return house.one(select(Quote.id).where(Quote.status == which))  # type: ignore[no-any-return]
    status = "sent" if which == "open" else which
    mine = Quote.account_id == house.account("marta")
    return house.one(select(Quote.id).where(mine, Quote.status == status))  # type: ignore[no-any-return]


def _article(house: House, key: str) -> int:
    """An article in Spanish by its key."""
    return house.one(select(Article.id).where(Article.key == key, Article.language == "es"))  # type: ignore[no-any-return]


def _quote(house: House, which: str) -> int:
    """A quote of Marta's: open, or accepted; or the draft of another client's."""
    if which == "draft":
        return house.one(select(Quote.id).where(Quote.status == which))  # type: ignore[no-any-return]
    status = "sent" if which == "open" else which
    mine = Quote.account_id == house.account("marta")
    return house.one(select(Quote.id).where(mine, Quote.status == status))  # type: ignore[no-any-return]


_FINDERS: dict[str, Callable[[House, str], Any]] = {
    "invoice": _invoice,
    "asset": _asset,
    "case": _case,
    "contract": _contract,
    "service": lambda house, which: house.one(
        select(Service.id).where(Service.parent_id == _contract(house, which)).order_by(Service.position)
    ),
    "open": _open,
    "order": _order,
    "project": _project,
    "task": lambda house, who: house.one(
        select(Task.id).where(Task.parent_id == _project(house, who), Task.published.is_(False)).order_by(Task.id)
    ),
    "milestone": lambda house, who: house.one(
        select(Milestone.id).where(Milestone.parent_id == _project(house, who)).order_by(Milestone.id)
    ),
    "quote": _quote,
    "file": _file,
    "talk": _talk,
    "article": _article,
    "category": lambda house, title: house.one(select(Category.id).where(Category.title == title)),
    "segment": lambda house, which: house.one(select(Segment.id).order_by(Segment.id)),
    "reply": lambda house, which: house.one(select(CannedReply.id).order_by(CannedReply.title)),
    "payment": lambda house, which: house.one(select(Payment.id).order_by(Payment.id)),
    "account": lambda house, who: house.account(who),
    "parent": lambda house, who: house.one(select(Account.parent_id).where(Account.id == house.account(who))),
    "site": lambda house, who: house.one(select(Site.id).where(Site.account_id == house.account(who))),
    "contact": lambda house, who: house.contact(who),
    "staff": lambda house, who: house.one(select(Staff.id).where(Staff.email == who)),
    "mail": _mail,
    "link": lambda house, who: house.activation(who).rpartition("/")[2],
}

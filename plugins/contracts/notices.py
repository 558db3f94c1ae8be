"""The notice before a contract ends: when it is due, to whom it goes, and what it says to them."""

from collections.abc import Mapping
from datetime import timedelta

from flask import g, url_for
from sqlalchemy import or_, select, update

from core.api import (
    Mail,
    MailKind,
    Periodic,
    WalledSession,
    Withheld,
    choice_of,
    enqueue,
    format_date,
    lazy_gettext,
    sees,
    today,
    who_sees,
)
from plugins.contracts import domain
from plugins.contracts.models import Contract
from plugins.contracts.resources import CONTRACT

_END = "ends_on"


def tell_of_endings(session: WalledSession) -> None:
    """Queue a mail to each contact who sees a contract that ends soon, once for each contract and each end of it. One
    that nobody sees yet is looked at again the next time. The session is the system's."""
    told = or_(Contract.told_of_end.is_(None), Contract.told_of_end != Contract.ends_on)
    due = select(Contract.id, Contract.ends_on).where(domain.ends_soon(Contract, today()), told)
    for contract_id, ends_on in session.execute(due.where(Contract.published.is_(True)).order_by(Contract.id)).all():
        people = who_sees(session, contract_id)
        for contact_id in people:
            data = {_END: str(ends_on)}
            enqueue(session, ENDING.name, contact_id=contact_id, record_id=contract_id, data=data)
        if people:
            # Past the row: that somebody was told is no change of the contract.
            session.execute(update(Contract).where(Contract.id == contract_id).values(told_of_end=ends_on))


def _fill(session: WalledSession, mail: Mail) -> Mapping[str, str]:
    """What the mail says, in the recipient's own session."""
    contract = session.scalar(select(Contract).where(Contract.id == mail.record_id))
    if contract is None or not sees(session, CONTRACT, _END, "status"):
        raise Withheld(lazy_gettext("The recipient does not see when the contract ends."))
    state = domain.state_of(contract.status, contract.renewal, contract.notice_on, contract.ends_on, today())
    if state not in (domain.ENDING, domain.RENEWING) or str(contract.ends_on) != mail.data.get(_END):
        raise Withheld(lazy_gettext("The contract does not end then any more."))
    title = contract.title if sees(session, CONTRACT, "title") else ""
    number = contract.number if sees(session, CONTRACT, "number") else ""
    renewal = choice_of(session, CONTRACT, "renewal", contract.renewal) if sees(session, CONTRACT, "renewal") else None
    return {
        "name": g.person.first_name or g.person.name,
        "tenant": g.tenant.name,
        "number": number,
        "title": title or number,
        "end": format_date(contract.ends_on),
        "renewal": "" if renewal is None else str(renewal.label),
        "link": url_for("portal.detail", module="contracts", record_id=contract.id, _external=True),
    }


ENDING = MailKind(
    "contracts.ending",
    lazy_gettext("To clients: a contract ends soon"),
    lazy_gettext("Your contract {title} until {end}"),
    lazy_gettext(
        "Hello, {name}:\n\nYour contract {number} ({title}) runs until {end}.\nAt its end: {renewal}.\n\n"
        "Read it here, and write to us about it:\n{link}\n\nKind regards,\n{tenant}"
    ),
    {
        "name": lazy_gettext("The recipient's first name, or their whole name where there is none."),
        "tenant": lazy_gettext("Your company's name."),
        "number": lazy_gettext("The number of the contract."),
        "title": lazy_gettext("What the contract is called; its number where it has no title."),
        "end": lazy_gettext("The last day of the contract."),
        "renewal": lazy_gettext("What happens at its end."),
        "link": lazy_gettext("The address of the contract's page."),
    },
    _fill,
)
ENDINGS = Periodic("contracts.endings", timedelta(days=1), tell_of_endings)

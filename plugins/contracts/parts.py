"""What staff write into a contract: its services, what was used of them, and the sites that it covers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from core.api import Misfit, WalledSession, format_date, gettext, site_named, site_names, write_line, write_values
from plugins.contracts.domain import check_days, takes_parts
from plugins.contracts.models import AUTOMATIC, Contract, Covered, Service, Use


def unused(service: Any) -> ColumnElement[bool]:
    """Whether nothing was used of a service, so that it can be taken out."""
    uses = select(Use.id).where(Use.parent_id == service.parent_id, Use.line == service.position)
    return ~uses.correlate(service).exists()


def write_service(session: WalledSession, service: Service, values: Mapping[str, Any]) -> None:
    """Write a service, what it costs, and what the contract comes to with it. Raises Misfit for a line that is
    taken or that uses name, and for days that do not fit."""
    if (position := values.get("position", service.position)) != service.position:
        _check_place(session, service, position)
    write_line(session, service, values)
    check_days(service)


def _check_place(session: WalledSession, service: Service, position: int | None) -> None:
    """Raise Misfit where a service cannot have another place among those of its contract."""
    there = select(Service.id).where(Service.parent_id == service.parent_id, Service.position == position)
    if session.scalar(there) is not None:
        raise Misfit("position", gettext("Another service of this contract has that line."))
    used = select(Use.id).where(Use.parent_id == service.parent_id, Use.line == service.position).limit(1)
    if service.id is not None and session.scalar(used) is not None:
        raise Misfit("position", gettext("The line stays, since what was used of it names it."))


def takes_uses(contract: Any) -> ColumnElement[bool]:
    """Whether it can be written what was used: the contract is not over, and something of what it covers is counted."""
    counting = select(Service.id).where(Service.parent_id == contract.id, Service.counted)
    return and_(takes_parts(contract), counting.correlate(contract).exists())


def counted(session: WalledSession, contract_id: int) -> list[tuple[int, str]]:
    """The lines of a contract whose units are counted, and what each is called."""
    asked = select(Service.position, Service.description).where(Service.parent_id == contract_id, Service.counted)
    return [
        (line, f"{line}. {text}" if text else str(line)) for line, text in session.execute(asked.order_by("position"))
    ]


def write_use(session: WalledSession, use: Use, values: Mapping[str, Any]) -> None:
    """Write what was used. Raises Misfit where the contract has no such line, does not count it, or did not run on that
    day; what stands there already (a CRM's) keeps its day."""
    before = use.used_on, use.line
    write_values(session, use, values)
    line = select(Service).where(Service.parent_id == use.parent_id, Service.position == use.line)
    service = session.scalar(line)
    if service is None or not service.counted:
        raise Misfit("line", gettext("The contract has no line of that number whose units are counted."))
    if (use.used_on, use.line) != before:
        _check_term(session.get_one(Contract, use.parent_id), service, use.used_on)


def _check_term(contract: Contract, service: Service, day: date) -> None:
    """Raise Misfit for a day before the term of a contract's service, or after it; a contract that goes on by itself
    has no last day."""
    first = service.starts_on or contract.starts_on
    last = None if contract.renewal == AUTOMATIC else service.ends_on or contract.ends_on
    if first is not None and day < first:
        raise Misfit("used_on", gettext("The contract covers this from %(day)s on.", day=format_date(first)))
    if last is not None and day > last:
        said = gettext(
            "The contract covers this until %(day)s. Renew it first, or write an earlier day.", day=format_date(last)
        )
        raise Misfit("used_on", said)


def sites(session: WalledSession, contract_id: int) -> list[tuple[str, str]] | None:
    """The client's sites, by name, of which a contract may cover any; None where they are too many to choose from."""
    names = site_names(session, _account_of(session, contract_id))
    return None if names is None else [(name, name) for name in names]


def write_covered(session: WalledSession, covered: Covered, values: Mapping[str, Any]) -> None:
    """Write a site that the contract covers. Raises Misfit where the client has none of that name; one that is called
    otherwise since keeps the name that was agreed on."""
    before = covered.name
    write_values(session, covered, values)
    if covered.name != before and not _is_site(session, _account_of(session, covered.parent_id), covered.name):
        raise Misfit("name", gettext("The client has no site of that name."))


def _is_site(session: WalledSession, account_id: int | None, name: str) -> bool:
    names = site_names(session, account_id)
    return name in (names or ()) or site_named(session, account_id, name) is not None


def _account_of(session: WalledSession, contract_id: int) -> int | None:
    return session.scalar(select(Contract.account_id).where(Contract.id == contract_id))

"""What staff write into a contract: its services, what was used of them, and the sites that it covers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from core.api import Misfit, WalledSession, add_up, gettext, reckon, site_named
from plugins.contracts.domain import check_days, set_values
from plugins.contracts.models import Contract, Covered, Service, Use


def unused(service: Any) -> ColumnElement[bool]:
    """Whether nothing was used of a service, so that it can be taken out."""
    uses = select(Use.id).where(Use.parent_id == service.parent_id, Use.line == service.position)
    return ~uses.correlate(service).exists()


def write_service(session: WalledSession, service: Service, values: Mapping[str, Any]) -> None:
    """Write a service, what it costs, and what the contract comes to with it. Raises Misfit for a line that is
    taken or that uses name, and for days that do not fit."""
    contract, others = _contract(session, service), _others(session, service)
    before, taken = service.position, {other.position for other in others}
    position = values.get("position") or max(taken, default=0) + 1
    if position in taken:
        raise Misfit("position", gettext("Another service of this contract has that line."))
    if service.id is not None and position != before and _is_used(session, service):
        raise Misfit("position", gettext("The line stays, since what was used of it names it."))
    set_values(service, {**values, "position": position})
    check_days(service)
    reckon(service, contract.currency)
    add_up(contract, [*others, service])


def remove_service(session: WalledSession, service: Service, values: Mapping[str, Any]) -> None:
    """Take a service out of its contract."""
    add_up(_contract(session, service), _others(session, service))
    session.delete(service)


def _contract(session: WalledSession, service: Service) -> Contract:
    """The contract of a service, which nobody else writes until this transaction ends."""
    return session.scalars(select(Contract).where(Contract.id == service.parent_id).with_for_update()).one()


def _is_used(session: WalledSession, service: Service) -> bool:
    uses = select(Use.id).where(Use.parent_id == service.parent_id, Use.line == service.position).limit(1)
    return session.scalar(uses) is not None


def _others(session: WalledSession, service: Service) -> Sequence[Service]:
    """The other services of the same contract."""
    others = select(Service).where(Service.parent_id == service.parent_id, Service.id != (service.id or 0))
    return session.scalars(others).all()


def write_use(session: WalledSession, use: Use, values: Mapping[str, Any]) -> None:
    """Write what was used. Raises Misfit where the contract has no such line, or does not count it."""
    set_values(use, values)
    line = select(Service.counted).where(Service.parent_id == use.parent_id, Service.position == use.line)
    if not session.scalar(line):
        raise Misfit("line", gettext("The contract has no line of that number whose units are counted."))


def write_covered(session: WalledSession, covered: Covered, values: Mapping[str, Any]) -> None:
    """Write a site that the contract covers. Raises Misfit where the client has none of that name."""
    set_values(covered, values)
    account_id = session.scalar(select(Contract.account_id).where(Contract.id == covered.parent_id))
    if site_named(session, account_id, covered.name) is None:
        raise Misfit("name", gettext("The client has no site of that name."))


def remove(session: WalledSession, part: Use | Covered, values: Mapping[str, Any]) -> None:
    """Take it out."""
    session.delete(part)

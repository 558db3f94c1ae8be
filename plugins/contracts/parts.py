"""What staff write into a contract: its services, what was used of them, and the sites that it covers."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from core.api import Misfit, WalledSession, gettext, site_named
from plugins.contracts.domain import check_days, set_values
from plugins.contracts.models import Contract, Covered, Service, Use


def unused(service: Any) -> ColumnElement[bool]:
    """Whether nothing was used of a service, so that it can be taken out."""
    uses = select(Use.id).where(Use.parent_id == service.parent_id, Use.line == service.position)
    return ~uses.correlate(service).exists()


def write_service(session: WalledSession, service: Service, values: Mapping[str, Any]) -> None:
    """Write a service, what it costs, and what the contract comes to with it. Raises Misfit for a line that is
    taken, or days that do not fit."""
    contract = session.get_one(Contract, service.parent_id)
    set_values(service, values)
    check_days(service)
    others = select(Service.position).where(Service.parent_id == contract.id, Service.id != (service.id or 0))
    taken = set(session.scalars(others))
    if not service.position:
        service.position = max(taken, default=0) + 1
    if service.position in taken:
        raise Misfit("position", gettext("Another service of this contract has that line."))
    service.currency = contract.currency
    service.net, service.tax = amounts(service, contract.currency)
    service.total = service.net + service.tax
    _sum_up(session, contract, service)


def remove_service(session: WalledSession, service: Service, values: Mapping[str, Any]) -> None:
    """Take a service out of its contract."""
    contract = session.get_one(Contract, service.parent_id)
    session.delete(service)
    _sum_up(session, contract, None)


def amounts(service: Service, currency: str) -> tuple[int, int]:
    """What a service costs, and its tax, in minor units; half a unit is rounded up."""
    exact = service.quantity * service.unit_price * (100 - service.discount) / 100
    net = exact.scaleb(get_currency_precision(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    return int(net), int((net * service.tax_rate / 100).quantize(Decimal(1), ROUND_HALF_UP))


def _sum_up(session: WalledSession, contract: Contract, written: Service | None) -> None:
    """Let the contract come to what its services do. `written` is one of them, which is not in the database yet."""
    session.flush()
    names = ("net", "tax", "total")
    sums = [cast(func.coalesce(func.sum(getattr(Service, name)), 0), BigInteger) for name in names]
    others = Service.parent_id == contract.id, Service.id != (0 if written is None else written.id or 0)
    for name, amount in zip(names, session.execute(select(*sums).where(*others)).one(), strict=True):
        setattr(contract, name, amount + (0 if written is None else getattr(written, name)))


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

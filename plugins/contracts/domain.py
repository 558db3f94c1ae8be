"""How far a contract is, what is left of it, and what may happen to it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, String, and_, case, cast, func, literal, null, or_, select

from core.api import Misfit, WalledSession, format_date, gettext, next_number, note, today
from plugins.contracts.models import (
    ACTIVE,
    AUTOMATIC,
    DECLINED,
    DRAFT,
    ENDED,
    OFFERED,
    SUSPENDED,
    TERMINATED,
    Contract,
    Service,
    Use,
)

NUMBERS = "CT-{:05d}"
#: what pages call an active contract from its day of notice on (one that goes on by itself renews), and one whose
#: last day has passed
ENDING, RENEWING, EXPIRED = "ending", "renewing", "expired"
#: of what was bought, how much of it may be left to be called nearly used up
NEARLY = Decimal("0.15")
#: a day, or an expression for one
Day = date | ColumnElement[date]


def ends_soon(contract: Any, today: Day) -> ColumnElement[bool]:
    """Whether an active contract is between its day of notice and its last day."""
    return and_(contract.status == ACTIVE, contract.notice_on <= today, contract.ends_on >= today)


def state(contract: Any, today: Day) -> ColumnElement[str]:
    """The status as pages say it: the CRM's, but that an active contract ends or renews soon from its day of
    notice on, and has expired after its last day, unless it goes on by itself."""
    goes_on = contract.renewal == AUTOMATIC
    soon = case((goes_on, literal(RENEWING, String())), else_=literal(ENDING, String()))
    is_over = and_(contract.status == ACTIVE, contract.ends_on < today, ~goes_on)
    return case((ends_soon(contract, today), soon), (is_over, literal(EXPIRED, String())), else_=contract.status)


def state_of(status: str, renewal: str, notice_on: date | None, ends_on: date | None, today: date) -> str:
    """`state`, as a plain function."""
    if status != ACTIVE or ends_on is None or notice_on is None:
        return status
    if notice_on <= today <= ends_on:
        return RENEWING if renewal == AUTOMATIC else ENDING
    return EXPIRED if ends_on < today and renewal != AUTOMATIC else status


def used(service: Any) -> ColumnElement[Decimal | None]:
    """How much of a service was used; not known of one that is not counted."""
    return _counted(service, lambda total: total)


def left(service: Any) -> ColumnElement[Decimal | None]:
    """How much of a service is left: below nothing where more was used than was bought; not known of one that is
    not counted."""
    return _counted(service, lambda total: service.quantity - total)


def _counted(service: Any, value: Callable[[ColumnElement[Decimal]], ColumnElement[Decimal]]) -> ColumnElement[Any]:
    total = cast(func.coalesce(func.sum(Use.units), 0), Numeric(18, 6))
    of_line = Use.parent_id == service.parent_id, Use.line == service.position
    sums = select(value(total)).where(*of_line).correlate(service).scalar_subquery()
    return case((service.counted.is_(True), sums), else_=null())


def service_of(use: Any) -> ColumnElement[str]:
    """What a use was of."""
    line = Service.parent_id == use.parent_id, Service.position == use.line
    return select(Service.description).where(*line).correlate(use).scalar_subquery()


def is_offered(contract: Any) -> ColumnElement[bool]:
    """Whether the client is to answer."""
    return _is(contract, OFFERED)


def is_draft(contract: Any) -> ColumnElement[bool]:
    """Whether it is still being written."""
    return _is(contract, DRAFT)


def can_begin(contract: Any) -> ColumnElement[bool]:
    """Whether it does not run, and may."""
    return _is(contract, DRAFT, OFFERED, SUSPENDED)


def runs(contract: Any) -> ColumnElement[bool]:
    """Whether it runs, or has run out."""
    return _is(contract, ACTIVE)


def can_be_renewed(contract: Any) -> ColumnElement[bool]:
    """Whether it may go on until another day."""
    return _is(contract, ACTIVE, ENDED)


def can_be_terminated(contract: Any) -> ColumnElement[bool]:
    """Whether there is something to end before its time."""
    return _is(contract, ACTIVE, SUSPENDED, OFFERED)


def _is(contract: Any, *states: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = or_(*(contract.status == each for each in states))
    return found


def write(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """Begin a contract, as a draft."""
    contract.status = DRAFT
    change(session, contract, values)
    contract.number = next_number(session, Contract, NUMBERS)


def change(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """Write what was typed. Raises Misfit where the end is before the start."""
    set_values(contract, values)
    check_days(contract)


def offer(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """Let the client answer."""
    contract.status = OFFERED


def accept(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """The client has signed: it runs from now on."""
    contract.status = ACTIVE


def decline(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """The client does not want it."""
    contract.status = DECLINED


def activate(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """It runs from now on."""
    contract.status = ACTIVE


def suspend(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """It rests until somebody lets it run again."""
    contract.status = SUSPENDED


def renew(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """It goes on until a later day; which one it was before stays in its history. Raises Misfit for a day that is
    none."""
    before = contract.ends_on
    set_values(contract, values)
    if contract.ends_on is None or contract.ends_on <= max(before or today(), today()):
        raise Misfit("ends_on", gettext("Write a day that is later than today, and than the end until now."))
    contract.status = ACTIVE
    note(session, contract.id, "ends_on", format_date(before), format_date(contract.ends_on), published=True)


def terminate(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """It ends before its time."""
    set_values(contract, values)
    contract.status = TERMINATED


def set_values(row: Any, values: Mapping[str, Any]) -> None:
    """Write what was typed."""
    for name, value in values.items():
        setattr(row, name, value)


def check_days(row: Contract | Service) -> None:
    """Raise Misfit where it ends before it starts."""
    if row.starts_on is not None and row.ends_on is not None and row.ends_on < row.starts_on:
        raise Misfit("ends_on", gettext("The end is before the start."))

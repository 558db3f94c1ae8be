"""How far a contract is, what is left of it, and what may happen to it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, String, and_, case, cast, func, literal, null, select

from core.api import (
    Misfit,
    WalledSession,
    format_date,
    gettext,
    in_status,
    move_to,
    next_number,
    note,
    today,
    write_values,
)
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


is_offered, is_draft, can_begin = in_status(OFFERED), in_status(DRAFT), in_status(DRAFT, OFFERED, SUSPENDED)
runs, can_be_renewed = in_status(ACTIVE), in_status(ACTIVE, ENDED)
can_be_terminated = in_status(ACTIVE, SUSPENDED, OFFERED)
#: whether services, uses and sites are written into it: not once it ended, was terminated or declined
takes_parts = in_status(DRAFT, OFFERED, ACTIVE, SUSPENDED)
#: what the client answers, and what staff decide; a contract that is signed runs at once
accept, decline = move_to(ACTIVE), move_to(DECLINED)
offer, activate, suspend, terminate = (move_to(status) for status in (OFFERED, ACTIVE, SUSPENDED, TERMINATED))


def write(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """Begin a contract, as a draft."""
    contract.status = DRAFT
    change(session, contract, values)
    contract.number = next_number(session, Contract, NUMBERS)


def change(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """Write what was typed. Raises Misfit where the end is before the start."""
    write_values(session, contract, values)
    check_days(contract)


def renew(session: WalledSession, contract: Contract, values: Mapping[str, Any]) -> None:
    """It goes on until a later day; which one it was before stays in its history. Raises Misfit for a day that is
    none."""
    before = contract.ends_on
    write_values(session, contract, values)
    if contract.ends_on is None or contract.ends_on <= max(before or today(), today()):
        raise Misfit("ends_on", gettext("Write a day that is later than today, and than the end until now."))
    contract.status = ACTIVE
    note(session, contract.id, "ends_on", format_date(before), format_date(contract.ends_on), published=True)


def check_days(row: Contract | Service) -> None:
    """Raise Misfit where it ends before it starts."""
    if row.starts_on is not None and row.ends_on is not None and row.ends_on < row.starts_on:
        raise Misfit("ends_on", gettext("The end is before the start."))

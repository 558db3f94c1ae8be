"""The numbers of records that begin here and not in a CRM: one after the other, for each tenant."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.db.record import Record
from core.db.session import WalledSession, beside_as_system
from core.records.models import Counter


def next_number(session: WalledSession, model: type, pattern: str) -> str:
    """A number for a new record of this class that no other of the tenant has: `pattern` ("C-{:06d}") filled with
    the next whole number. It is the writer's alone: others who ask meanwhile wait until this transaction ends, and
    one that is undone gives its number back."""
    module, resource = model.portal_module, model.portal_resource  # type: ignore[attr-defined]
    session.flush()
    # Beside: what there is to count is more than the writer sees.
    with beside_as_system(session) as inner:
        while True:
            number = pattern.format(_count(inner, f"{module}.{resource}"))
            there = select(Record.id).where(Record.module == module, Record.resource == resource)
            if inner.scalar(there.where(Record.number == number).limit(1)) is None:
                return number  # an import may have brought it along


def _count(session: WalledSession, name: str) -> int:
    counting = update(Counter).where(Counter.name == name).values(value=Counter.value + 1).returning(Counter.value)
    value = session.scalar(counting, execution_options={"synchronize_session": False})
    if value is not None:
        return value
    try:
        with session.begin_nested():
            session.add(Counter(name=name, value=0))
    except IntegrityError:
        pass  # another has begun to count meanwhile
    return _count(session, name)

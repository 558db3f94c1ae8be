"""What may be wrong, or other than usual, while a page is opened: as contexts over a house."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.crm.models import Tenant
from core.db.model import now
from core.modules.flags import find_settings
from core.modules.registry import Quarantined
from core.modules.switches import set_switch
from core.outbox.models import Mail, MailText, MailTextBefore
from tests.browser.house import House

State = Callable[[House], AbstractContextManager[Any]]
_STOPPED = OperationalError("SELECT 1", {}, Exception("de una prueba"))


def usual(house: House) -> AbstractContextManager[Any]:
    """Nothing out of the ordinary."""
    return nullcontext()


@contextmanager
def switched_back(house: House) -> Iterator[None]:
    """The page may turn invoices off: afterwards they are on."""
    try:
        yield
    finally:
        _set(house, on=True)


@contextmanager
def off(house: House) -> Iterator[None]:
    """Invoices are off for everybody."""
    _set(house, on=False)
    with switched_back(house):
        yield


@contextmanager
def declared(house: House) -> Iterator[None]:
    """The page may change the fields of invoices: afterwards they are as declared."""
    try:
        yield
    finally:
        with house.writing() as session:
            if row := find_settings(session, "invoices", "invoice"):
                session.delete(row)


@contextmanager
def shipped(house: House) -> Iterator[None]:
    """The page may change what mails say, and how contacts first come in: afterwards all is as shipped."""
    try:
        yield
    finally:
        with house.writing() as session:
            for model in (MailText, MailTextBefore):
                for row in session.scalars(select(model)):
                    session.delete(row)
            session.scalars(select(Tenant)).one().first_entry = "link"


@contextmanager
def temporary(house: House) -> Iterator[None]:
    """Óscar has a temporary password."""
    _change(house, "oscar", password_until=now() + timedelta(days=7))
    try:
        yield
    finally:
        _change(house, "oscar", password_until=None)


@contextmanager
def no_access_yet(house: House) -> Iterator[None]:
    """The page may give Tomás access: afterwards he has none."""
    try:
        yield
    finally:
        _change(house, "tomas", portal_user=False, support_start=None, portal_end=None)
        with house.writing() as session:
            for row in session.scalars(select(Mail).where(Mail.contact_id == house.contact("tomas"))):
                session.delete(row)


def _change(house: House, who: str, **values: Any) -> None:
    with house.writing() as session:
        person = house.person(session, who)
        for name, value in values.items():
            setattr(person, name, value)


def _set(house: House, *, on: bool) -> None:
    with house.writing() as session:
        registry = house.app.extensions["postigo"].registry
        set_switch(session, registry, "invoices", "tenant", house.tenant.id, on)


def quarantined(house: House) -> AbstractContextManager[Any]:
    """Another module could not be loaded."""
    registry = house.app.extensions["postigo"].registry
    return patch.dict(registry.quarantined, {"equipos": Quarantined("equipos", "ImportError: equipos.models")})


def first_steps(house: House) -> AbstractContextManager[Any]:
    """A portal that is new, but for one client."""
    steps = [{"text": "Añadir un cliente", "url": "/staff/accounts/new", "done": True}]
    steps.append({"text": "Activar un módulo", "url": "/staff/modules/", "done": False})
    return patch("core.staff.home._steps", return_value=steps)


def ends_soon(house: House) -> AbstractContextManager[Any]:
    """The session ends in two minutes."""
    return patch("core.app.ends_at", return_value=now() + timedelta(minutes=2))


def broken_box(house: House) -> AbstractContextManager[Any]:
    """A widget fails."""
    return patch("core.web.boxes._html", side_effect=RuntimeError("de una prueba"))


def our_fault(house: House) -> AbstractContextManager[Any]:
    """A view fails."""
    return patch("core.portal.views.dashboard", side_effect=RuntimeError("de una prueba"))


def database_away(house: House) -> AbstractContextManager[Any]:
    """The database stops answering while a page is made."""
    return patch("core.portal.views.dashboard", side_effect=_STOPPED)


def no_sessions(house: House) -> AbstractContextManager[Any]:
    """The database stops answering when it is asked who signs in."""
    return patch("core.access.sessions.load", side_effect=_STOPPED)

"""Classes that would let something through, whatever statement they stand in."""

import importlib
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, String, func, select, true
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, configure_mappers, mapped_column

import core.access.models  # noqa: F401 - tables of the core's
from core.crm.models import Account
from core.db.classes import forget_classes, refuse_class
from core.db.engine import make_engine
from core.db.model import Id, Model
from core.db.session import Refused, open_session
from core.db.wall import Granted, OfInstallation, OfTenant
from core.modules.module import Module
from core.modules.registry import Registry, load_modules
from tests.db import things
from tests.db.conftest import World


class Base(DeclarativeBase):
    """A base of its own, so that these classes are nobody else's."""

    metadata = MetaData()
    portal_module = ""


class Tenants(Base):
    __tablename__ = "tenant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Fine(OfTenant, Base):
    __tablename__ = "bad_fine"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(10))
    loud: Mapped[str] = column_property(func.upper(name))


class Open(OfTenant, Base):
    __tablename__ = "bad_open"

    id: Mapped[int] = mapped_column(Id, primary_key=True)

    @staticmethod
    def seen_by_contact(entity: Any, shape: Any) -> Any:
        return true()


class Homeless(Base):
    __tablename__ = "bad_homeless"

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Installed(OfTenant, OfInstallation, Base):
    __tablename__ = "bad_installed"

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Peeping(OfTenant, Base):
    __tablename__ = "bad_peeping"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    peek: Mapped[str] = column_property(select(Account.__table__.c.name).limit(1).scalar_subquery())


class Lent(Granted, OfTenant, Base):
    __tablename__ = "bad_lent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)


class Borrowed(OfTenant, Base):
    __table__ = Account.__table__


BROKEN = """
from sqlalchemy.orm import Mapped, mapped_column, relationship
from core.db.model import Id, Model
from core.db.wall import OfTenant

class First(OfTenant, Model):
    __tablename__ = "halfway_first"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    second: Mapped["Second"] = relationship()

raise ZeroDivisionError
"""


def test_what_a_module_mapped_before_it_failed_stops_nobody(
    world: World, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "halfway.py").write_text(BROKEN)
    monkeypatch.syspath_prepend(tmp_path)
    with open_session(engine, world.staff.sight()) as session:
        session.scalars(select(Account)).all()
    registry = load_modules([EntryPoint("halfway", "halfway:module", "postigo.modules")])
    assert set(registry.quarantined) == {"halfway"}
    assert "halfway_first" not in Model.metadata.tables
    with open_session(engine, world.staff.sight()) as session:
        assert session.scalars(select(Account)).all()


def test_it_would_stop_everybody_were_it_not_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "halfway2.py").write_text(BROKEN.replace("halfway_first", "halfway2_first"))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ZeroDivisionError):
        importlib.import_module("halfway2")
    try:
        with pytest.raises(InvalidRequestError):
            configure_mappers()
    finally:
        forget_classes("halfway2")
    configure_mappers()


@pytest.mark.parametrize("name", ["external", "login", "tenant", "module"])
def test_no_module_is_called_as_the_cores_tables_begin(name: str) -> None:
    module = Module()
    module.name, module.title = name, name
    registry = Registry()
    registry.take(module)
    assert set(registry.quarantined) == {name}


@pytest.mark.parametrize("cls", [Open, Homeless, Installed, Peeping, Lent, Borrowed])
def test_a_class_that_would_let_something_through_is_refused(cls: type[Any]) -> None:
    with pytest.raises(Refused):
        refuse_class(cls)


def test_others_are_not() -> None:
    configure_mappers()
    refuse_class(Fine)
    for mapper in Model.registry.mappers:
        refuse_class(mapper.class_)


def test_no_statement_over_such_a_class_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever did not ask beforehand learns it with the first statement."""
    monkeypatch.setattr(things.Note, "seen_by_contact", staticmethod(lambda entity, shape: true()))
    refuse_class.cache_clear()
    engine = make_engine(world.database.url)
    try:
        with open_session(engine, world.client.sight()) as session, pytest.raises(Refused, match="rule of visibility"):
            session.scalars(select(things.Note)).all()
    finally:
        refuse_class.cache_clear()
        engine.dispose()

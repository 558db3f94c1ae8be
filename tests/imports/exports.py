"""Exports for tests: copies of the small one, changed where a test needs it, and what an import made."""

import csv
import shutil
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from core.crm.models import Tenant
from core.db.model import Model
from core.db.session import WalledSession, open_session
from core.db.viewer import installation, system
from core.files.storage import Store
from core.imports import Report, run
from core.modules.registry import Registry

SMALL = Path(__file__).parents[1] / "data" / "dolibarr-small"

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: Rows) -> None:
    """Write rows as a CSV file, with the columns of the first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Export:
    """A copy of an export that a test may change, and the tenant that it is imported for."""

    def __init__(self, source: Path, folder: Path, engine: Engine, registry: Registry, store: Store) -> None:
        shutil.copytree(source, folder)
        self.folder, self.engine, self.registry, self.store = folder, engine, registry, store
        self.tenant = make_tenant(engine, "baterias")

    def load(self, profile: str = "dolibarr", **more: Any) -> Report:
        """Import the folder."""
        return run(self.engine, self.registry, self.store, self.tenant.slug, profile, self.folder, **more)

    def twin(self, **more: Any) -> "Export":
        """The same export for another tenant of the same database."""
        made = copy(self)
        made.tenant = make_tenant(self.engine, "twin", **more)
        return made

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of the tenant."""
        with self.session() as session:
            return dump(session)

    def change(self, file: str, change: Callable[[Rows], Rows | None]) -> None:
        """Change the rows of one file; `change` may give new ones."""
        rows = read(self.folder / file)
        write(self.folder / file, change(rows) or rows)

    def set(self, file: str, rowid: str, /, **values: str) -> None:
        """Change values of the row with that id."""
        for row in (rows := read(self.folder / file)):
            if row["rowid"] == rowid:
                row.update(values)
        write(self.folder / file, rows)

    def drop(self, file: str, rowid: str) -> None:
        """Take a row out of a file."""
        self.change(file, lambda rows: [row for row in rows if row["rowid"] != rowid])

    def session(self, *, writes: bool = False) -> Any:
        """A session of the tenant's system."""
        return open_session(self.engine, system(self.tenant.id), writes=writes)

    def all(self, model: type[Any]) -> list[Any]:
        """Every row of a class, in the order of ids."""
        with self.session() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    def one(self, model: type[Any], **values: Any) -> Any:
        """The one row with these values."""
        with self.session() as session:
            return session.scalars(select(model).filter_by(**values)).one()


def make_tenant(engine: Engine, slug: str, **more: Any) -> Tenant:
    """A tenant without a host."""
    with open_session(engine, installation(), writes=True) as session:
        tenant = Tenant(slug=slug, name=slug.title(), **more)
        session.add(tenant)
        session.commit()
        return tenant


def dump(session: WalledSession) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours that the session's viewer sees, column by column. Classes that
    other tests declare have no table here."""
    found = {}
    ours = (m for m in Model.registry.mappers if m.class_.__module__.startswith(("core.", "plugins.")))
    for mapper in ours:
        columns = [getattr(mapper.class_, name) for name in mapper.columns.keys()]  # noqa: SIM118
        key = mapper.class_.__mapper__.primary_key[0]
        rows = session.execute(select(*columns).order_by(getattr(mapper.class_, key.name)))
        found[mapper.class_.__tablename__] = [tuple(row) for row in rows]
    return found

"""Tables of classes that tests declare, which no migration makes."""

from typing import Any

from core.api import Model
from core.db.engine import make_engine
from core.db.policies import protect
from tests.databases import SERVING, Database


def make(database: Database, *classes: Any) -> None:
    """Make the tables of these classes, walled as a module's own would be."""
    engine = make_engine(database.owner_url, guarded=False)
    with engine.begin() as connection:
        Model.metadata.create_all(connection, [cls.__table__ for cls in classes])
        if connection.dialect.name == "postgresql":
            protect(connection, SERVING)
    engine.dispose()

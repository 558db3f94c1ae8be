"""What SQLite knows of how its rows are spread. Without, it takes an index that begins with the tenant for one that
leads to few rows, and walks through everybody's records to find one client's."""

from sqlalchemy import make_url

from core.db.engine import make_engine

_INDEXES = "SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def count_anew(url: str) -> None:
    """Let the database at this address count how its rows are spread, one index after the other, so that whoever
    writes meanwhile waits for one of them at most. PostgreSQL does so by itself. May be done at any time; it tells
    when many rows have come."""
    if make_url(url).get_backend_name() != "sqlite":
        return
    engine = make_engine(url, guarded=False)
    try:
        with engine.begin() as connection:
            names = connection.exec_driver_sql(_INDEXES).scalars().all()
        for name in names:
            with engine.begin() as connection:
                connection.exec_driver_sql(f'ANALYZE "{name}"')
    finally:
        engine.dispose()

"""What a session tells PostgreSQL beside its statements: where a transaction begins and ends, and for PostgreSQL's own
wall, whose rows there are."""

from typing import TYPE_CHECKING, Any

from psycopg.pq import ExecStatus
from sqlalchemy import Connection

if TYPE_CHECKING:
    from core.db.session import WalledSession

# What PostgreSQL answers to what it has done.
_DONE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})
_TELL = "SELECT set_config('postigo.tenant', '{}', true)"


def begin(session: "WalledSession", connection: Connection) -> None:
    """Begin a transaction, say whether it only reads, and tell PostgreSQL's own wall whose rows there are, all with
    one message: the engine leaves the beginning to sessions."""
    moment = " ISOLATION LEVEL REPEATABLE READ" if connection.get_execution_options().get("postigo_moment") else ""
    begin = f"BEGIN{moment}{'' if session.writes else ' READ ONLY'}"
    session._told = session.sight.viewer.tenant_id
    _send(session, connection, f"{begin}; {_TELL.format('' if session._told is None else session._told)}")


def tell_tenant(session: "WalledSession", connection: Connection) -> None:
    """Tell PostgreSQL of another tenant within a transaction. The installation reads what carries no tenant: it
    needs not say so."""
    tenant = session.sight.viewer.tenant_id
    if connection.dialect.name == "postgresql" and tenant is not None and session._told != tenant:
        session._told = tenant
        _send(session, connection, _TELL.format(tenant))


def end(connection: Connection) -> bool:
    """Commit a transaction of PostgreSQL that only read, and say whether it was. Where not, the connection is thrown
    away."""
    if connection.dialect.name != "postgresql" or connection.invalidated:
        return False
    done = _sent(connection, "COMMIT")
    if not done:
        connection.invalidate()
    return done


def _send(session: "WalledSession", connection: Connection, text: str) -> None:
    """Send a text of the core's own by the shortest way: SQLAlchemy's and the driver's together cost as much as a
    statement that reads. Where it fails, it goes that way once more, which knows every kind of failure."""
    if not _sent(connection, text):
        connection.exec_driver_sql(text, execution_options={**session._checked(), "no_parameters": True})


def _sent(connection: Connection, text: str) -> bool:
    driver: Any = connection.connection.driver_connection
    done: bool = driver.pgconn.exec_(text.encode()).status in _DONE
    return done

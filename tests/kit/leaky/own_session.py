"""A session that the module opens for itself, past `core.api`."""

from typing import Any

from flask import current_app
from postigo_leaky import parts

from core.db.session import open_session
from core.db.viewer import system


def widget(session: Any) -> Any:
    """The subjects of all clients of the tenant."""
    with open_session(current_app.extensions["postigo"].engine, system(session.sight.viewer.tenant_id)) as opened:
        return parts.box(parts.subjects(opened))

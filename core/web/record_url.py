"""Where a record's page is: the client's or the staff's, as whoever looks is one."""

from flask import g, url_for

from core.db.viewer import Kind


def page_of_record(module: str, record_id: int) -> str:
    """The address of a record's page, of whichever of the module's resources it is."""
    if g.viewer.kind is Kind.CONTACT:
        return f"{url_for('portal.module', module=module)}{record_id}"
    return url_for("staff.detail", module=module, record_id=record_id)

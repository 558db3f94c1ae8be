"""The staff's page of the search over the records of all modules, on or off."""

from flask import render_template, url_for

from core.staff.blueprint import blueprint
from core.web.led import Answer
from core.web.search import search_context


@blueprint.get("/search")
def search() -> Answer:
    """What was found, in all modules or in one."""
    context, status = search_context(
        url_for("staff.search"),
        lambda module, resource, record_id: url_for(
            "staff.detail", module=module, resource=resource.name, record_id=record_id
        ),
    )
    return render_template("staff/search.html", **context), status

"""The client's page of the search over all modules."""

from flask import Blueprint, render_template, url_for

from core.web.record_url import page_of_record
from core.web.search import search_context


def add_search_page(blueprint: Blueprint) -> None:
    """Put this page on the portal's blueprint."""

    def search() -> tuple[str, int]:
        """What was found, in all modules or in one."""
        context, status = search_context(
            url_for("portal.search"), lambda module, _, record_id: page_of_record(module, record_id)
        )
        return render_template("portal/search.html", **context), status

    blueprint.add_url_rule("/search", "search", search)

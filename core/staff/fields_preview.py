"""How a client would see a resource under flags that need not be saved: list, record and form, with one record of
the tenant's as the sample."""

from dataclasses import replace
from typing import Any

from flask import g, render_template
from flask_babel import force_locale
from markupsafe import Markup
from sqlalchemy import select

from core.db.flags import FieldFlags
from core.db.viewer import Kind, Sight, Viewer
from core.records.actions import asked, possible
from core.records.controls import Choices
from core.records.detail import Detail, read_record
from core.records.fields import effective, full_name
from core.records.forms import make_form
from core.records.list_page import listing_context
from core.records.listing import Page
from core.records.page_links import Links
from core.records.query import read_query
from core.records.record_page import detail_context
from core.records.resource import Resource
from core.records.rows import Row

_NOWHERE = Links("", lambda i: "", lambda i, j, k: "", lambda i, j: "", lambda name, i: "")


def preview(resource: Resource, flags: FieldFlags, language: str) -> Markup:
    """The preview as markup, in one language. Whoever looks is some contact of the tenant, who reaches nothing:
    the sample is read in the staff's own session."""
    viewer = Viewer(Kind.CONTACT, g.tenant.id, 0)
    sight = Sight(viewer, fields={**g.sight.fields, full_name(resource): flags})
    detail = _sample(resource, sight)
    with force_locale(language):
        page = render_template(
            "staff/fields_preview.html",
            language=language,
            listing=_listing(resource, sight, detail),
            record=None if detail is None else _record(resource, detail),
            labels=[str(field.label) for field in effective(resource, sight)],
            form=_form(resource, sight),
            lost=_lost(resource, sight),
        )
    # What an autoescaping template has rendered is markup by definition.
    return Markup(page)  # noqa: S704


def _sample(resource: Resource, sight: Sight) -> Detail | None:
    """The newest record that clients may see, else the newest of all; None where there is none."""
    model = resource.model
    newest = select(model.id).order_by(model.id.desc()).limit(1)
    found = g.session.scalar(newest.where(model.published.is_(True))) or g.session.scalar(newest)
    return None if found is None else read_record(g.session, resource, found, sight)


def _listing(resource: Resource, sight: Sight, detail: Detail | None) -> dict[str, Any]:
    """The list with the sample as its only row; nothing in it leads anywhere."""
    fields = [field for field in effective(resource, sight) if field.listed]
    rows: list[Row] = [] if detail is None else [detail.row]
    context = listing_context(
        resource, read_query(resource, sight, {}), Page(fields, rows, len(rows), False), sight, _NOWHERE, ""
    )
    columns = [column | {"sort_url": None} for column in context["columns"]]
    return {"columns": columns, "rows": [row | {"url": None} for row in context["rows"]]}


def _record(resource: Resource, detail: Detail) -> dict[str, Any]:
    return detail_context(resource, replace(detail, actions=(), files=[]), _NOWHERE)


def _form(resource: Resource, sight: Sight) -> Any:
    """The form that begins a record, else the first that asks for something; None where there is none."""
    kind = Kind.CONTACT
    actions = sorted((a for a in resource.actions if kind in a.by), key=lambda action: not action.creates)
    fields = next((found for action in actions if (found := asked(resource, action, sight))), None)
    if fields is None:
        return None
    currency = g.tenant.currency if hasattr(resource.model, "currency") else ""
    return make_form(resource, fields, Choices(currency=currency), formdata=None)


def _lost(resource: Resource, sight: Sight) -> list[str]:
    """What clients could do as the module declares it, and cannot under these flags: a field that it needs is hidden
    or not filled in."""
    declared = replace(sight, fields={})
    return [
        str(action.label)
        for creates in (True, False)
        for action in possible(resource, declared, creates=creates)
        if action not in possible(resource, sight, creates=creates)
    ]

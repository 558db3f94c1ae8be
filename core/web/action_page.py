"""The page of an action: its form or its question, with what stands around it. The same for clients and staff; `Desk`
holds what differs."""

from dataclasses import dataclass
from typing import Any

from flask import g

from core.i18n import gettext
from core.records.actions import Action
from core.records.detail import Detail, read_record
from core.records.document import title_of
from core.records.forms import RecordForm
from core.records.page_links import Links
from core.records.present import cell
from core.records.resource import Resource
from core.web.about import About
from core.web.suggestions import answers


@dataclass(frozen=True)
class Whole:
    """The record that what is written is part of: its id, its page, and what it is called."""

    id: int
    url: str
    label: str


@dataclass(frozen=True)
class Desk:
    """Where an action is taken: the template of its page, the links that lead on, and (for staff) whether the
    module is off for clients, and the record that a part belongs to, whose page leads there and back."""

    template: str
    links: Links
    off: bool = False
    whole: Whole | None = None


def page_of(
    resource: Resource, action: Action, desk: Desk, form: RecordForm, row: Any = None, about: About | None = None
) -> dict[str, Any]:
    """What portal/form.html and staff/record_form.html take."""
    above = _above(resource, action, desk, about)
    page: dict[str, Any] = {
        "page_title": action.label,
        "form": form,
        "back": {"url": above[0], "label": above[1]},
        "kicker": "",
        "question": action.confirm if action.is_answer or not form.names else "",
        "paper": desk.links.document(row.id, False) if action.accepts else None,
        "submit": gettext("Save") if action.saves else action.label,
        "status": None,
        "theirs": None,
        "gone": False,
        "off": desk.off,
        "whole": None if desk.whole is None or row is None else desk.whole.id,
        "about": None if action.under else about,
        "answers": answers(resource, action, form),
        "answered": [],
    }
    if row is not None:
        detail = read_record(g.session, resource, row.id)
        status = next((f for f in detail.fields if f.name == resource.status), None)
        page["back"] = {"url": desk.links.record(row.id), "label": title_of(resource, detail)}
        page["kicker"] = f"{resource.singular} {detail.number}"
        page["status"] = None if status is None else cell(resource.model, status, detail.row)
        page["answered"] = _answered(resource, detail) if action.is_answer else []
    return page


def _above(resource: Resource, action: Action, desk: Desk, about: About | None) -> tuple[str, Any]:
    """The page that a form leads back to, and what it is called: the record that something is written into or goes
    under, else the list."""
    if desk.whole is not None:
        return desk.whole.url, desk.whole.label
    if (action.under or action.follows) and about is not None:
        return about.url, about.name or about.kind
    return desk.links.listing, resource.title


def _answered(resource: Resource, detail: Detail) -> list[dict[str, Any]]:
    """What somebody has before them who accepts or declines a record: what it is called, and what it comes to."""
    names = (resource.title_field, *resource.summary[-1:])
    shown = [(f.label, cell(resource.model, f, detail.row).text) for f in detail.fields if f.name in names]
    return [{"label": label, "text": text} for label, text in shown if text]

"""A record as the templates take it, for client and staff pages alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.records.actions import Action
from core.records.attached import files_context
from core.records.detail import ChildRows, Detail
from core.records.document import title_of
from core.records.fields import kind_of
from core.records.page_links import Links
from core.records.present import Cell, cell, cells_of, shown_as
from core.records.resource import Field, Resource


def detail_context(resource: Resource, detail: Detail, links: Links) -> dict[str, Any]:
    """The `record` of portal/detail.html and staff/detail.html."""
    model, row = resource.model, detail.row
    cells = {f.name: cell(model, f, row) for f in detail.fields}
    subject = cells[resource.title_field].text if resource.conversation and resource.title_field in cells else ""
    apart = {resource.number, resource.status, *resource.summary} | ({resource.title_field} if subject else set())
    facts = [
        {"label": f.label, "text": cells[f.name].text, "tone": cells[f.name].tone, "icon": cells[f.name].icon}
        for f in detail.fields
        if f.name not in apart and cells[f.name].text and kind_of(model, f) != "markdown"
    ]
    status = cells.get(resource.status)
    actions = [_action(action, detail, links) for action in detail.actions]
    return {
        "title": subject or title_of(resource, detail),  # what is talked about is called by its subject
        "kicker": f"{resource.singular} {detail.number}" if subject else resource.singular,
        "status": status if status is not None and status.text else None,
        "back": {"url": links.listing, "label": resource.title},
        "action": next(iter(actions), None),
        "actions": actions[1:],
        "notices": [],
        "totals": _totals(resource, detail, cells),
        "facts": facts,
        "tables": [_table(child, row.id, links) for child in detail.children],
        "files": files_context(resource, detail, links),
        "panels": [],
    }


def _action(action: Action, detail: Detail, links: Links) -> dict[str, Any]:
    """The button of an action: one that asks nothing is done where it stands, any other has a page of its own."""
    asks_nothing = action.fields is not None and not (action.fields or action.confirm or action.is_answer)
    url = links.action(action.name, detail.row.id)
    return {"label": action.label, "url": url, "post": asks_nothing, "version": detail.version}


def _totals(resource: Resource, detail: Detail, cells: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The amounts set apart; those that are zero are left out, but for the last that is known, which counts."""
    seen = {f.name: f for f in detail.fields}
    known = [name for name in resource.summary if name in seen and detail.row.values[name] is not None]
    shown = [name for name in known if detail.row.values[name] or name == known[-1]]
    return [
        {"label": seen[name].label, "text": cells[name].text, "strong": name == known[-1], "tone": None}
        for name in shown
    ]


def _table(child: ChildRows, record_id: int, links: Links) -> dict[str, Any]:
    model, fields, cells = _filled(child)
    parts = links.parts(model, record_id) if links.parts is not None else None
    columns = [
        {
            "key": f.name,
            "label": f.label,
            "kind": shown_as(model, f),
            "role": "title" if i == 0 else None,
            "sort_url": None,
            "sorted": None,
        }
        for i, f in enumerate(fields)
    ]
    shown = zip(child.rows, cells, strict=True)
    return {
        "id": child.child.name,
        "title": child.child.title,
        "columns": columns,
        "rows": [{"url": parts.record(row.id) if parts else None, "cells": cells} for row, cells in shown],
        "empty": None,
        "actions": parts.actions if parts else [],
    }


def _filled(child: ChildRows) -> tuple[Any, Sequence[Field], list[tuple[Cell, ...]]]:
    """A child table's class, its columns and its cells: without those columns in which no row says anything, as facts
    without a value are left out."""
    model, fields = child.child.model, child.child.fields
    cells = cells_of(model, fields, child.rows)
    said = [n for n in range(len(fields)) if n == 0 or not cells or any(of_row[n].text for of_row in cells)]
    return model, [fields[n] for n in said], [tuple(of_row[n] for n in said) for of_row in cells]

"""The paper of a record with priced lines, as paper.typ has it: an invoice, a quote, an order."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.i18n import gettext
from core.records.document import Shown
from core.records.resource import Document

TEMPLATE = Path(__file__).parent / "paper.typ"
#: the columns of the lines, in the order of the paper
_LINE = ("description", "optional", "quantity", "unit_price", "discount", "tax_rate", "net")


def lined_paper(
    facts: Sequence[str],
    totals: Sequence[str] = ("net", "tax"),
    marked: Collection[str] = frozenset(),
    text: str = "note",
) -> Document:
    """How such a record's paper is made. `facts` are the fields that stand beside the client, `totals` those
    above the total, left out where they are nothing; a record whose `status` is one of `marked` says so across
    the page. Its kind is its field `kind`, if it has one; its text below is the field `text`, its table the child
    `lines`.

    What stands there is what its reader sees, and nothing that changes with the day or with what is paid."""

    def data(shown: Shown) -> Mapping[str, Any]:
        columns, rows = _lines(shown)
        kind, number = shown.texts.get("kind") or shown.kind, shown.texts.get("number", "")
        client = shown.texts.get("account_id")
        return {
            "title": f"{kind} {number}".strip(),
            "kind": kind,
            "number": number,
            "mark": shown.texts["status"] if shown.values.get("status") in marked else None,
            "client_label": shown.labels.get("account_id", ""),
            "client": [client] if client else [],
            "facts": shown.facts(facts),
            "columns": columns,
            "lines": rows,
            "totals": shown.facts(name for name in totals if shown.values.get(name)),
            "total": next(iter(shown.facts(["total"])), None),
            "notes": shown.texts.get(text, "").splitlines(),
        }

    return Document(TEMPLATE, data)


def _lines(shown: Shown) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """The table of lines: its columns, less those in which nothing stands, and its rows as texts."""
    table = shown.tables.get("lines")
    if table is None:
        return [], []
    places = {name: i for i, (name, _, _) in enumerate(table.columns)}
    nothing = {"", "0", gettext("No")}
    said = {name for name, i in places.items() if any(row[i] not in nothing for row in table.rows)}
    kept = [places[name] for name in _LINE if name in said]
    columns = [
        {"label": label, "number": kind in ("number", "money"), "wide": kind == "text"}
        for _, label, kind in (table.columns[place] for place in kept)
    ]
    return columns, [[row[place] for place in kept] for row in table.rows]

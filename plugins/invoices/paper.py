"""An invoice on paper, as the template of that name has it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.api import Document, Shown
from plugins.invoices.models import CANCELLED, DRAFT

TEMPLATE = Path(__file__).parent / "templates" / "invoices" / "invoice.typ"
#: what stands beside the client, and below the lines; in the order of the paper
_FACTS = ("issued_on", "due_on", "site_id", "reference", "corrects")
_TOTALS = ("net", "tax", "local_tax_1", "local_tax_2", "stamp")
_LINE = ("description", "quantity", "unit_price", "discount", "tax_rate", "net")
#: what an invoice that counts for nothing says across the page
_MARKED = frozenset({DRAFT, CANCELLED})


def paper(invoice: Shown) -> Mapping[str, Any]:
    """What the template is given of an invoice as its reader sees it: what was billed, and nothing that
    changes with the day or with what is paid."""
    columns, lines = _lines(invoice)
    kind, number = invoice.texts.get("kind") or invoice.kind, invoice.texts.get("number", "")
    client = invoice.texts.get("account_id")
    return {
        "title": f"{kind} {number}".strip(),
        "kind": kind,
        "number": number,
        "mark": invoice.texts["status"] if invoice.values.get("status") in _MARKED else None,
        "client_label": invoice.labels.get("account_id", ""),
        "client": [client] if client else [],
        "facts": invoice.facts(_FACTS),
        "columns": columns,
        "lines": lines,
        "totals": invoice.facts(name for name in _TOTALS if invoice.values.get(name)),
        "total": next(iter(invoice.facts(["total"])), None),
        "notes": invoice.texts.get("note", "").splitlines(),
    }


def _lines(invoice: Shown) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """The table of lines: its columns, less those in which nothing stands, and its rows as texts."""
    table = invoice.tables.get("lines")
    if table is None:
        return [], []
    places = {name: i for i, (name, _, _) in enumerate(table.columns)}
    said = {name for name, i in places.items() if any(row[i] not in ("", "0") for row in table.rows)}
    kept = [places[name] for name in _LINE if name in said]
    columns = [
        {"label": label, "number": kind != "text", "wide": kind == "text"}
        for _, label, kind in (table.columns[place] for place in kept)
    ]
    return columns, [[row[place] for place in kept] for row in table.rows]


DOCUMENT = Document(TEMPLATE, paper)

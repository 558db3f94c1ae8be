"""Text that means harm is text: kept as it is, or listed with the reason, in every field."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.crm.models import Account, Contact
from core.imports.report import Report
from core.imports.values import clean
from plugins.invoices.models import Invoice, Line, Payment
from tests.imports.exports import Export
from tests.strict import shared_data

OURS = [
    *("' OR 1=1 --", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd"),
    *("\u202etxt.exe", "Ω≈ç√∫", "\U0001f469\u200d\U0001f467", "\ufeffbom", "\x1b[31mred", "\x7f", "a\r\nb"),
    *('q"u"o\'te', "a,b;c\td", "NULL", "\\N", "0", "-1", "1e999"),
]

#: what is attacked: the class, its file, and field -> column
FIELDS = [
    (Account, "llx_societe.csv", {"name": "nom", "address": "address", "town": "town"}),
    (Contact, "llx_socpeople.csv", {"last_name": "lastname", "email": "email", "phone": "phone"}),
    (Invoice, "llx_facture.csv", {"number": "facnumber", "reference": "ref_client", "note": "note_public"}),
    (Line, "llx_facturedet.csv", {"description": "description"}),
    (Payment, "llx_paiement.csv", {"number": "ref", "note": "note"}),
]
CASES = [(cls, file, field, column) for cls, file, columns in FIELDS for field, column in columns.items()]


def strings() -> list[str]:
    """The strings of the corpus."""
    path: Path = shared_data("hostile-strings") / "blns" / "blns.json"
    return [text for text in json.loads(path.read_text(encoding="utf-8")) if _can_be_written(text)]


def _can_be_written(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


@pytest.mark.parametrize(("cls", "file", "field", "column"), CASES)
def test_every_string_is_kept_as_it_is_or_listed(
    export: Export, cls: type[Any], file: str, field: str, column: str
) -> None:
    _try(export, OURS, cls, file, field, column)


def test_a_whole_corpus_is_kept_as_it_is_or_listed(export: Export) -> None:
    for cls, file, columns in FIELDS:
        for field, column in list(columns.items())[:1]:
            _try(export, strings(), cls, file, field, column)


def _try(export: Export, texts: list[str], cls: type[Any], file: str, field: str, column: str) -> None:
    before = {row.id for row in export.all(cls)}

    def attack(rows: Any) -> Any:
        return [*rows, *({**rows[1], "rowid": f"h{n}", column: text} for n, text in enumerate(texts))]

    export.change(file, attack)
    report = export.load()
    refused = {x.external for x in report.listed if x.file == file and not x.taken}
    kept = [clean(text) for n, text in enumerate(texts) if f"h{n}" not in refused]
    made = [row for row in export.all(cls) if row.id not in before and getattr(row, field) in set(kept)]
    fallback = 0 if field != "description" else kept.count("")
    assert len(made) >= len(kept) - fallback
    assert len(kept) > len(texts) * 0.7
    _is_inert(report)


def _is_inert(report: Report) -> None:
    """What is printed of the report moves no cursor and hides nothing."""
    assert all(line.isprintable() for line in report.lines())

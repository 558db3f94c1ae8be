"""A record's own paper: the record as its reader sees it, handed to the module that knows how it looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.files.names import label
from core.files.pdf import make_pdf
from core.records.detail import ChildRows, Detail
from core.records.present import cell, cells_of, shown_as
from core.records.resource import Document, Resource


@dataclass(frozen=True)
class ShownTable:
    """A child table as its reader sees it: each column's name, label and kind, the rows as texts, and as the database
    has them, by the columns' names and with the `id` of each."""

    columns: Sequence[tuple[str, str, str]]
    rows: Sequence[Sequence[str]]
    values: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Shown:
    """A record as its reader sees it, in their language; what they do not see is not here.

    `title` is what the record's page is headed with, `kind` what such a record is called. `labels`, `texts` and
    `values` (as the database has them) go by the fields' names, `tables` by the child tables'."""

    title: str
    kind: str
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    values: Mapping[str, Any]
    tables: Mapping[str, ShownTable]

    def facts(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Label and text of those of the fields that the reader sees and that say something."""
        return [(self.labels[name], self.texts[name]) for name in names if self.texts.get(name)]


def title_of(resource: Resource, detail: Detail) -> str:
    """What a record's page is headed with: its number (of work, its day) where the reader sees one."""
    field = next((f for f in detail.fields if f.name == resource.number), None)
    return (cell(resource.model, field, detail.row).text if field else "") or f"{resource.singular} {detail.row.id}"


def shown(resource: Resource, detail: Detail) -> Shown:
    """What a document is made from, of a record that was read for its reader."""
    return Shown(
        title_of(resource, detail),
        str(resource.singular),
        {f.name: str(f.label) for f in detail.fields},
        {f.name: cell(resource.model, f, detail.row).text for f in detail.fields},
        dict(detail.row.values),
        {child.child.name: _table(child) for child in detail.children},
    )


def _table(child: ChildRows) -> ShownTable:
    model, fields = child.child.model, child.child.fields
    columns = [(f.name, str(f.label), shown_as(model, f)) for f in fields]
    texts = [[cell.text for cell in cells] for cells in cells_of(model, fields, child.rows)]
    return ShownTable(columns, texts, [{"id": row.id, **row.values} for row in child.rows])


def file_name(resource: Resource, detail: Detail) -> str:
    """What a record's document is called as a file."""
    return label(f"{title_of(resource, detail)}.pdf")


def print_document(resource: Resource, document: Document, detail: Detail, sender: Mapping[str, Any]) -> bytes:
    """The document of a record as a PDF. `sender` is what every document says beside the record: `firm`
    and `language`. Raises PdfError where the module's template fails."""
    return make_pdf(document.template, {**document.data(shown(resource, detail)), **sender})

"""Hits as their reader is shown them: by module, with what the records are called and where the words stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select, select

from core.db.kept import kept
from core.db.keys import InKeys
from core.db.session import WalledSession
from core.i18n import language
from core.installation import installation
from core.records.fields import effective, kind_of
from core.records.present import Cell, cell
from core.records.resource import Field, Resource
from core.records.rows import Row, columns_of, rows_of
from core.records.written import plain_markdown
from core.search.extract import Piece, extract, marked
from core.search.hits import Count, Hit, Hits

#: of a longer text in Markdown, the beginning is looked through: to parse it takes longer than to find it
_LONGEST_MARKDOWN = 20_000


@dataclass(frozen=True)
class Result:
    """One record that was found. `title` is what it is called, `number` stands beside where there is another name;
    `status` and `date` are empty where it has none that the reader sees, `extract` where no longer text was met, and
    `language` where it is in the reader's, or in none."""

    id: int
    module: str
    resource: Resource
    title: list[Piece]
    number: list[Piece]
    extract: list[Piece]
    status: Cell
    date: Cell
    language: str


@dataclass(frozen=True)
class Group:
    """What was found in one module: how many, and the best of them."""

    module: str
    count: Count
    results: list[Result]


def groups(session: WalledSession, hits: Hits, words: Sequence[str], most: int) -> list[Group]:
    """The hits by module, that with the best first, and of each module at most `most`, what is in another language
    than the reader's behind: one statement for each kind of record among them."""
    by_module: dict[str, list[Hit]] = {}
    for hit in hits.hits:
        by_module.setdefault(hit.module, []).append(hit)
    chosen = {module: found[:most] for module, found in by_module.items()}
    read = _read(session, [hit for found in chosen.values() for hit in found], words)
    return [
        Group(module, hits.counts[module], sorted((read[hit.id] for hit in found if hit.id in read), key=_is_foreign))
        for module, found in chosen.items()
    ]


def _is_foreign(result: Result) -> bool:
    return bool(result.language)


def _read(session: WalledSession, hits: Sequence[Hit], words: Sequence[str]) -> Mapping[int, Result]:
    by_kind: dict[tuple[str, str], list[int]] = {}
    for hit in hits:
        by_kind.setdefault((hit.module, hit.resource), []).append(hit.id)
    read: dict[int, Result] = {}
    for (module, name), ids in by_kind.items():
        resource = installation().registry.resource(module, name)
        if resource is None:
            continue
        fields = tuple(f for f in effective(resource, session.sight) if _is_told(resource, f))
        statement = kept(("found", resource, fields), partial(_rows, resource, fields))
        for row in rows_of(session.execute(statement, {"found_ids": ids}), resource.model, fields):
            read[row.id] = _result(module, resource, fields, row, words)
    return read


def _is_told(resource: Resource, field: Field) -> bool:
    named = {resource.number, resource.title_field, resource.status, resource.order.removeprefix("-"), "language"}
    return field.name in named or field.name in resource.model.portal_searched


def _rows(resource: Resource, fields: Sequence[Field]) -> Select[Any]:
    return select(*columns_of(resource.model, fields)).where(InKeys(resource.model.id, "found_ids"))


def _result(module: str, resource: Resource, fields: Sequence[Field], row: Row, words: Sequence[str]) -> Result:
    model, by_name = resource.model, {field.name: field for field in fields}

    def text(name: str) -> str:
        return str(row.values.get(name) or "")

    def told(name: str) -> Cell:
        field = by_name.get(name)
        return Cell("") if field is None else cell(model, field, row)

    number, title = text(resource.number), text(resource.title_field)
    order = by_name.get(resource.order.removeprefix("-"))
    dated = order is not None and kind_of(model, order) in ("date", "datetime")
    others = [n for n in model.portal_searched if n in by_name and n not in (resource.number, resource.title_field)]
    return Result(
        row.id,
        module,
        resource,
        marked(title or number or f"{resource.singular} {row.id}", words),
        marked(number if title else "", words),
        next(filter(None, (extract(_plain(model, by_name[name], text(name)), words) for name in others)), []),
        told(resource.status),
        told(order.name) if order is not None and dated else Cell(""),
        told("language").text if row.values.get("language") != language() else "",
    )


def _plain(model: Any, field: Field, text: str) -> str:
    """The words of a text, as they are read; of Markdown, not where its links lead, which may be hidden from the
    reader."""
    return plain_markdown(text[:_LONGEST_MARKDOWN]) if kind_of(model, field) == "markdown" else text

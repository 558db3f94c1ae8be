"""The texts of a record that are written in Markdown, as its page takes them, and as programs do."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.db.session import WalledSession
from core.db.viewer import Kind
from core.i18n import LANGUAGES, language
from core.records.detail import Detail
from core.records.fields import kind_of
from core.records.markdown import markdown
from core.records.page_links import Links
from core.records.resource import Field, Resource
from core.records.rows import Row
from core.records.unlinked import targets_in, without_links
from core.records.written import Lead, abroad, links_in


def texts_of(session: WalledSession, resource: Resource, detail: Detail, links: Links) -> list[dict[str, Any]]:
    """The `texts` of portal/detail.html and staff/detail.html: what the record's reader sees of them, with links to
    such records of the module alone as they see too, and `lang` where the record's language is not theirs."""
    lang = detail.row.values.get("language")
    told = {"lang": lang if lang in LANGUAGES and lang != language() else ""}
    found: list[dict[str, Any]] = []
    shown: set[str] = set()
    for field in detail.fields:
        text = detail.row.values[field.name]
        if kind_of(resource.model, field) == "markdown" and text and text not in shown:
            shown.add(text)
            prefix = f"{field.name}-" if found else ""
            rendered = markdown(text, leads_of(session, field, text, links), prefix)
            texts = {"html": rendered.html, "headings": [h._asdict() for h in rendered.headings]}
            found.append({"id": field.name, "label": field.label, **texts, **told})
    return found


def leads_of(session: WalledSession, field: Field, text: str, links: Links) -> Lead:
    """Where the links of a text lead for its reader: to the web, to a place in the text, or to another record."""
    own = {target for target in links_in(text) if not abroad(target)}
    there = field.leads(session, own) if field.leads is not None and own else {}

    def lead(target: str) -> str | None:
        if target not in there:
            return abroad(target)
        record_id, anchor = there[target], target.partition("#")[2]
        if record_id is None:
            return None
        return links.record(record_id) + (f"#{anchor}" if anchor else "")

    return lead


def as_told(session: WalledSession, resource: Resource, fields: Sequence[Field], rows: Sequence[Row]) -> list[Row]:
    """Rows as programs and spreadsheets are given them: texts in Markdown as they were written, but for links to
    records that their reader has not, of which the words alone are left. Staff have what they wrote."""
    led = [f for f in fields if f.leads is not None and kind_of(resource.model, f) == "markdown"]
    if session.sight.viewer.kind is not Kind.CONTACT or not led:
        return list(rows)
    found = [dict(row.values) for row in rows]
    for field in led:
        assert field.leads is not None
        texts = [str(values[field.name] or "") for values in found]
        own = {target for text in texts for target in targets_in(text) if not abroad(target)}
        there = field.leads(session, own) if own else {}
        hidden = {target for target, record_id in there.items() if record_id is None}
        for values, text in zip(found, texts, strict=True) if hidden else ():
            values[field.name] = without_links(text, hidden)
    return [replace(row, values=values) for row, values in zip(rows, found, strict=True)]

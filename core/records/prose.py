"""The texts of a record that are written in Markdown, as its page takes them."""

from typing import Any

from core.db.session import WalledSession
from core.records.detail import Detail
from core.records.fields import kind_of
from core.records.markdown import abroad, links_in, markdown
from core.records.pages import Links
from core.records.resource import Field, Resource


def texts_of(session: WalledSession, resource: Resource, detail: Detail, links: Links) -> list[dict[str, Any]]:
    """The `texts` of portal/detail.html and staff/detail.html: what the record's reader sees of them, with links to
    such records of the module alone as they see too."""
    found: list[dict[str, Any]] = []
    shown: set[str] = set()
    for field in detail.fields:
        text = detail.row.values[field.name]
        if kind_of(resource.model, field) == "markdown" and text and text not in shown:
            shown.add(text)
            prefix = f"{field.name}-" if found else ""
            rendered = markdown(text, leads_of(session, field, text, links), prefix)
            texts = {"html": rendered.html, "headings": [h._asdict() for h in rendered.headings]}
            found.append({"id": field.name, "label": field.label, **texts})
    return found


def leads_of(session: WalledSession, field: Field, text: str, links: Links) -> Any:
    """Where the links of a text lead for its reader: to the web, to a place in the text, or to another record."""
    own = {target for target in links_in(text) if not abroad(target)}
    there = field.leads(session, own) if field.leads is not None and own else {}

    def lead(target: str) -> str:
        if target in there:
            anchor = target.partition("#")[2]
            return links.record(there[target]) + (f"#{anchor}" if anchor else "")
        return abroad(target)

    return lead

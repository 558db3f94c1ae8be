"""Files of a record as the templates take them."""

from typing import Any

from core.db.wall import Recorded, Shared
from core.files.models import File
from core.i18n import gettext
from core.records.detail import Detail
from core.records.document import file_name
from core.records.page_links import Links
from core.records.resource import Resource

_KILO = 1024


def files_context(resource: Resource, detail: Detail, links: Links) -> list[dict[str, Any]] | None:
    """The files of a record, and before them the document that is made where none of them is its paper. None, for no
    box, of what can have none, and where one that is for many has none."""
    record_id = detail.row.id
    if not issubclass(resource.model, Recorded) or (not detail.files and issubclass(resource.model, Shared)):
        return None
    files = [file_context(file, record_id, links) for file in detail.files]
    if resource.document is None or any(file.is_paper for file in detail.files):
        return files
    document = {
        "name": detail.accepted.paper_name if detail.accepted is not None else file_name(resource, detail),
        "kind": "PDF",
        "is_paper": True,
        "size": None,
        "view_url": links.document(record_id, False),
        "download_url": links.document(record_id, True),
    }
    return [document, *files]


def file_context(file: File, record_id: int, links: Links) -> dict[str, Any]:
    """One file; for staff, with the address at which it is published or withdrawn."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": "PDF" if file.is_pdf else file.name.rpartition(".")[2].upper()[:8],
        "is_paper": file.is_paper,
        "size": _size(file.size),
        "author": file.author_name,
        "internal": not file.published,
        "view_url": links.file(record_id, file.id, False) if file.is_shown else None,
        "download_url": links.file(record_id, file.id, True),
        "publish_url": links.publish(record_id, file.id) if links.publish is not None else None,
    }


def _size(count: int) -> str:
    if count < _KILO:
        return gettext("%(count)s bytes", count=count)
    if count < _KILO * _KILO:
        return f"{count / _KILO:.0f} kB"
    return f"{count / _KILO / _KILO:.1f} MB"

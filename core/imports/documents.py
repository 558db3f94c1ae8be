"""Files of the export that belong to a row: taken where they are there, and what they say they are."""

from pathlib import Path

from core.db.session import WalledSession
from core.files.names import label
from core.files.storage import Store, attach
from core.imports.errors import RowRefused
from core.imports.folder import Outside, columns_of, fill, resolve
from core.imports.profile import Document

_LARGEST = 50 * 1024 * 1024
# What a file of a type begins with; one that may open on screen must be what it says.
_MAGIC = {"application/pdf": b"%PDF-"}


def attach_document(
    session: WalledSession, store: Store, folder: Path, document: Document, record_id: int, cells: dict[str, str]
) -> bool:
    """Hang the document of one row (`cells`: column -> text) on its record; whether there is one.

    The same bytes again change nothing. Raises RowRefused with the reason where there is a file that
    cannot be taken, and StorageError where it cannot be kept."""
    path, name = _find(folder, document, cells)
    if path is None:
        return False
    try:
        if path.stat().st_size > _LARGEST:
            raise RowRefused(f"{name}: the file is larger than {_LARGEST // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise RowRefused(f"{name}: the file cannot be read: {error.strerror}") from None
    if not data.startswith(_MAGIC.get(document.type, b"")):
        raise RowRefused(f"{name}: the file is no {document.type}")
    attach(session, store, record_id, name, data, document.type)
    return True


def _find(folder: Path, document: Document, cells: dict[str, str]) -> tuple[Path | None, str]:
    try:
        name = _filled(document.name, cells)
        for pattern in document.paths:
            relative = _filled(pattern, cells)
            path = resolve(folder, relative) if relative and name else None
            if path is not None:
                return path, label(name or "")
        return None, ""
    except Outside as error:
        raise RowRefused(f"file: {error}") from None


def _filled(pattern: str, cells: dict[str, str]) -> str | None:
    return fill(pattern, {column: cells[column] for column in columns_of(pattern)})

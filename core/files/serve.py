"""A file as an answer: never something that a browser would run as a page of ours."""

import hashlib
import io

from flask import Response, send_file

from core.files.models import PDF, PICTURES, File
from core.files.storage import Store

# The browser's own viewer of PDFs does not open in a sandbox.
_POLICY_OF_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_POLICY = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'self'"


def send_stored(store: Store, file: File, *, download: bool) -> Response:
    """The answer that carries `file`. Its label is the name that a download gets; the media type is the
    one that was checked when it was stored. Raises StorageError where the bytes are not to be had."""
    return _send(store.get(file.key), file.name, file.media_type, file.sha256, download)


def send_pdf(data: bytes, name: str, *, download: bool) -> Response:
    """The answer that carries a PDF that was made for it; `name` is a label (`core.files.names.label`)."""
    return _send(data, name, PDF, hashlib.sha256(data).hexdigest(), download)


def send_json(text: str, name: str) -> Response:
    """The answer that carries JSON to the byte, always as a download."""
    data = text.encode()
    return _send(data, name, "application/json", hashlib.sha256(data).hexdigest(), True)


def _send(data: bytes, name: str, media_type: str, digest: str, download: bool) -> Response:
    inline = (media_type == PDF or media_type in PICTURES) and not download  # all else is a download
    response = send_file(
        io.BytesIO(data),
        mimetype=media_type,
        as_attachment=not inline,
        download_name=name,
        etag=digest,
        max_age=0,
    )
    response.direct_passthrough = False  # else nothing would run once it is sent (`core.access.door.after_answer`)
    response.headers["Content-Security-Policy"] = _POLICY_OF_PDF if media_type == PDF else _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

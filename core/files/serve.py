"""A stored file as an answer: never something that a browser would run as a page of ours."""

import io

from flask import Response, send_file

from core.files.models import File
from core.files.storage import Store

#: what may open on screen; all else is a download
_INLINE = frozenset({"application/pdf"})
_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def send_stored(store: Store, file: File, *, download: bool) -> Response:
    """The answer that carries `file`. Its label is the name that a download gets; the media type is the
    one that was checked when it was stored. Raises StorageError where the bytes are not to be had."""
    inline = file.media_type in _INLINE and not download
    response = send_file(
        io.BytesIO(store.get(file.key)),
        mimetype=file.media_type,
        as_attachment=not inline,
        download_name=file.name,
        etag=file.sha256,
        max_age=0,
    )
    response.headers["Content-Security-Policy"] = _POLICY
    return response

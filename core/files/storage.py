"""Where the bytes lie, and how they are hung on a record.

A file is stored before the transaction that names it commits: when that fails, the bytes go again;
bytes that a commit replaces go after it."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import event, select
from sqlalchemy.orm import SessionTransaction

from core.db.session import WalledSession
from core.files.models import File
from core.files.names import label
from core.files.uploads import Upload

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_WRITTEN, _REPLACED = "files_written", "files_replaced"
_PIECE = 1024 * 1024


class StorageError(Exception):
    """The bytes could not be kept or read; the message says what happened."""


class Store:
    """Bytes by key, in a folder. Keys are made up here; no name that a person chose is one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._inner: ObjectStore | None = None

    def _store(self) -> "ObjectStore":
        # Opened at first use: the library must not be used before a server forks.
        if self._inner is None:
            from obstore.store import LocalStore

            self._folder.mkdir(parents=True, exist_ok=True)
            self._inner = LocalStore(self._folder)
        return self._inner

    def put(self, data: bytes | IO[bytes]) -> str:
        """Keep bytes, or those of a stream from its beginning, and return their key. Raises StorageError, with
        nothing left behind."""
        token = secrets.token_hex(20)
        key = f"{token[:2]}/{token[2:]}"
        try:
            if isinstance(data, bytes):
                self._store().put(key, data, mode="create")
            else:  # piece by piece, which knows no mode; no key is ever made twice
                data.seek(0)
                self._store().put(key, data, use_multipart=True, chunk_size=_PIECE, max_concurrency=1)
        except Exception as error:
            self.delete(key)
            raise StorageError(f"the file could not be kept: {error}") from error
        return key

    def get(self, key: str) -> bytes:
        """The bytes of `key`. Raises StorageError where they are not to be had."""
        try:
            return bytes(self._store().get(key).bytes())
        except Exception as error:
            raise StorageError(f"the file could not be read: {error}") from error

    def keys_older_than(self, moment: datetime) -> Iterator[str]:
        """The keys of bytes that were kept before that moment, whether a row names them or not: what a request
        that was cut off has left behind is among them."""
        self._store()  # which makes the folder
        for found in self._store().list():
            yield from (each["path"] for each in found if each["last_modified"] < moment)

    def delete_unfinished(self, moment: datetime) -> None:
        """Remove what was begun before that moment and never became bytes of a key: a process was killed while it
        kept them. The store itself neither lists nor removes these."""
        for path in self._folder.glob("*/*#*"):
            with suppress(OSError):
                if path.stat().st_mtime < moment.timestamp():
                    path.unlink()

    def delete(self, key: str) -> None:
        """Remove the bytes of `key`, if they are there."""
        try:
            self._store().delete(key)
        except Exception:  # noqa: BLE001 - what is not there need not be removed
            return


def attach(session: WalledSession, store: Store, record_id: int, name: str, data: bytes, media_type: str) -> File:
    """Hang a file on a record, or replace the one of the same name there; what people have sent is never replaced.
    The same bytes again change nothing. Raises StorageError when the bytes cannot be kept."""
    name = label(name)
    digest = hashlib.sha256(data).hexdigest()
    given = select(File).where(File.parent_id == record_id, File.name == name, File.author_name == "")
    file: File | None = session.scalar(given.where(File.message_id.is_(None)))
    if file is not None and file.sha256 == digest:
        return file
    key = keep_bytes(session, store, data)
    if file is None:
        file = File(parent_id=record_id, name=name)
        session.add(file)
    else:
        session.info.setdefault(_REPLACED, []).append((store, file.key))
    file.media_type, file.size, file.sha256, file.key = media_type, len(data), digest, key
    session.flush()
    return file


def hang(session: WalledSession, store: Store, record_id: int, upload: Upload, **columns: Any) -> File:
    """Hang what somebody sent on a record, beside whatever hangs there. `columns` are the file's others: whose it
    is, the message that it came with, whether clients see it. Raises StorageError when it cannot be kept."""
    file = File(
        parent_id=record_id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        key=keep_bytes(session, store, upload.stream),
        **columns,
    )
    session.add(file)
    session.flush()
    return file


def keep_bytes(session: WalledSession, store: Store, data: bytes | IO[bytes]) -> str:
    """Keep bytes for a row that is about to name their key: they go again where the transaction is undone."""
    key = store.put(data)
    session.info.setdefault(_WRITTEN, []).append((store, key))
    return key


@event.listens_for(WalledSession, "after_commit")
def _drop_replaced(session: WalledSession) -> None:
    if session.within is not None:  # kept only if that one is
        for kind in (_WRITTEN, _REPLACED):
            session.within.info.setdefault(kind, []).extend(session.info.pop(kind, []))
        return
    session.info.pop(_WRITTEN, None)
    for store, key in session.info.pop(_REPLACED, []):
        store.delete(key)


@event.listens_for(WalledSession, "after_transaction_end")
def _drop_written(session: WalledSession, transaction: SessionTransaction) -> None:
    # Whichever way it ended: a close undoes what was not committed, and is no rollback to listeners.
    if transaction.parent is not None:
        return
    session.info.pop(_REPLACED, None)
    for store, key in session.info.pop(_WRITTEN, []):
        store.delete(key)

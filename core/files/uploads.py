"""What people send: looked at before it is kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from core.files.checks import TYPES
from core.files.names import label
from core.i18n import gettext

_MEGA = 1024 * 1024
#: bytes of one file, files at once, and bytes of all of them
LARGEST, MOST, LARGEST_TOGETHER = 20 * _MEGA, 10, 50 * _MEGA
#: bytes of a request that may carry files: those, and what is typed beside them
LARGEST_REQUEST = LARGEST_TOGETHER + 4 * _MEGA
_PIECE = 256 * 1024


class UploadRefused(ValueError):
    """A file that is not taken; the text says why, and what is, to whoever sent it."""


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and may be kept. `name` is a label; `stream` holds its bytes for as long as the
    request lasts."""

    name: str
    media_type: str
    size: int
    sha256: str
    stream: IO[bytes]


def allowed() -> str:
    """The endings that are taken, for people."""
    return ", ".join(ending.removeprefix(".").upper() for ending in TYPES)


def take_upload(name: str, stream: IO[bytes]) -> Upload:
    """Look at a file that somebody sent under this name: its size, and whether its content is what the ending of
    its name says. Nothing of it is unpacked or run. Raises UploadRefused. `stream` can be sought in."""
    name = label(name.replace("\\", "/").rpartition("/")[2])
    kind = TYPES.get("".join(name.rpartition(".")[1:]).lower())
    if kind is None:
        raise UploadRefused(
            gettext("“%(name)s” is of a type that is not taken. Send %(types)s.", name=name, types=allowed())
        )
    size, digest = _measured(stream, name)
    if not size:
        raise UploadRefused(gettext("“%(name)s” is empty.", name=name))
    if not kind.matches(stream):
        raise UploadRefused(
            gettext(
                "“%(name)s” could not be taken: it is damaged, too large when opened, or not what its name says. "
                "Save it anew and send it again, or send another type: %(types)s.",
                name=name,
                types=allowed(),
            )
        )
    return Upload(name, kind.media_type, size, digest, stream)


def take_uploads(sent: Iterable[tuple[str, IO[bytes]]]) -> list[Upload]:
    """The same for all files of one request, as pairs (name, stream): no more, and no larger together, than may be
    sent at once. A control that was left empty, which has no name, is no file."""
    given = [(name, stream) for name, stream in sent if name]
    if len(given) > MOST:
        raise UploadRefused(gettext("Send at most %(most)s files at once.", most=MOST))
    taken = [take_upload(name, stream) for name, stream in given]
    if sum(each.size for each in taken) > LARGEST_TOGETHER:
        raise UploadRefused(gettext("The files are larger than %(most)s MB together.", most=LARGEST_TOGETHER // _MEGA))
    return taken


def _measured(stream: IO[bytes], name: str) -> tuple[int, str]:
    stream.seek(0)
    size, digest = 0, hashlib.sha256()
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise UploadRefused(gettext("“%(name)s” is larger than %(most)s MB.", name=name, most=LARGEST // _MEGA))
        digest.update(piece)
    return size, digest.hexdigest()

"""A signature that was drawn: a small picture, sent as text, and looked at before it is kept."""

import base64
import binascii
import io
from typing import Final

from PIL import Image

from core.files.uploads import UploadRefused
from core.i18n import gettext

_PREFIX: Final = "data:image/png;base64,"
#: bytes of the picture, the text that holds them, and pixels of each side
MOST_BYTES: Final = 100_000
MOST_TEXT: Final = len(_PREFIX) + MOST_BYTES * 4 // 3 + 4
_MOST_SIDE: Final = 2000


def read_drawing(text: str) -> bytes | None:
    """The picture in `text` (a PNG in base64, as a canvas gives it) as a plain PNG, dark on white, without anything
    else that was in the file; None for no text. Raises UploadRefused for what is no such picture, too large, or
    shows nothing."""
    if not text:
        return None
    if len(text) > MOST_TEXT:
        raise UploadRefused(gettext("The signature is too large. Draw it anew, or leave it out: your name is enough."))
    try:
        data = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        picture = _opened(data)
    except (binascii.Error, ValueError, OSError, SyntaxError, Image.DecompressionBombError):
        raise UploadRefused(
            gettext("The signature is no picture that can be read. Draw it anew, or leave it out: your name is enough.")
        ) from None
    if picture.getextrema() == (255, 255):
        raise UploadRefused(
            gettext("Nothing is drawn as the signature. Draw it, or leave it out: your name is enough.")
        )
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


def _opened(data: bytes) -> Image.Image:
    """The picture in grey on white. Its size is looked at before anything of it is unpacked."""
    with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
        width, height = opened.size
        if width > _MOST_SIDE or height > _MOST_SIDE:
            raise ValueError(f"{width} x {height} pixels")
        drawn = opened.convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    return paper.convert("L")

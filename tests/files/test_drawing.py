"""A signature that was drawn is a small picture or it is refused with a sentence."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from core.files.drawing import MOST_TEXT, read_drawing
from core.files.uploads import UploadRefused


def png(picture: Image.Image, **more: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG", **more)
    return made.getvalue()


def drawn() -> Image.Image:
    picture = Image.new("RGBA", (600, 200))
    ImageDraw.Draw(picture).line((20, 150, 300, 40, 560, 120), fill=(17, 17, 17, 255), width=3)
    return picture


def encoded(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def huge(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_drawing_is_kept_as_a_plain_picture_dark_on_white() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "where it was made")
    for text in (encoded(png(drawn(), pnginfo=told)), base64.b64encode(png(drawn())).decode()):
        kept = read_drawing(text)
        assert kept is not None
        assert b"where it was made" not in kept
        with Image.open(io.BytesIO(kept)) as opened:
            assert (opened.mode, opened.size, opened.getpixel((0, 0)), opened.getextrema()[0]) == (
                "L", (600, 200), 255, 17
            )  # fmt: skip
    assert read_drawing("") is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("not base64 at all", "no picture"),
        (encoded(b""), "no picture"),
        (encoded(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "no picture"),
        (encoded(png(drawn())[:200]), "no picture"),
        (encoded(huge(50_000, 50_000)), "no picture"),
        (encoded(huge(2001, 10)), "no picture"),
        (encoded(huge(0, 0)), "no picture"),
        ("A" * (MOST_TEXT + 1), "too large"),
        (encoded(png(Image.new("RGBA", (600, 200)))), "Nothing is drawn"),
        (encoded(png(Image.new("RGB", (600, 200), "white"))), "Nothing is drawn"),
        ("\x00\ud800", "no picture"),
    ],
)
def test_what_is_no_drawing_is_refused_with_a_sentence(sent: str, said: str) -> None:
    with pytest.raises(UploadRefused, match=said):
        read_drawing(sent)


def test_other_kinds_of_pictures_are_refused() -> None:
    for kind in ("GIF", "JPEG", "WEBP", "TIFF"):
        made = io.BytesIO()
        drawn().convert("RGB").resize((60, 20)).save(made, kind)
        with pytest.raises(UploadRefused, match="no picture"):
            read_drawing(encoded(made.getvalue()))

"""Files as people send them, and as those do who mean harm."""

import io
import struct
import zipfile
import zlib

from PIL import Image

_MAIN = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}
_OPEN = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
SCRIPT = b"<script>document.title='run'</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture of that kind."""
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind)
    return made.getvalue()


def huge_png(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of few bytes that says that it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(64))) + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_webp(kind: bytes, side: int = 16_000) -> bytes:
    """A WebP of few bytes that says that it is so large, in each of the three ways to say it."""
    bodies = {
        b"VP8X": bytes(4) + (side - 1).to_bytes(3, "little") * 2,
        b"VP8L": b"\x2f" + (side - 1 | side - 1 << 14).to_bytes(4, "little") + bytes(40),
        b"VP8 ": b"\x10\x02\x00\x9d\x01\x2a" + side.to_bytes(2, "little") * 2 + bytes(40),
    }
    chunk = kind + len(bodies[kind]).to_bytes(4, "little") + bodies[kind]
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def office(ending: str, **more: bytes) -> bytes:
    """A document as office programs pack it, with more entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        if ending in _OPEN:
            packed.writestr(zipfile.ZipInfo("mimetype"), _OPEN[ending])
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(_MAIN[ending], "<w/>")
        for name, data in more.items():
            packed.writestr(name, data)
    return made.getvalue()


def bomb(ending: str = "docx", copies: int = 100) -> bytes:
    """42 kB that unpack to four gigabytes: one entry of zeros that the list of contents names so many times."""
    made = office(ending, zeros=bytes(42_000_000))
    start = made.rindex(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entry, tail = made[start:end], bytearray(made[end:])
    listed = int.from_bytes(tail[8:10], "little") + copies - 1
    tail[8:12] = listed.to_bytes(2, "little") * 2
    tail[12:16] = (int.from_bytes(tail[12:16], "little") + len(entry) * (copies - 1)).to_bytes(4, "little")
    return made[:end] + entry * (copies - 1) + bytes(tail)


def many_entries(count: int = 200_000) -> bytes:
    """A document that lists so many entries, and says in its end that they are few."""
    made = bytearray(office("docx"))
    end = made.index(b"PK\x05\x06")
    start = made.rindex(b"PK\x01\x02")
    entry, tail = bytes(made[start:end]), made[end:]
    tail[12:16] = (int.from_bytes(tail[12:16], "little") + len(entry) * count).to_bytes(4, "little")
    return bytes(made[:end]) + entry * count + bytes(tail)

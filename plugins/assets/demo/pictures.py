"""Photographs of the demonstration's assets, both drawn here."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (800, 600)
_WALL = (203, 198, 186)


def _wall() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A wall on which the light falls from above."""
    image = Image.new("RGB", _SIZE, _WALL)
    draw = ImageDraw.Draw(image)
    for y in range(0, _SIZE[1], 4):
        shade = y // 14
        draw.line((0, y, _SIZE[0], y), fill=(212 - shade, 206 - shade, 194 - shade), width=4)
    return image, draw


def _taken(image: Image.Image, degrees: float) -> bytes:
    """As a telephone would have taken it, as JPEG."""
    turned = image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=(190, 184, 172))
    kept = BytesIO()
    turned.filter(ImageFilter.GaussianBlur(0.7)).save(kept, "JPEG", quality=76)
    return kept.getvalue()


def draw_panel() -> bytes:
    """A fire panel with its lamps, one of them lit green."""
    image, draw = _wall()
    draw.rounded_rectangle((230, 90, 570, 510), 14, fill=(172, 52, 34), outline=(112, 32, 20), width=6)
    draw.rectangle((270, 140, 530, 250), fill=(28, 46, 32), outline=(14, 22, 16), width=5)
    for row in range(4):
        draw.rectangle((284, 156 + row * 22, 284 + 60 + row * 38, 166 + row * 22), fill=(120, 214, 110))
    for number in range(6):
        x, lit = 282 + number * 42, number == 0
        draw.ellipse((x, 290, x + 22, 312), fill=(80, 214, 96) if lit else (92, 80, 60), outline=(60, 40, 20), width=3)
    for row in range(2):
        for column in range(3):
            x, y = 286 + column * 82, 350 + row * 62
            draw.rounded_rectangle((x, y, x + 60, y + 40), 7, fill=(232, 226, 214), outline=(120, 110, 96), width=3)
    return _taken(image, -1.2)


def draw_extinguisher() -> bytes:
    """An extinguisher below its sign."""
    image, draw = _wall()
    draw.rectangle((330, 40, 470, 150), fill=(196, 40, 28), outline=(240, 236, 228), width=6)
    draw.rounded_rectangle((384, 72, 414, 132), 8, fill=(240, 236, 228))
    draw.line((399, 72, 424, 58), fill=(240, 236, 228), width=8)
    draw.rounded_rectangle((340, 240, 460, 560), 44, fill=(190, 34, 24), outline=(122, 20, 14), width=5)
    draw.rectangle((352, 350, 448, 450), fill=(236, 230, 218))
    for row in range(4):
        draw.line((362, 368 + row * 20, 438, 368 + row * 20), fill=(120, 110, 96), width=4)
    draw.rectangle((384, 196, 416, 246), fill=(58, 58, 60))
    draw.line((400, 200, 468, 178), fill=(40, 40, 42), width=12)
    draw.arc((430, 190, 520, 420), 270, 90, fill=(34, 34, 36), width=14)
    return _taken(image, 1.0)

"""The files of the demonstration's cases: a photograph and a certificate, both made here."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core.api import World, make_pdf

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_SIZE = (960, 720)


def draw_panel() -> bytes:
    """A fire panel on a wall, as a telephone would have taken it, as JPEG."""
    image = Image.new("RGB", _SIZE, (196, 190, 178))
    draw = ImageDraw.Draw(image)
    for y in range(0, _SIZE[1], 4):  # the light comes from above
        draw.line((0, y, _SIZE[0], y), fill=(206 - y // 16, 200 - y // 16, 188 - y // 16), width=4)
    draw.rounded_rectangle((210, 110, 750, 610), 18, fill=(168, 49, 31), outline=(110, 30, 18), width=6)
    draw.rectangle((270, 180, 690, 330), fill=(26, 44, 30), outline=(12, 20, 14), width=6)
    font = ImageFont.load_default(46)
    draw.text((296, 196), "AVERÍA ZONA 3", font=font, fill=(140, 235, 120))
    draw.text((296, 258), "SÓTANO", font=font, fill=(140, 235, 120))
    for number in range(8):
        x, lit = 290 + number * 52, number == 2
        draw.ellipse((x, 380, x + 26, 406), fill=(255, 196, 40) if lit else (96, 84, 60), outline=(60, 40, 20), width=3)
    for row in range(2):
        for column in range(4):
            x, y = 286 + column * 104, 450 + row * 66
            draw.rounded_rectangle((x, y, x + 76, y + 44), 8, fill=(232, 226, 214), outline=(120, 110, 96), width=3)
    taken = image.rotate(1.6, resample=Image.Resampling.BICUBIC, fillcolor=(188, 182, 170))
    kept = BytesIO()
    taken.filter(ImageFilter.GaussianBlur(0.8)).save(kept, "JPEG", quality=78)
    return kept.getvalue()


def print_certificate(world: World) -> bytes:
    """A certificate of the yearly inspection, as PDF."""
    return make_pdf(
        _TEMPLATE,
        {
            "firm": world.tenant.name,
            "accent": world.tenant.accent,
            "client": world.accounts["hotel"].name,
            "site": world.sites["hotel/centro"].name,
            "day": f"{world.today:%d/%m/%Y}",
        },
    )

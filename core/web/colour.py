"""The tenant's accent, made safe to read on. Contrast as in WCAG 2.2, "relative luminance"."""

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT = "#1f5f8b"
_READABLE = 4.5


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ("#rrggbb"), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on_paper(accent: str) -> str:
    """The accent as a colour of text on white: darkened as far as it has to be to be read. What is no
    colour gives the default."""
    colour = _colour(accent)
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for part in range(100, -1, -1):
        darker = "#" + "".join(f"{c * part // 100:02x}" for c in channels)
        if contrast(darker, "#ffffff") >= _READABLE:
            break
    return darker


def _colour(accent: str) -> str:
    return accent.lower() if _HEX.fullmatch(accent) else _DEFAULT


def theme_css(accent: str) -> str:
    """A stylesheet with the accent and the colour of text upon it: white where it can be read, else
    black. What is no colour gives the default."""
    colour = _colour(accent)
    text = "#ffffff" if contrast(colour, "#ffffff") >= _READABLE else "#000000"
    return f":root{{--postigo-accent:{colour};--postigo-accent-text:{text}}}\n"

"""The accent colour for light and dark pages: an operator picks one colour, and both stay readable (WCAG 2.2, AAA)."""

from __future__ import annotations

import colorsys
import re

from taperbot.errors import UsageError

LIGHT_PAGE = "#faf6ef"
DARK_PAGE = "#1d2123"
CONTRAST = 7.0
MOST_SATURATION = 0.42
"""On a dark page a strong colour glares."""

Rgb = tuple[int, int, int]


def accents(colour: str) -> tuple[str, str]:
    """`colour` (#rrggbb) made dark enough for the light page, and light enough for the dark one."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise UsageError(f"The accent colour is {colour!r}; wanted six hexadecimal digits such as #0b5a52.")
    return _readable(colour, LIGHT_PAGE, -1), _readable(colour, DARK_PAGE, 1)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (#rrggbb), 1 to 21."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, page: str, step: int) -> str:
    """The colour, lightened or darkened in its own hue until it can be read on `page`."""
    red, green, blue = (channel / 255 for channel in _rgb(colour))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    percent = round(lightness * 100)
    while contrast(colour, page) < CONTRAST and 0 <= percent + step <= 100:
        percent += step
        muted = min(saturation, MOST_SATURATION) if step > 0 else saturation
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, percent / 100, muted))
    return colour


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

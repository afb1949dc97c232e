"""A provider's one accent colour, made legible: the nearest shade of it that WCAG 2.2 AA allows on our papers.

Text needs a contrast of 4.5 to 1 with what it stands on (1.4.3). The shade for light pages is darkened and the one for
dark pages lightened, step by step, until it has that; the words on a filled button are chosen the same way.
"""

from __future__ import annotations

import colorsys
import re
from typing import Final, NamedTuple

AA: Final = 4.5
FALLBACK: Final = "#1b4f72"
LIGHT_PAPERS: Final = ("#fbfaf7", "#ffffff", "#f3f0e9", "#fbeae5", "#f9efdb", "#e8f1e9")
DARK_PAPERS: Final = ("#161513", "#1f1d1a", "#292622", "#3a1e18", "#362a15", "#1c2f22")
"""The papers of the style sheet that accent-coloured words stand on; a test holds the two together."""

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS: Final = 100


class Shades(NamedTuple):
    """An accent as pages use it: its shade on light and on dark paper, and the words on a button filled with each."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def shades(accent: str) -> Shades:
    """The legible shades of a colour written `#rrggbb`; of the house's own colour where it is none."""
    colour = accent if _COLOUR.fullmatch(accent) else FALLBACK
    light = _moved(colour, LIGHT_PAPERS, towards=0.0)
    dark = _moved(colour, DARK_PAPERS, towards=1.0)
    return Shades(light, _words_on(light), dark, _words_on(dark))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG's formula, between 1 and 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _moved(colour: str, papers: tuple[str, ...], *, towards: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    for step in range(_STEPS + 1):
        tried = lightness + (towards - lightness) * step / _STEPS
        shade = _hex(colorsys.hls_to_rgb(hue, tried, saturation))
        if all(contrast(shade, paper) >= AA for paper in papers):
            return shade
    raise AssertionError("black and white are legible on every paper")


def _words_on(fill: str) -> str:
    return max(("#ffffff", "#161513"), key=lambda words: contrast(words, fill))


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)

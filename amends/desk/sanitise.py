"""HTML that a stranger sent: made safe to show, and told as plain text (L25).

Safe means: an allow-list of tags, no scripts, forms, styles or remote images; links only to the web, mail and phone,
marked `noopener noreferrer nofollow`. What would cost minutes or gigabytes to lay out is told without layout.
"""

import html
import re
from collections import Counter
from itertools import accumulate
from typing import Final, NamedTuple

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

#: Longer HTML is told as bare text; pictures written into the HTML itself do not count.
HTML_LIMIT: Final = 500_000
#: Beyond these the HTML is told as bare text: measured, nh3 needs gigabytes and lxml loses the text.
OPEN_TAGS_LIMIT: Final = 2_000
REPEATED_TAGS_LIMIT: Final = 500_000
LAYOUT_DEPTH_LIMIT: Final = 200
LAYOUT_INDENT_LIMIT: Final = 2_000_000
LAYOUT_AREA_LIMIT: Final = 5_000_000
LAYOUT_CELLS_LIMIT: Final = 20_000

_TAGS: Final = (
    "a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del dfn div dl dt em font "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup "
    "table tbody td tfoot th thead tr tt u ul var"
)
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"head", "noembed", "noframes", "object", "script", "style", "template", "title"},
    attributes={
        "*": {"dir", "lang"},
        "a": {"href", "title"},
        "abbr": {"title"},
        "img": {"alt"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)
_LAYOUT: Final = ParserConfig(css=CSS_PROFILES["strict"], display_images=True)

_WRITTEN_IN: Final = re.compile(
    r"data:[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_BREAKING_TAG: Final = re.compile(
    r"</?(?:address|blockquote|br|caption|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|td|th|tr|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_UNSEEN: Final = ("script", "style", "title")
_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param", "wbr"})
#: Tags whose end nobody writes: an open one says nothing about depth.
_SELF_ENDING: Final = _VOID | {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option"}
#: Tags that a browser opens again in every paragraph until they are closed.
_REPEATED: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")


class Sanitised(NamedTuple):
    """Safe HTML ("" where there is none to show), the same as plain text, and what was odd ("" if nothing)."""

    html: str
    text: str
    odd: str


def sanitise(source: str, limit: int = HTML_LIMIT) -> Sanitised:
    """Some HTML made safe, and told as text; what is longer than `limit` or too tangled is told as bare text only.

    Bounded: the worst page costs about two seconds, a usual one milliseconds.
    """
    source = _WRITTEN_IN.sub("", source)
    if len(source) > limit:
        return Sanitised("", bare_text(source), "too much HTML: told as plain text")
    if _is_tangled(source):
        return Sanitised("", bare_text(source), "HTML too tangled to show: told as plain text")
    safe = _CLEANER.clean(source)
    return Sanitised(safe, _text(safe), "")


def as_html(text: str) -> str:
    """Plain text as HTML that keeps its lines."""
    return f"<pre>{html.escape(text)}</pre>"


def bare_text(source: str) -> str:
    """The words of some HTML without any layout, in time proportional to its length."""
    for name in _UNSEEN:
        source = _without_element(source, name)
    source = _ANY_TAG.sub("", _BREAKING_TAG.sub("\n", source))
    return _tidy(html.unescape(source))


def _text(safe: str) -> str:
    """Safe HTML as text, its tables laid out where that is cheap."""
    if _is_costly(safe):
        return bare_text(safe)
    return _tidy(get_text(safe, _LAYOUT)) if safe.strip() else ""


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _is_tangled(source: str) -> bool:
    """Whether so many tags stay open that a browser's rules would repeat or nest them without end."""
    standing: Counter[str] = Counter()
    deepest = repeated = count = 0
    for match in _TAG.finditer(source):
        name = match[2].lower()
        count += 1
        if name in _SELF_ENDING:
            continue
        standing[name] = max(0, standing[name] + (-1 if match[1] else 1))
        deepest = max(deepest, standing[name])
        if name in _REPEATED:
            repeated = max(repeated, standing[name])
    return deepest * max(1, len(standing)) > OPEN_TAGS_LIMIT or repeated * count > REPEATED_TAGS_LIMIT


def _is_costly(safe: str) -> bool:
    """Whether laying out well-formed HTML would lose text (depth) or fill the memory (wide, long tables)."""
    steps = [-1 if match[1] else 1 for match in _TAG.finditer(safe) if match[2] not in _VOID]
    deepest = max(accumulate(steps), default=0)
    lines = len(steps) + safe.count("<br")
    rows = safe.split("<tr")
    area = len(rows) * max(len(row) for row in rows)
    cells = safe.count("<td") + safe.count("<th")
    return (
        deepest > LAYOUT_DEPTH_LIMIT
        or deepest * lines > LAYOUT_INDENT_LIMIT
        or area > LAYOUT_AREA_LIMIT
        or cells > LAYOUT_CELLS_LIMIT
    )


def _without_element(source: str, name: str) -> str:
    """The source without the elements of one name and what they hold; one that never ends is left standing."""
    lowered = source.lower() if source.isascii() else source.translate(_LOWER)
    kept: list[str] = []
    position = 0
    while (begin := lowered.find(f"<{name}", position)) >= 0:
        end = lowered.find(f"</{name}", begin)
        if end < 0:
            break
        kept.append(source[position:begin])
        position = end
    return "".join((*kept, source[position:]))


_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

"""Writes HTML in which text can do no harm: every word is cleaned and escaped as it goes in, and never read as markup.

Only `tag` and `joined` make `Html`, and only from text that they have escaped themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from amends.core import saying
from amends.core.letters.blocks import clean

VOID = frozenset({"br", "hr", "link", "meta", "wbr"})
"""Elements that hold nothing and have no end tag."""


class Html(str):
    """Text that is already markup."""

    __slots__ = ()


Child = str | Html | None
Attribute = str | bool | None


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """An element. An attribute that is None or False is left out; `class_` is written `class`, `data_x` `data-x`."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Iterable[Child], between: str | Html = "") -> Html:
    """Pieces one after the other; what is plain text is escaped."""
    return Html(_child(between).join(_child(child) for child in children if child is not None))


def lines(text: str) -> Html:
    """Text whose line breaks are kept."""
    return Html("<br>".join(str(_child(line)) for line in clean(text).split("\n")))


def _child(child: str | Html) -> str:
    return child if isinstance(child, Html) else escape(saying.unbroken(clean_inside(child)))


def clean_inside(text: str) -> str:
    """The text cleaned, the gaps at its ends kept: it may stand beside other words."""
    if not text.strip():
        return " " if text else ""
    start, end = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if start else ''}{clean(text)}{' ' if end else ''}"


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(clean(value))}"'

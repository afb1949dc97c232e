"""Reads a page of HTML strictly, and says what is wrong with it: nesting, ids, headings, language, title, places of links.

HTML's own rules forgive much; here every element is closed where it was opened, and stands where it may.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
PHRASING = frozenset(
    {
        "a",
        "abbr",
        "br",
        "button",
        "code",
        "del",
        "em",
        "img",
        "input",
        "ins",
        "label",
        "small",
        "span",
        "strong",
        "wbr",
    }
)
ONLY_PHRASING = frozenset({"p", "h1", "h2", "h3", "h4", "span", "strong", "a", "dt", "title"})
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"div", "dt", "dd"}, "html": {"head", "body"}}
PARENTS = {"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Element:
    """An element with what stands in it."""

    name: str
    attributes: dict[str, str | None]
    inside: list[Element | str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """This element and those in it, in reading order, by these names; all of them without names."""
        if not names or self.name in names:
            yield self
        for child in self.inside:
            if isinstance(child, Element):
                yield from child.all(*names)

    def get(self, attribute: str) -> str:
        return self.attributes.get(attribute) or ""

    @property
    def text(self) -> str:
        """Every word in it, white space made single."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.inside:
            if isinstance(child, str):
                yield child
            else:
                yield " " if child.name not in PHRASING or child.name == "br" else ""
                yield from child._words()
                yield " " if child.name not in PHRASING else ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page", {})
        self.open = [self.root]
        self.wrong: list[str] = []
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment: {data!r}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) != len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice: {attrs}")
        parent = self.open[-1].name
        if tag not in PHRASING and parent in ONLY_PHRASING:
            self.wrong.append(f"<{tag}> within <{parent}>")
        if tag not in CHILDREN.get(parent, {tag}) or parent not in PARENTS.get(tag, {parent}):
            self.wrong.append(f"<{tag}> directly within <{parent}>")
        if tag == "a" and any(element.name == "a" for element in self.open):
            self.wrong.append("a link within a link")
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) == 1 or self.open[-1].name != tag:
            self.wrong.append(f"</{tag}> closes <{self.open[-1].name}>")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1].name in CHILDREN:
            self.wrong.append(f"text directly within <{self.open[-1].name}>: {data!r}")
        self.open[-1].inside.append(data)


def read(html: str) -> tuple[Element, list[str]]:
    """The page and everything that is wrong with its nesting."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    left = [f"<{element.name}> is never closed" for element in reader.open[1:]]
    return reader.root, [*reader.wrong, *left]


def page(html: str) -> Element:
    """A whole page, once everything that a browser and a screen reader ask of it is found to be there."""
    root, wrong = read(html)
    assert wrong == []
    assert html.lower().startswith("<!doctype html>")
    whole = next(root.all("html"))
    assert whole.get("lang") == "en-GB"
    assert next(whole.all("title")).text
    assert any(meta.get("charset") == "utf-8" for meta in whole.all("meta"))
    assert any("width=device-width" in meta.get("content") for meta in whole.all("meta"))
    fragment(whole)
    assert len(list(whole.all("main"))) == 1
    return whole


def fragment(whole: Element) -> None:
    """Check ids, headings, labels and links of a page or of a part of one."""
    ids = [element.get("id") for element in whole.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    assert all(ids)
    levels = [HEADINGS.index(element.name) + 1 for element in whole.all(*HEADINGS)]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert all(element.text for element in whole.all(*HEADINGS, "a", "dt", "dd", "li"))
    for element in whole.all():
        assert element.get("aria-labelledby") in (*ids, ""), element.attributes
        assert not any(name.startswith("on") or name == "style" for name in element.attributes)
    for link in whole.all("a"):
        if link.get("href").startswith("#"):
            assert link.get("href")[1:] in ids, link.attributes

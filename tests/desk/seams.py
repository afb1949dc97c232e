"""What can be wrong with a page without looking at it: labels, headings, names, handlers, forms (WCAG 2.2 A and AA)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

Fault = Callable[[Any], Iterator[str]]


def faults(doc: Any) -> list[str]:
    """Everything that is wrong with this page."""
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(doc)]


def _shown(element: Any) -> str:
    return " ".join(f"{name}={value!r}" for name, value in element.attrib.items()) or element.tag


def _words(element: Any) -> str:
    return " ".join((element.get("aria-label") or element.text_content()).split())


def language_and_title(doc: Any) -> Iterator[str]:
    """3.1.1 and 2.4.2: the language is said, and what the page is."""
    if doc.get("lang") != "en-GB":
        yield f"lang is {doc.get('lang')!r}"
    titles = doc.xpath("//head/title")
    if len(titles) != 1 or not _words(titles[0]).strip(" ·"):
        yield "no title"


def landmarks(doc: Any) -> Iterator[str]:
    """2.4.1: one main part, and a way straight to it."""
    mains = doc.xpath("//main[@id]")
    if len(mains) != 1:
        yield f"{len(mains)} main parts"
    elif not doc.xpath(f'//body/a[@href="#{mains[0].get("id")}"]') and doc.xpath("//header"):
        yield "no way past the head"


def headings_in_order(doc: Any) -> Iterator[str]:
    """1.3.1: one heading of the page, and no level left out."""
    levels = [int(h.tag[1]) for h in doc.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    if levels.count(1) != 1 or (levels and levels[0] != 1):
        yield f"headings are {levels}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"
    yield from ("an empty heading" for h in doc.xpath("//h1|//h2|//h3") if not _words(h))


def every_box_has_its_label(doc: Any) -> Iterator[str]:
    """1.3.1 and 4.1.2: whoever cannot see the page is told what to fill in."""
    labels = {label.get("for") for label in doc.xpath("//label[@for]") if _words(label)}
    for box in doc.xpath("//input|//select|//textarea"):
        if box.get("type") in ("hidden", "submit"):
            continue
        if box.get("id") not in labels and not box.get("aria-label") and not box.xpath("ancestor::label"):
            yield _shown(box)
    yield from (f"label for nothing: {f}" for f in labels if f and not doc.xpath(f'//*[@id="{f}"]'))


def groups_have_their_question(doc: Any) -> Iterator[str]:
    """1.3.1: answers that belong together stand under their question."""
    for radio in doc.xpath('//input[@type="radio"]'):
        if not radio.xpath("ancestor::fieldset[legend]"):
            yield _shown(radio)


def ids_are_unique_and_references_lead_somewhere(doc: Any) -> Iterator[str]:
    """4.1.2: what an element says it is named or described by is there, once."""
    ids = Counter(doc.xpath("//@id"))
    yield from (f"{n} times {name}" for name, n in ids.items() if n > 1)
    for attribute in ("aria-labelledby", "aria-describedby"):
        for element in doc.xpath(f"//*[@{attribute}]"):
            yield from (f"{attribute}={r}" for r in element.get(attribute).split() if r not in ids)
    for link in doc.xpath('//a[starts-with(@href, "#")]'):
        if link.get("href")[1:] not in ids:
            yield f"link to {link.get('href')}"


def links_and_buttons_have_words(doc: Any) -> Iterator[str]:
    """2.4.4 and 4.1.2."""
    yield from (_shown(e) for e in doc.xpath("//a[@href]|//button|//summary") if not _words(e))
    seen: dict[str, str] = {}
    for link in doc.xpath("//a[@href]"):
        words, address = _words(link), link.get("href")
        if seen.setdefault(words, address) != address and words in ("here", "more", "Why this date"):
            yield f"{words!r} leads to two places"


def nothing_inline(doc: Any) -> Iterator[str]:
    """No handler, script or style in the page: our content policy would stop it, and hostile words could use it."""
    for element in doc.iter():
        if not isinstance(element.tag, str):
            continue
        yield from (
            f"{name} on {element.tag}" for name in element.attrib if name.startswith("on") or name == "style"
        )
    yield from ("an inline script" for s in doc.xpath("//script[not(@src)]") if s.text)
    yield from ("an inline style" for _ in doc.xpath("//style"))
    yield from (
        a for a in doc.xpath("//@href|//@action|//@src") if a.strip().lower().startswith("javascript:")
    )
    yield from (
        f"from elsewhere: {a}" for a in doc.xpath("//script/@src|//link/@href|//img/@src") if "//" in a
    )


def forms_are_guarded(doc: Any) -> Iterator[str]:
    """A form that changes something carries its token and a button; one that only asks is a GET."""
    for form in doc.xpath("//form"):
        if form.get("method", "get").lower() == "post" and not form.xpath(
            './/input[@name="csrfmiddlewaretoken"]'
        ):
            yield f"no token: {_shown(form)}"
        if not form.xpath(".//button"):
            yield f"no button: {_shown(form)}"
        if form.xpath(".//form"):
            yield "a form within a form"


def tables_and_pictures_tell_what_they_are(doc: Any) -> Iterator[str]:
    """1.1.1 and 1.3.1."""
    yield from ("a table without a caption" for t in doc.xpath("//table[not(caption)]") if t is not None)
    yield from ("a head of a table without its scope" for _ in doc.xpath("//th[not(@scope)]"))
    yield from (_shown(i) for i in doc.xpath("//img[not(@alt)]"))
    yield from ("a picture without words" for _ in doc.xpath('//*[@role="img"][not(title)]'))


def lists_hold_items(doc: Any) -> Iterator[str]:
    """1.3.1: a list holds items and nothing else; in a list of terms a division may keep a term with what it means."""
    terms = "self::dt or self::dd"
    strays = f"//dl/*[not({terms} or self::div[dt and dd])]|//dl/div/*[not({terms})]"
    for held in doc.xpath(f"//ul/*[not(self::li)]|//ol/*[not(self::li)]|{strays}"):
        yield f"{held.tag} straight in {held.getparent().tag}"


CHECKS: tuple[Fault, ...] = (
    language_and_title, landmarks, headings_in_order, every_box_has_its_label, groups_have_their_question,
    ids_are_unique_and_references_lead_somewhere, links_and_buttons_have_words, nothing_inline, forms_are_guarded,
    tables_and_pictures_tell_what_they_are, lists_hold_items,
)  # fmt: skip

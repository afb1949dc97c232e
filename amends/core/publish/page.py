"""The published code as HTML to stand in a page: the portal's or the static site's, the same words in both.

Nothing in it needs a script. Opening hours stand in words; a page that knows the time adds "Open now", the server for
the portal, a small script on a static site, which reads the hours from the attributes of their line.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.publish.around import Around, Edition
from amends.core.publish.markup import Child, Html, tag
from amends.core.publish.parts import COPIES, Part, dates_in_force, in_short, parts
from amends.core.publish.pieces import days, open_now, shown, value
from amends.core.publish.promised import serves
from amends.core.publish.published import (
    ContactShown,
    PublishedCode,
    Standing,
)
from amends.core.publish.telling import first_capital, point_label, point_words


def fragment(code: PublishedCode, around: Around) -> Html:
    """The whole published code, from its title on, headings from `h1` down."""
    laid_out = parts(code)
    return tag(
        "article",
        _head(code, around),
        short(code, around),
        _contents(laid_out),
        tag("div", *(_part(part, code, around) for part in laid_out), class_="code-parts"),
        class_="code",
    )


# --- The top of the page ----------------------------------------------------------------------------------------------


def _head(code: PublishedCode, around: Around) -> Html:
    return tag(
        "header",
        tag("h1", code.title),
        tag("p", tag("strong", dates_in_force(code)), f". Version: {code.version}.", class_="code-dates"),
        tag("p", f"For {serves(frozenset(code.serves))}.") if code.serves else None,
        _other_version(code, around),
        note(code),
        class_="code-head",
    )


def note(code: PublishedCode) -> Html | None:
    """How the file came about, where it tells: a reader must not take it for the provider's own page."""
    if not code.note:
        return None
    return tag(
        "div", tag("p", tag("strong", "About this document. "), code.note), class_="code-note", role="note"
    )


def _other_version(code: PublishedCode, around: Around) -> Html | None:
    if code.standing is Standing.IN_FORCE or not around.in_force:
        return None
    link = tag("a", "Read the version that is in force today", href=around.in_force)
    return tag("div", tag("p", link, "."), class_="code-note", role="note")


def short(code: PublishedCode, around: Around) -> Html:
    """The code in short: where to complain, and what happens by when."""
    rows = [
        tag(
            "div",
            tag("dt", row.what),
            tag("dd", tag("strong", first_capital(row.by_when)), f" {row.counted}" if row.counted else None),
        )
        for row in in_short(code)
    ]
    ways = [tag("li", *_way(point, around)) for point in code.to_complain]
    return tag(
        "section",
        tag("h2", "In short", id="short_"),
        tag("h3", "How to complain") if ways else None,
        tag("ul", *ways, class_="code-ways", **days(code)) if ways else None,
        tag("h3", "What happens, and by when"),
        tag("dl", *rows, class_="code-short"),
        class_="code-in-short",
        aria_labelledby="short_",
    )


def _way(point: ContactShown, around: Around) -> Iterator[Child]:
    yield tag("span", point_label(point), class_="code-label")
    yield " "
    yield value(point.value)
    if point.opening:
        yield tag("span", point_words(point)[0], class_="code-small code-line")
    yield open_now(point, around)


def _contents(laid_out: tuple[Part, ...]) -> Html:
    items = (tag("li", tag("a", part.title, href=f"#{part.id}")) for part in laid_out)
    return tag(
        "nav",
        tag("h2", "Contents", id="contents_"),
        tag("ol", *items),
        class_="code-contents",
        aria_labelledby="contents_",
    )


# --- The parts --------------------------------------------------------------------------------------------------------


def _part(part: Part, code: PublishedCode, around: Around) -> Html:
    return tag(
        "section",
        tag("h2", part.title, id=part.id),
        *(shown(piece, code, around) for piece in part.pieces),
        *(_to_take_away(around) if part.id == COPIES else ()),
        class_="code-part",
        aria_labelledby=part.id,
    )


# --- Files and versions -----------------------------------------------------------------------------------------------


def _to_take_away(around: Around) -> Iterator[Html]:
    if around.offers:
        yield tag("h3", "Files to take away")
        yield offers(around)
    if len(around.editions) > 1:
        yield tag("h3", "Every version")
        yield editions(around)


def offers(around: Around) -> Html:
    """The list of files."""
    items = (
        tag(
            "li",
            tag("a", offer.label, href=offer.href, download=offer.save),
            tag("span", f" {offer.about}", class_="code-small") if offer.about else None,
        )
        for offer in around.offers
    )
    return tag("ul", *items, class_="code-offers")


def editions(around: Around) -> Html:
    """The list of versions."""
    items = (tag("li", _edition(edition)) for edition in around.editions)
    return tag("ul", *items, class_="code-editions")


def _edition(edition: Edition) -> Html:
    if edition.here:
        return tag("strong", edition.label, " (this page)")
    return tag("a", edition.label, href=edition.href)

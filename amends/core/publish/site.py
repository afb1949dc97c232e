"""The pages of a static site: a front page, a page for each version, and what stands around them.

Every link is relative and names its file, so that the site works in any folder of any web host, and from a disk. Nothing
is fetched from anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from amends.core.dated import in_words
from amends.core.publish.around import Around
from amends.core.publish.as_blocks import title
from amends.core.publish.markup import Child, Html, tag
from amends.core.publish.page import editions, fragment, note, offers, short
from amends.core.publish.parts import dates_in_force
from amends.core.publish.published import PublishedCode

ASSETS = "assets"
STYLES = ("site.css", "code.css")
SCRIPT = "open-now.js"


@dataclass(frozen=True, slots=True)
class Shell:
    """Where a page stands in its site."""

    up: str
    """The way to the site's folder: empty, `../` or `../../`."""
    accent: str = ""
    """The name of a style sheet with the provider's colour; empty for the site's own."""


def front(code: PublishedCode, around: Around, shell: Shell) -> str:
    """The front page: how to complain, what happens by when, and the way to the code in each form and version."""
    return _document(
        title(code),
        code,
        shell,
        tag(
            "header",
            tag("h1", code.title),
            tag("p", tag("strong", dates_in_force(code)), ".", class_="code-dates"),
            note(code),
            class_="code-head",
        ),
        tag("p", tag("a", "Read the whole code", href=f"{shell.up}code/index.html", class_="site-button")),
        short(code, around),
        _listed("Files to take away", "files_", offers(around)) if around.offers else None,
        _listed("Every version", "versions_", editions(around)) if len(around.editions) > 1 else None,
    )


def version(code: PublishedCode, around: Around, shell: Shell, own: str = "") -> str:
    """The page of one version. `own` names it in the title, where several stand side by side."""
    return _document(f"{title(code)}{f', {own}' if own else ''}", code, shell, fragment(code, around))


def not_found(code: PublishedCode, shell: Shell) -> str:
    """The page that a web host may show in place of one that is not there."""
    return _document(
        f"Not here: {title(code)}",
        code,
        shell,
        tag("h1", "This page is not here"),
        tag("p", "It may have moved. ", tag("a", "Go to the first page", href=f"{shell.up}index.html"), "."),
    )


def _listed(heading: str, anchor: str, items: Html) -> Html:
    return tag("section", tag("h2", heading, id=anchor), items, aria_labelledby=anchor)


def _document(name: str, code: PublishedCode, shell: Shell, *body: Child) -> str:
    assets = f"{shell.up}{ASSETS}/"
    sheets = (*STYLES, shell.accent) if shell.accent else STYLES
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag(
            "meta", name="description", content=f"{title(code)}: how to complain, what happens, and by when."
        ),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", name),
        *(tag("link", rel="stylesheet", href=f"{assets}{sheet}") for sheet in sheets),
        tag("script", src=f"{assets}{SCRIPT}", defer=True),
    )
    page = tag(
        "body",
        tag("a", "Skip to the text", href="#text_", class_="site-skip"),
        _letterhead(code, shell),
        tag("main", *body, id="text_", tabindex="-1"),
        _foot(code),
    )
    return f"<!doctype html>\n{tag('html', head, page, lang='en-GB')}\n"


def _letterhead(code: PublishedCode, shell: Shell) -> Html:
    items = (
        ("How to complain", f"{shell.up}index.html"),
        ("The code", f"{shell.up}code/index.html"),
    )
    nav = tag(
        "nav", tag("ul", *(tag("li", tag("a", text, href=href)) for text, href in items)), aria_label="Pages"
    )
    return tag(
        "header",
        tag("div", tag("a", code.provider_name, href=f"{shell.up}index.html", class_="site-house"), nav),
        class_="site-letterhead",
    )


def _foot(code: PublishedCode) -> Html:
    return tag(
        "footer",
        tag("p", code.provider_name),
        tag("p", f"The law on this page is that of {in_words(code.as_of)}."),
        class_="site-foot",
    )

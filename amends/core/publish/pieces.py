"""Each piece of a published code as HTML: a clause, the ways of reaching the provider, a scheme, a change.

Opening hours stand in words, and in attributes of their line for the script of a static site to read.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import Final

from amends.core.code import Channel
from amends.core.letters.blocks import (
    Block,
    Bullets,
    Details,
    Heading,
    Link,
    Paragraph,
    Quote,
    clean,
    one_line,
)
from amends.core.publish.around import OPEN_NOW, Around
from amends.core.publish.as_blocks import APPLIES_TODAY
from amends.core.publish.changes import Run, runs
from amends.core.publish.markup import Html, joined, lines, tag
from amends.core.publish.parts import Panel, Piece, Points, Steps, Today
from amends.core.publish.published import (
    AppliesToday,
    Change,
    ChangeKind,
    ClauseShown,
    ContactShown,
    PublishedCode,
    SchemeShown,
)
from amends.core.publish.telling import (
    NOT_GIVEN,
    decision,
    first_capital,
    point_label,
    point_words,
    reaching,
    step_contact,
    step_words,
)
from amends.core.publish.ways import leads_to


def shown(piece: Piece, code: PublishedCode, around: Around) -> Html:
    """One piece of a part, headings from `h3` down."""
    match piece:
        case ClauseShown():
            return _clause(piece)
        case Points(points):
            return _points(points, code, around)
        case Steps(stages):
            items = (
                tag(
                    "li",
                    tag("strong", first_capital(stage.role), class_="code-role"),
                    *(tag("p", words) for words in step_words(stage)),
                    tag("p", value(step_contact(stage))) if step_contact(stage) else None,
                )
                for stage in stages
            )
            return tag("ol", *items, class_="code-steps")
        case Today(found):
            return _today(found)
        case Panel(scheme):
            return _panel(scheme)
        case Change():
            return _change(piece)
        case _:
            return block(piece)


def _clause(clause: ClauseShown) -> Html:
    lines_ = (promise for promise in clause.promises if promise.line and not promise.overtaken)
    return tag(
        "div",
        tag("h3", clause.heading) if clause.heading else None,
        *(tag("p", lines(words)) for words in clean(clause.says).split("\n\n") if words),
        tag("p", tag("strong", "Left empty in the document. "), clause.unknown, class_="code-gap")
        if clause.unknown
        else None,
        *(
            tag(
                "p",
                tag("strong", first_capital(promise.by_when)),
                f" {promise.line.removeprefix(promise.by_when).strip()}"
                if promise.line != promise.by_when
                else None,
                class_="code-when",
            )
            for promise in lines_
        ),
        _today(*clause.today) if clause.today else None,
        tag(
            "p", tag("a", clause.id, href=f"#{clause.id}", aria_label=f"Clause {clause.id}"), class_="code-id"
        ),
        class_="code-clause",
        id=clause.id,
    )


def _today(*found: AppliesToday) -> Html:
    return tag(
        "div",
        tag("p", tag("strong", APPLIES_TODAY), class_="code-today-title"),
        *(tag("p", note.text) for note in found),
        class_="code-today",
        role="note",
    )


def _points(points: tuple[ContactShown, ...], code: PublishedCode, around: Around) -> Html:
    rows = (
        tag("div", tag("dt", label), *(_point(point, around) for point in alike))
        for label, alike in groupby(points, key=point_label)
    )
    return tag("dl", *rows, class_="code-points", **days(code))


def _point(point: ContactShown, around: Around) -> Html:
    return tag(
        "dd",
        value(point.value) if point.value else tag("span", NOT_GIVEN, class_="code-gap"),
        *(tag("span", words, class_="code-small code-line") for words in point_words(point)),
        open_now(point, around),
    )


def days(code: PublishedCode) -> dict[str, str]:
    """The bank holidays, for whoever works out what is open."""
    if code.known_until is None:
        return {}
    return {
        "data_holidays": " ".join(day.isoformat() for day in code.closed_on),
        "data_known_from": code.as_of.isoformat(),
        "data_known_until": code.known_until.isoformat(),
    }


ANSWERED_BY_SOMEBODY: Final = (Channel.PHONE, Channel.FAX, Channel.WEBCHAT)
"""Ways on which somebody is there or is not. A letter, a mail or a form can be sent at any hour, whatever the hours say."""


def open_now(point: ContactShown, around: Around) -> Html | None:
    """Whether somebody is there now: in words where the page knows, else hidden until a script finds out."""
    if point.hours is None or not point.value or point.channel not in ANSWERED_BY_SOMEBODY:
        return None
    words = around.open_now.get(point.value, "")
    if words:
        shut = "" if words == OPEN_NOW else " code-shut"
        return tag("strong", words, class_=f"code-open{shut} code-line")
    week = json.dumps([[list(window) for window in day] for day in point.hours.week], separators=(",", ":"))
    return tag(
        "strong",
        class_="code-open code-line",
        hidden=True,
        data_week=week,
        data_holiday=point.hours.bank_holidays,
    )


def value(text: str) -> Html:
    """A number, address or link, leading somewhere where that is plain; lines are kept."""
    target = leads_to(text) if "\n" not in text.strip() else ""
    if not target:
        return lines(text)
    shown = _SCHEME.sub("", one_line(text))
    return tag("a", joined(_BREAKS.split(shown), between=Html("<wbr>")), href=target)


_BREAKS = re.compile(r"(?<=[@/])(?=.)|(?=\.\w)")
"""Where the line of an address may end on a narrow screen."""
_SCHEME = re.compile(r"^https?://|/$")
"""What a reader does not need of a web address: a press brings it back."""


def _panel(scheme: SchemeShown) -> Html:
    details = scheme.details
    rows = (tag("div", tag("dt", label), tag("dd", value(found))) for label, found in reaching(scheme))
    return tag(
        "div",
        tag("h3", details.name),
        tag("dl", *rows, class_="code-points"),
        tag("p", "It can:"),
        tag("ul", *(tag("li", power) for power in details.can_do)),
        tag("p", decision(scheme)),
        tag("p", "It does not take:"),
        tag("ul", *(tag("li", kind) for kind in details.cannot_take)),
        class_="code-scheme",
    )


# --- What changed -----------------------------------------------------------------------------------------------------

_KINDS = {ChangeKind.ADDED: "New", ChangeKind.REMOVED: "No longer there", ChangeKind.CHANGED: "Changed"}


def _change(change: Change) -> Html:
    before, now = runs(change.before, change.now)
    both = change.kind is ChangeKind.CHANGED
    cited = (
        tag("a", change.clause, href=f"#{change.clause}") if change.now and change.clause else change.clause
    )
    return tag(
        "div",
        tag("h3", change.about),
        tag("p", _KINDS[change.kind], *((": ", cited) if change.clause else ()), class_="code-small"),
        _version("Before", before, "del", marked=both) if change.before else None,
        _version("Now", now, "ins", marked=both) if change.now else None,
        class_="code-change",
    )


def _version(label: str, found: tuple[Run, ...], mark: str, *, marked: bool) -> Html:
    words = (
        lines_kept(run.text) if run.same or not marked else tag(mark, lines_kept(run.text)) for run in found
    )
    return tag("div", tag("p", tag("strong", label)), tag("p", *words), class_=f"code-{label.lower()}")


def _marked(run: Run, mark: str) -> Html:
    """The words of a run, marked where the other version has others; the gap behind them is not."""
    words = run.text.rstrip()
    shown = lines_kept(words)
    gap = lines_kept(run.text[len(words) :])
    return joined([shown if run.same or not mark else tag(mark, shown), gap])


def lines_kept(text: str) -> Html:
    """Part of a text, with its line breaks and the gaps at its ends."""
    return Html("<br>".join(joined([line]) for line in text.split("\n")))


def block(piece: Block) -> Html:
    """A block of a letter, on a page."""
    match piece:
        case Paragraph(text):
            return tag("p", lines(text))
        case Heading(text):
            return tag("h3", text)
        case Bullets(items):
            return tag("ul", *(tag("li", lines(item)) for item in items))
        case Details(rows):
            return tag(
                "dl", *(tag("div", tag("dt", k), tag("dd", lines(v))) for k, v in rows), class_="code-points"
            )
        case Quote(text):
            return tag("blockquote", tag("p", lines(text)))
        case Link(text, address):
            return tag("p", tag("a", text, href=address) if piece.leads else f"{text}: {address}")

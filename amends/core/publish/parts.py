"""The published code laid out for a reader: parts with a title each, in reading order, whatever they are shown on.

The sections of the file stand in their own order. What is made from the rest of the code and from the law of the day
follows the section that it belongs to: the ways of reaching the provider, the people to turn to, the schemes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from amends.core import saying
from amends.core.dated import in_words
from amends.core.letters.blocks import Block, Details, Paragraph
from amends.core.publish.faults import LEAD, TITLE, after_the_points
from amends.core.publish.published import (
    AppliesToday,
    Change,
    ClauseShown,
    ContactShown,
    PublishedCode,
    Right,
    SchemeShown,
    Section,
    StageShown,
    Standing,
)


@dataclass(frozen=True, slots=True)
class Points:
    """Ways to reach the provider."""

    points: tuple[ContactShown, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """The people to turn to, one after the other; the scheme is the last."""

    stages: tuple[StageShown, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """What applies today where the code itself is silent."""

    note: AppliesToday


@dataclass(frozen=True, slots=True)
class Panel:
    """One scheme: how to reach it, what it can do and what it does not take."""

    scheme: SchemeShown


Piece = Block | ClauseShown | Points | Steps | Today | Panel | Change


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one title of the contents."""

    id: str
    title: str
    pieces: tuple[Piece, ...]


COPIES, CHANGES, ABOUT, SCHEME, FAULTS = "copies_", "changes_", "about_", "scheme_", "faults_"
"""The names, in links, of the parts that belong to no section of the file. Clauses have no low line in theirs."""


def parts(code: PublishedCode) -> tuple[Part, ...]:
    """Every part in reading order; the contents are their titles."""
    return (
        *_sections(code),
        *_faults(code),
        Part(COPIES, "How to get this code", tuple(_copies(code))),
        *_changed(code),
        Part(ABOUT, "About this page", tuple(_about(code))),
    )


class Happens(NamedTuple):
    """One thing that happens to a complaint."""

    what: str
    by_when: str
    counted: str
    """From when the time runs, and whom it leaves out; may be empty."""

    @property
    def line(self) -> str:
        """All of it, without a full stop."""
        return f"{self.what}: {self.by_when} {self.counted}".strip()


def in_short(code: PublishedCode) -> tuple[Happens, ...]:
    """What happens and by when: the promises with a time, then the right to a scheme."""
    rows: list[Happens] = []
    roles = {stage.id: stage.role for stage in code.stages}
    for clause in code.clauses:
        for promise in clause.promises:
            if promise.by_when and not promise.overtaken:
                what = f"{promise.what} ({roles[clause.id]})" if clause.id in roles else promise.what
                counted = promise.line.removeprefix(promise.by_when).lstrip()
                rows.append(Happens(what, promise.by_when, counted))
    if code.right:
        rows.append(
            Happens(
                f"You can go to {_where_to(code.right)}, free of charge",
                code.right.after,
                "after we first received your complaint, or at once if we can go no further",
            )
        )
    return tuple(dict.fromkeys(rows))


def dates_in_force(code: PublishedCode) -> str:
    """When it is in force, as a sentence without a full stop."""
    start = in_words(code.in_force_from) if code.in_force_from else ""
    until = in_words(code.in_force_until) if code.in_force_until else ""
    match code.standing:
        case Standing.COMING:
            return f"Comes into force on {start}"
        case Standing.OVER:
            return f"Holds for complaints that we first received up to {until}"
        case Standing.IN_FORCE if start:
            return f"In force from {start}" + (f" to {until}" if until else "")
    return f"In force until {until}" if until else "The document gives no date from which it is in force"


def _where_to(right: Right) -> str:
    return right.schemes[0].named if right.own and right.schemes else "an independent scheme"


# --- The sections of the file, each with what belongs to it -----------------------------------------------------------


def _sections(code: PublishedCode) -> Iterator[Part]:
    reached = {point.clause for point in code.contacts}
    steps = {stage.id for stage in code.stages}
    about_scheme = code.right.clauses if code.right else ()
    last = _last_with(code, set(about_scheme))
    told_points = told_steps = False
    for section in code.sections:
        ids = {clause.id for clause in section.clauses}
        pieces = [piece for clause in section.clauses for piece in (clause, *_together(clause, code))]
        if ids & reached and not told_points:
            told_points = True
            pieces.append(Points(code.contacts))
        if ids & steps and not told_steps:
            told_steps = True
            pieces.append(Steps(code.stages))
        if section is last and code.stages and not told_steps:
            told_steps = True
            yield Part("steps_", "Who deals with your complaint", (Steps(code.stages),))
        yield Part(section.id, section.title, tuple(pieces))
        if section is last:
            yield from _scheme_part(code)
    if last is None:
        if code.stages and not told_steps:
            yield Part("steps_", "Who deals with your complaint", (Steps(code.stages),))
        yield from _scheme_part(code)


def _together(clause: ClauseShown, code: PublishedCode) -> Iterator[Piece]:
    """The documents that changed together, under the clause that says so (I-changes)."""
    for change in code.together:
        if change.clause == clause.id:
            yield Details(tuple((name, f"In force from {in_words(day)}") for name, day in change.documents))


def _faults(code: PublishedCode) -> Iterator[Part]:
    """The fault procedure, where the code deals with faults (F-fault-procedure)."""
    if code.faults is not None:
        yield Part(FAULTS, TITLE, (*LEAD, Points(code.faults.points), *after_the_points(code.faults)))


def _last_with(code: PublishedCode, ids: set[str]) -> Section | None:
    """The last section that has one of these clauses."""
    return next(
        (
            section
            for section in reversed(code.sections)
            if any(clause.id in ids for clause in section.clauses)
        ),
        None,
    )


# --- The scheme -------------------------------------------------------------------------------------------------------


def _scheme_part(code: PublishedCode) -> Iterator[Part]:
    if code.right:
        title = f"The independent scheme, as of {in_words(code.as_of)}"
        yield Part(SCHEME, title, tuple(_scheme(code.right)))


def _scheme(right: Right) -> Iterator[Piece]:
    if not right.stated:
        yield Today(
            AppliesToday("This code does not speak of it, and it is your right all the same.", ("CH-03",))
        )
    yield Paragraph(_when(right))
    yield Paragraph(
        "You need not wait that long if we can go no further. We then write to you to say so, without your having to "
        "ask, and you can go to the scheme at once."
    )
    if right.window_months:
        months = saying.counted(right.window_months, "month")
        yield Paragraph(f"Each of these letters tells you how to apply. You have {months} from the letter.")
    if right.small_business:
        yield Paragraph(
            "It is there for people at home, and for businesses and not-for-profit bodies of up to "
            f"{right.small_business} people."
        )
    if len(right.schemes) > 1:
        yield Paragraph(_which(right))
    for scheme in right.schemes:
        yield Panel(scheme)


def _when(right: Right) -> str:
    text = (
        f"If your complaint is not settled {right.after} after we first received it, you can take it to an independent "
        "scheme. That is free of charge for you, and we write to you when the day comes."
    )
    if right.before and right.since:
        text += (
            f" A complaint that we first received before {in_words(right.since)} has {right.before} in place of "
            f"{right.after}."
        )
    return text


def _which(right: Right) -> str:
    named = next((scheme.named for scheme in right.schemes if scheme.in_this_code), "")
    text = "There is more than one approved scheme, and each provider belongs to one of them."
    if named:
        text += f" The one that this code names is {named}."
    return f"{text} Our letter to you tells which is ours, and you can ask us at any time."


# --- Copies, changes, and the page itself -----------------------------------------------------------------------------


def _copies(code: PublishedCode) -> Iterator[Piece]:
    offered = f", for example in {saying.listed(code.copies.offered, 'or')}" if code.copies.offered else ""
    within = f" We send it within {code.copies.within}." if code.copies.within else ""
    yield Paragraph(
        f"You can have this code on paper, or in another form that suits you{offered}. It costs you nothing. Ask us in "
        f"any of the ways on this page.{within}"
    )


def _changed(code: PublishedCode) -> Iterator[Part]:
    if code.since is None:
        return
    title = "What changed since the last version"
    if not code.since.changes:
        words = Paragraph(
            f"Nothing that a customer reads has changed since the version “{code.since.version}”."
        )
        yield Part(CHANGES, title, (words, *_changed_with_it(code)))
        return
    count = saying.counted(len(code.since.changes), "change")
    lead = Paragraph(f"{count} since the version “{code.since.version}”.")
    yield Part(CHANGES, title, (lead, *_changed_with_it(code), *code.since.changes))


def _changed_with_it(code: PublishedCode) -> Iterator[Piece]:
    """What else changed on the first day of this version, as the code itself says (I-changes)."""
    for change in code.together:
        if change.on == code.in_force_from:
            names = saying.listed([name for name, _ in change.documents])
            yield Paragraph(f"These changed together on {in_words(change.on)}: {names}.")


def _about(code: PublishedCode) -> Iterator[Piece]:
    yield Paragraph(
        "This page is made from the same file that runs our complaints, so what you read and the dates that we keep to "
        "cannot differ."
        if not code.note
        else "This page is made from a file of the code, clause by clause."
    )
    yield Paragraph(
        f"It shows the rules as they are on {in_words(code.as_of)}. Where the law has moved on since the code was "
        "written, the code’s own words stand, and beside them what applies today."
    )
    for title, place in code.refers_to:
        yield Paragraph(f"The code names another document: {title}" + (f", {place}." if place else "."))

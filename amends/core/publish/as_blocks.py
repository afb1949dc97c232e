"""The published code as the blocks that letters are made of: for large print, Braille, plain text and a spoken script.

The ids of clauses are left out: they are for citing on a page and would be read aloud letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.dated import in_words
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Paragraph
from amends.core.periods import periods_in
from amends.core.publish.parts import Panel, Piece, Points, Steps, Today, dates_in_force, in_short, parts
from amends.core.publish.promised import serves
from amends.core.publish.published import (
    AppliesToday,
    Change,
    ChangeKind,
    ClauseShown,
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

APPLIES_TODAY = "What applies today"


def title(code: PublishedCode) -> str:
    """The title of every document that is made of the blocks."""
    return f"{code.title}, {code.provider_name}" if code.provider_name not in code.title else code.title


def blocks(code: PublishedCode) -> tuple[Block, ...]:
    """The whole published code in reading order, its title left to whoever sets it."""
    return tuple(_all(code))


def _all(code: PublishedCode) -> Iterator[Block]:
    yield Paragraph(f"{dates_in_force(code)}. Version: {code.version}. As of {in_words(code.as_of)}.")
    if code.serves:
        yield Paragraph(f"For {serves(frozenset(code.serves))}.")
    if code.note:
        yield Paragraph(f"About this document: {code.note}")
    laid_out = parts(code)
    yield Heading("Contents")
    yield Bullets(("In short", *(part.title for part in laid_out)))
    yield Heading("In short")
    yield Bullets(tuple(f"{row.line}." for row in in_short(code)))
    for part in laid_out:
        yield Heading(part.title)
        for piece in part.pieces:
            yield from _blocks(piece)


def _blocks(piece: Piece) -> Iterator[Block]:
    match piece:
        case ClauseShown():
            yield from _clause(piece)
        case Points(points):
            yield Details(
                tuple((point_label(p), "\n".join((p.value or NOT_GIVEN, *point_words(p)))) for p in points),
                ours=True,
            )
        case Steps(stages):
            yield Details(
                tuple(
                    (
                        f"Step {n}: {first_capital(stage.role)}",
                        "\n".join((*step_words(stage), step_contact(stage))),
                    )
                    for n, stage in enumerate(stages, 1)
                )
            )
        case Today(note):
            yield _today(note)
        case Panel(scheme):
            yield from _panel(scheme)
        case Change():
            yield from _change(piece)
        case Heading(text):
            # Within a part; the headings of the whole are those that the contents name.
            yield Paragraph(f"{text}:")
        case _:
            yield piece


def _clause(clause: ClauseShown) -> Iterator[Block]:
    said = clause.says or (f"The document leaves this empty. {clause.unknown}" if clause.unknown else "")
    if said:
        yield Paragraph(f"{clause.heading}: {said}" if clause.heading else said)
    for promise in clause.promises:
        # Where the words name the very period, it is not read out twice.
        named = promise.period in [period for period, _, _ in periods_in(clause.says)]
        if promise.line and not promise.overtaken and not named:
            yield Paragraph(f"By when: {promise.line}.")
    if clause.today:
        yield _today(*clause.today)


def _today(*notes: AppliesToday) -> Block:
    return Paragraph(f"{APPLIES_TODAY}: {' '.join(note.text for note in notes)}")


def _panel(scheme: SchemeShown) -> Iterator[Block]:
    name = scheme.named
    yield Paragraph(f"How to reach {name}:")
    yield Details(reaching(scheme), ours=True)
    yield Paragraph(f"What {name} can do:")
    yield Bullets(tuple(f"It can {power}." for power in scheme.details.can_do))
    yield Paragraph(decision(scheme))
    yield Paragraph(f"What {name} does not take:")
    yield Bullets(scheme.details.cannot_take)


def _change(change: Change) -> Iterator[Block]:
    match change.kind:
        case ChangeKind.ADDED:
            yield Details(((f"{change.about}: new", change.now),))
        case ChangeKind.REMOVED:
            yield Details(((f"{change.about}: no longer there", change.before),))
        case ChangeKind.CHANGED:
            yield Details(((f"{change.about}: before", change.before), (f"{change.about}: now", change.now)))

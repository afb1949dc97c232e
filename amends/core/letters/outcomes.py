"""Letters about what we propose: the outcome, the step up to the next stage, and that we cannot resolve it.

S-proposal                an outcome is proposed and may be refused
O-credit                  how money is paid, in the code's words
O-reopen, N-md, I-directors  who holds the complaint next, by name of the role
N-cannot-resolve, I-final    we say so in writing where we cannot resolve it
AD-19 (from 6 April 2026)    the message that tells the outcome tells of dispute resolution
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from amends.core import saying
from amends.core.awards import Award, AwardKind, of_outcome
from amends.core.calendar import london_date
from amends.core.case import Outcome
from amends.core.code import Owed, RedressKind, Stage, StageKind
from amends.core.duties import further_stage
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Paragraph, Quote
from amends.core.letters.dates import adr_day, adr_sent, next_dates
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.scheme_words import scheme_names
from amends.core.personal_data import told

OUTCOME_KEEPS = (Owed.OUTCOME, Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)
CANNOT_KEEPS = (Owed.CANNOT_RESOLVE, Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)


def outcome(matter: LetterMatter) -> Writing:
    """What we found and propose, and what the customer may do if they do not agree."""
    proposed = matter.case.outcomes[-1]
    blocks = (
        greeting(matter),
        Paragraph(f"We have looked into your {matter.noun} {matter.case.reference}. This is our answer."),
        *quoted(proposed),
        *_money(proposed, matter),
        *own_words(matter.free_text),
        *map(Paragraph, told(matter.case)),
        Heading("If you do not agree"),
        *(Paragraph(said) for said in _not_agreed(matter)),
        *next_dates(matter, OUTCOME_KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our answer"), blocks


def quoted(proposed: Outcome) -> tuple[Block, ...]:
    """The words of an outcome; nothing where they have been erased."""
    return (Quote(proposed.words),) if proposed.words.strip() else ()


def _money(proposed: Outcome, matter: LetterMatter) -> Iterator[Block]:
    given = of_outcome(matter.case, proposed)
    yield from promised(given)
    if not proposed.credit_pence:
        return
    rows = [("What we will pay you", saying.pence(proposed.credit_pence))]
    if how := paid_as(matter):
        rows.append(("How", how[0].upper() + how[1:]))
    yield Details(tuple(rows))
    yield from arithmetic(given)


def promised(given: Iterable[Award]) -> Iterator[Block]:
    """What is done besides paying: the actions among these awards, each with its day."""
    actions = [a for a in given if a.kind is AwardKind.ACTION and a.words.strip()]
    if actions:
        yield Heading("What we will do")
        yield Bullets(
            tuple(f"{a.words}{f', by {saying.day(a.pay_by)}' if a.pay_by else ''}" for a in actions)
        )


def arithmetic(given: Iterable[Award]) -> Iterator[Block]:
    """How each sum of money was worked out, line by line; nothing where that was erased."""
    shown = [(a, a.sum) for a in given if a.kind.money]
    if any(found is not None for _, found in shown):
        yield Heading("How we worked it out")
    for award, found in shown:
        if found is not None:
            why = f": {award.words}" if award.words.strip() else ""
            yield Paragraph(f"{saying.pence(award.pence)}{why}")
            yield Bullets(found.said())


def paid_as(matter: LetterMatter) -> str:
    """How money is paid, in the code's words; empty where it does not say."""
    code = matter.book.code
    if code is None:
        return ""
    kinds = (RedressKind.CREDIT, RedressKind.COMPENSATION, None)
    said = (r.paid_as for kind in kinds for r in code.redress if r.kind is kind and r.paid_as)
    return code.paid_as or next(said, "")


def _not_agreed(matter: LetterMatter) -> Iterator[str]:
    yield "You do not have to accept this. Tell us that you are not happy with it, and why if you wish."
    if role := further_stage(matter.case, matter.book):
        yield f"Your complaint can then go to our {role}."
    opens = adr_day(matter)
    if opens is not None and adr_sent(matter) is None:
        yield (
            f"If we still cannot agree, you can take your complaint to {scheme_names(matter)}. It is free for you and "
            "independent of us. The date is below, and you can go earlier if we write that we can do no more."
        )


def escalation(matter: LetterMatter) -> Writing:
    """Who holds the complaint now."""
    role, stage = matter.case.stage_role, _stage(matter)
    outside = stage is not None and stage.kind is StageKind.TRADE_BODY
    now_with = f"is now with {role}" if outside else f"is now with our {role}, who will look at it afresh"
    blocks = (
        greeting(matter),
        Paragraph(f"Your {matter.noun} {matter.case.reference} {now_with}."),
        *_reached_at(stage),
        Paragraph(
            "Nothing of what you told us is lost, and all dates still count from the day on which you first told us."
        ),
        *own_words(matter.free_text),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, f"it is now with {'' if outside else 'our '}{role}"), blocks


def _reached_at(stage: Stage | None) -> Iterator[Block]:
    """How to reach the stage, where the code gives a mailbox, a number or an address and does not only point to one."""
    if stage is not None and re.search(r"[@\d]", stage.contact):
        yield Details((("How to reach them", stage.contact),), ours=True)


def _stage(matter: LetterMatter) -> Stage | None:
    stages = matter.book.code.stages if matter.book.code else ()
    return next((s for s in stages if s.role == matter.case.stage_role), None)


def cannot_resolve(matter: LetterMatter) -> Writing:
    """We can do no more, and what the customer may do about it."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"We are sorry: we cannot settle your {matter.noun} {matter.case.reference} in the way that you asked for."
        ),
        Heading("What we say"),
        *position(matter),
        *own_words(matter.free_text),
        *map(Paragraph, told(matter.case)),
        *next_dates(matter, CANNOT_KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we cannot settle it"), blocks


def position(matter: LetterMatter) -> Iterator[Block]:
    """Our last word, with what we offered and what the customer said to it; never empty (R-08)."""
    case = matter.case
    last = case.outcomes[-1] if case.outcomes else None
    if last is not None:
        yield Paragraph(f"On {saying.day(london_date(last.at))} we told you this:")
        yield from quoted(last) or (Paragraph("Our proposal of that day, which you have."),)
        yield from _money(last, matter)
        yield Paragraph(_answered(last))
    if case.position.strip():
        yield Paragraph("This is our last word on it:" if last else "This is our answer:")
        yield Quote(case.position)
    elif case.deadlocked is not None:
        yield Paragraph("We have looked at it again, and we stand by what we told you.")
    elif last is None:
        yield Paragraph("We have not yet told you an outcome.")


def _answered(last: Outcome) -> str:
    if last.accepted is None or last.answered is None:
        return "We have not had your answer to it yet."
    said = "you accept it" if last.accepted else "you are not happy with it"
    return f"You told us on {saying.day(london_date(last.answered))} that {said}."

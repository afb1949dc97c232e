"""What we proposed and where we stand: an outcome's words, the money and how it was worked out, our last word.

O-credit  how money is paid, in the code's words
R-08      the letter about dispute resolution tells the outcome or our position
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from amends.core import saying
from amends.core.awards import Award, AwardKind, Stand, due, last_day, of_outcome
from amends.core.calendar import london_date
from amends.core.case import Outcome
from amends.core.code import RedressKind
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Paragraph, Quote
from amends.core.letters.matter import LetterMatter
from amends.core.letters.sentences.cited import cited
from amends.core.redress.compensation import told


def quoted(proposed: Outcome) -> tuple[Block, ...]:
    """The words of an outcome; nothing where they have been erased."""
    return (Quote(proposed.words),) if proposed.words.strip() else ()


def money(proposed: Outcome, matter: LetterMatter) -> Iterator[Block]:
    """What comes of an outcome besides its words: what is done, what is paid, how, and how that was worked out."""
    given = of_outcome(matter.case, proposed)
    yield from promised(given)
    if not proposed.credit_pence:
        return
    rows = [("What we will pay you", saying.pence(proposed.credit_pence))]
    if alone := plain(given):
        rows.append(("What it is for", alone.words))
    if how := paid_as(matter):
        rows.append(("How", how[0].upper() + how[1:]))
    yield Details(tuple(rows))
    if alone is None:
        yield from arithmetic(given)


def plain(given: Iterable[Award]) -> Award | None:
    """The one sum of money among these, where its arithmetic says no more than the sum and what it is for; else None."""
    sums = [a for a in given if a.kind.money]
    return sums[0] if len(sums) == 1 and sums[0].words.strip() and not _more(sums[0]) else None


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
            if _more(award):
                yield Bullets(told(found.said()))


def _more(award: Award) -> bool:
    """Whether the arithmetic says more than the sum and what it is for: a sum of one line is worked out by itself."""
    said = award.sum.said() if award.sum else ()
    return (
        len(said) > 2
        or not award.words.strip()
        or not said
        or not said[0].startswith(f"{award.words.rstrip(' .')}:")
    )


def paid_as(matter: LetterMatter) -> str:
    """How money is paid, in the code's words; empty where it does not say."""
    code = matter.book.code
    if code is None:
        return ""
    kinds = (RedressKind.CREDIT, RedressKind.COMPENSATION, None)
    said = (r.paid_as for kind in kinds for r in code.redress if r.kind is kind and r.paid_as)
    return code.paid_as or next(said, "")


def position(matter: LetterMatter) -> Iterator[Block]:
    """Our last word, with what we offered and what the customer said to it; never empty (R-08)."""
    case = matter.case
    last = case.outcomes[-1] if case.outcomes else None
    if last is not None:
        yield Paragraph(f"On {saying.day(london_date(last.at))} we told you this:")
        yield from quoted(last) or (Paragraph("Our proposal of that day, which you have."),)
        yield from cited(last, matter)
        yield from money(last, matter)
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


def by_when(given: Iterable[Award], matter: LetterMatter) -> str:
    """By when the money comes, as a sentence that follows another; nothing where no day is known."""
    days = [
        last_day(due(a, matter.book))
        for a in given
        if a.kind.money and a.owed is not None and a.stands is not Stand.GIVEN
    ]
    known = [day for day in days if day is not None]
    return f" You will have it by {saying.day(max(known))}." if known else ""

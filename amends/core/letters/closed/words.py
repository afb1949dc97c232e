"""The words at the end of a case.

R-07: closing tells the reason; CH-16: nobody closes a complaint by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import saying, scheme_decision
from amends.core.awards import Stand, of_outcome
from amends.core.calendar import london_date
from amends.core.letters.blocks import Block, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import adr_sent, closes, next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.sentences.proposal import by_when, paid_as, promised


def closed(matter: LetterMatter) -> Writing:
    """It is over, on this evidence, and how to open it again."""
    blocks = (
        greeting(matter),
        Paragraph(f"Your {matter.noun} {matter.case.reference} is closed. {_because(matter)}"),
        *_redress(matter),
        *own_words(matter.free_text),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "it is closed"), blocks


def _because(matter: LetterMatter) -> str:
    assert matter.case.closed is not None
    return _EVIDENCE[matter.case.closed.evidence](matter)


def _confirmed(matter: LetterMatter) -> str:
    at = matter.case.resolved_at
    return f"You told us {f'on {saying.day(london_date(at))} ' if at else ''}that it is settled. Thank you."


def _window_run(matter: LetterMatter) -> str:
    sent = adr_sent(matter)
    until = closes(matter, sent) if sent else None
    if sent is None or until is None:
        return "The time in which you could go to an independent scheme is over."
    return (
        f"We wrote to you on {saying.day(sent)} about going to an independent scheme. "
        f"The time for that ended on {saying.day(until)}."
    )


def _decided(matter: LetterMatter) -> str:
    if scheme_decision.standing(matter.case) is scheme_decision.Standing.NOTHING_TO_DO:
        return "The scheme has ended the dispute, and asks nothing of us."
    return "We have done what the scheme decided and you accepted."


def _not_accepted(_matter: LetterMatter) -> str:
    return "The scheme has decided, and you did not accept its decision. You can still go to court."


def _silent(matter: LetterMatter) -> str:
    sent = [x for x in matter.case.letters_of("silence-notice") if not x.lost]
    days = saying.listed([saying.day(london_date(x.decided)) for x in sent])
    return (
        f"We wrote to you {f'on {days} ' if days else ''}to ask whether it is settled, and have not heard from you. "
        "One of our managers then decided to close it."
    )


def _no_complaint(_matter: LetterMatter) -> str:
    return (
        "We read it as a question and not as a complaint. If you meant to complain, tell us, and we will deal with it "
        "as a complaint."
    )


def _copied(_matter: LetterMatter) -> str:
    return "The copy of our code that you asked for has left."


def _carried_out(_matter: LetterMatter) -> str:
    return "What you asked for is done."


def _elsewhere(_matter: LetterMatter) -> str:
    return "It was closed in the system that we used before."


_EVIDENCE = {
    "customer confirmed": _confirmed,
    "ADR letter window run": _window_run,
    "scheme decision carried out": _decided,
    "scheme decision not accepted": _not_accepted,
    "silence after notices": _silent,
    "not a complaint": _no_complaint,
    "copy sent": _copied,
    "request carried out": _carried_out,
    "closed before it came here": _elsewhere,
}


def _redress(matter: LetterMatter) -> Iterator[Block]:
    last = matter.case.outcomes[-1] if matter.case.outcomes else None
    if last is None or not last.accepted:
        return
    given = of_outcome(matter.case, last)
    yield from promised(a for a in given if a.stands is Stand.OWED)
    if last.credit_pence:
        how = f": {paid_as(matter)}" if paid_as(matter) else ""
        yield Paragraph(
            f"We agreed to pay you {saying.pence(last.credit_pence)}{how}.{by_when(given, matter)}"
        )

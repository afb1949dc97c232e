"""The ADR letter: at deadlock, and at the time limit, with an outcome or without one yet.

CH-11, CH-12  at deadlock it is sent without being asked for: outcome told, customer unhappy, no further review
CH-13         it is sent when the complaint is still not settled at the time limit (CH-07 to CH-09)
R-08          it says that dispute resolution exists, is free and independent, with the scheme's name and contacts, how
              and by when to apply, and the outcome or our position
AD-13, AD-15  what the scheme may not take of this complaint is said; the letter leaves all the same
R-09          none where two people excepted it, and none for those whom the rules do not cover (CH-05)
2A            every name, number and address is the one valid on the day of the letter
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.clocks import Kind
from amends.core.code import Owed
from amends.core.dated import NotKnown
from amends.core.eligibility import covered
from amends.core.letters.blocks import Block, Bullets, Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Missing, Writing
from amends.core.letters.sentences.dates import adr_day
from amends.core.letters.sentences.phrases import (
    ending,
    first_day,
    first_receipt,
    greeting,
    own_words,
    reaching_us,
    subject,
)
from amends.core.letters.sentences.proposal import position
from amends.core.letters.sentences.scheme_words import (
    about,
    doubts,
    last_day,
    named,
    scheme_names,
    schemes_named,
    window,
)
from amends.core.personal_data import told

ADR = "adr-letter"
KEEPS = (Owed.ADR_LETTER, Owed.CANNOT_RESOLVE, Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)
OPTIONAL = {
    "sorry": "We are sorry that it is taking so long.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def adr_letter(matter: LetterMatter) -> Writing | Missing:
    """The right to go to the scheme, with everything that the customer needs to use it."""
    if refused := _not_owed(matter):
        return Missing(ADR, ("right to the letter",), refused)
    try:
        return _subject(matter), tuple(_blocks(matter))
    except NotKnown as unknown:
        return Missing(ADR, ("scheme",), str(unknown))


def _not_owed(matter: LetterMatter) -> str:
    """Why there is no such letter for this case; empty where there is."""
    case = matter.case
    assert case.first_received is not None
    if case.complaint is False:
        return "a person found that this is no complaint (A-was-it-a-complaint)"
    if case.adr_exception is not None:
        return f"two people decided that there is none: {case.adr_exception.exception} (R-09)"
    answer = covered(
        case.customer.kind, case.customer.headcount, matter.book.law, london_date(case.first_received)
    )
    return "" if answer.covered else " ".join((*answer.reasons, f"({answer.rule})"))


def _subject(matter: LetterMatter) -> str:
    schemes = schemes_named(matter)
    where = named(schemes[0].on(matter.today)) if len(schemes) == 1 else "an independent scheme"
    return subject(matter, f"you can take it to {where}")


def _blocks(matter: LetterMatter) -> Iterator[Block]:
    yield greeting(matter)
    yield Paragraph(_why_now(matter))
    yield Paragraph(
        f"{_from_when(matter)} the right to take it to {scheme_names(matter)}. It is free for you. It is "
        "independent of us: it will look at both sides and decide. Whether you go is your choice."
    )
    yield Heading("Where your complaint stands")
    yield from _stands(matter)
    yield from own_words(matter.free_text)
    yield from _applying(matter)
    yield from map(Paragraph, told(matter.case))
    yield Heading("What we will do now")
    yield Paragraph(_goes_on(matter))
    yield from reaching_us(matter)
    yield ending(matter)


def _why_now(matter: LetterMatter) -> str:
    ref, received = matter.case.reference, first_receipt(matter)
    if matter.case.deadlocked is not None:
        return (
            f"We received your complaint {ref} {received}. We have told you our answer, you are not happy with it, "
            "and we do not plan to look at it again. Your complaint has reached deadlock: we cannot settle it "
            "between us."
        )
    if _early(matter) is not None:
        return f"We received your complaint {ref} {received}. It is not settled yet."
    return f"We received your complaint {ref} {received}. After {_period(matter)} it is still not settled."


def _from_when(matter: LetterMatter) -> str:
    opens = _early(matter)
    return (
        "You now have"
        if opens is None
        else f"From {saying.day(opens)} on, {_period(matter)} after that day, you have"
    )


def _early(matter: LetterMatter) -> date | None:
    """The day on which the right begins, where the letter is written before it: one that goes by post may be."""
    opens = adr_day(matter)
    return opens if matter.case.deadlocked is None and opens is not None and opens > matter.today else None


def _period(matter: LetterMatter) -> str:
    """The time that has led to this letter: the law's, or the code's own where that is shorter."""
    adr = [
        c for c in matter.clocks if c.owe is Owed.ADR_LETTER and c.period is not None and c.due is not None
    ]
    if not adr:
        return "some time"
    first = min(adr, key=lambda c: c.due or matter.now)
    assert first.period is not None
    return saying.weeks(first.period.amount) if first.kind is Kind.LAW else str(first.period)


def _stands(matter: LetterMatter) -> Iterator[Block]:
    if matter.case.deadlocked is None and not matter.case.outcomes:
        yield Paragraph(f"We have not yet reached an outcome. {OPTIONAL['sorry']}")
        yield Paragraph("This is what we have done so far:")
        yield Bullets(tuple(done_so_far(matter)))
        yield Paragraph(f"This is what we are doing now: {_still_doing(matter)}")
        return
    yield from position(matter)
    if matter.case.deadlocked is None:
        yield Paragraph(_waiting(matter))


def done_so_far(matter: LetterMatter) -> Iterator[str]:
    """What has been done on the case, in its order, for the customer to read."""
    case = matter.case
    yield f"We received your complaint on {first_day(matter)}."
    left = [x for x in case.letters_of("acknowledgement") if x.left]
    if left:
        yield f"We confirmed on {saying.day(london_date(left[0].decided))} that we had it."
    if case.handler_name and case.assigned is not None:
        yield f"{case.handler_name} has looked after it since {saying.day(london_date(case.assigned))}."
    touched = [c for c in case.contacts if not c.inbound and c.reached]
    if touched:
        yield f"We have been in touch with you {_times(len(touched))} {saying.day(london_date(touched[-1].at))}."
    if case.findings:
        yield f"We looked into what went wrong, and noted what we found on {saying.day(london_date(case.findings[-1].at))}."
    if case.stage_role:
        yield f"It has gone to our {case.stage_role}."


def _times(amount: int) -> str:
    return {1: "once, on", 2: "twice, last on"}.get(amount, f"{amount} times, last on")


def _still_doing(matter: LetterMatter) -> str:
    who = matter.case.handler_name or "Our team"
    what = (
        "is working out how to put it right"
        if matter.case.findings
        else "is still looking into what went wrong"
    )
    return f"{who} {what}, and will tell you the outcome."


def _waiting(matter: LetterMatter) -> str:
    if matter.case.open_outcome is not None:
        return "You can still accept what we proposed. You do not have to, and it stands if you go to the scheme."
    return "We are still working on it."


def _applying(matter: LetterMatter) -> Iterator[Block]:
    schemes = schemes_named(matter)
    until = saying.day(last_day(matter))
    yield Heading("How to apply, and by when")
    yield Paragraph(
        f"Apply by {until}. That is {saying.counted(window(matter), 'month')} from the date of this letter. It costs "
        "you nothing, and you do not need a lawyer."
    )
    yield Paragraph(schemes[0].on(matter.today).how_to_apply)
    if len(schemes) > 1:
        names = saying.listed([named(s.on(matter.today)) for s in schemes])
        yield Paragraph(
            f"The approved schemes are {names}, and we belong to one of them. Please ask us which before you apply: "
            "we will tell you at once. These are the details of each."
        )
    for scheme in schemes:
        if len(schemes) > 1:
            yield Heading(scheme.on(matter.today).name)
        yield from about(scheme, matter)
    yield from map(Paragraph, doubts(matter.case, matter.today, matter.book.law, matter.memberships))


def _goes_on(matter: LetterMatter) -> str:
    if matter.case.deadlocked is not None:
        return (
            "This letter does not close your complaint. If you go to the scheme, we will give it everything that it "
            "asks for. If you have something new to tell us, we will look at it."
        )
    return (
        "This letter does not close your complaint. We will go on working on it, whether you go to the scheme or not, and "
        "you will hear from us."
    )

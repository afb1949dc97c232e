"""The cover of the case file: to the scheme, what the complaint is about, what we proposed, and where we stand.

CH-03        a provider complies with the scheme that the customer took the complaint to
S-adr-powers the scheme decides on what both sides send it
AD-10        its decision binds us once the customer accepts it

It lies on top of the case file and is its first page. It is the one letter that is not to the customer.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.dated import NotKnown
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.phrases import CAME_BY, ending, own_words
from amends.core.letters.sentences.scheme_words import named
from amends.core.schemes import Scheme, SchemeDetails

_ADR = "adr-letter"
_MOST = 600
"""Characters of the customer's first words that the cover repeats: all of them stand in the file."""


def the_scheme(matter: LetterMatter) -> Scheme | None:
    """The scheme that has the complaint; None where the law's directory does not know it any more."""
    referral = matter.case.referral
    if referral is None:
        return None
    return next((s for s in matter.book.law.schemes if s.id == referral.scheme), None)


def addressed(matter: LetterMatter) -> tuple[str, ...]:
    """The lines for the window of the envelope: the scheme's name and its postal address of the day."""
    details = _details(matter)
    return (
        (details.name, *(line for line in details.post if line != details.name))
        if details
        else ("The scheme",)
    )


def cover(matter: LetterMatter) -> Writing:
    """What the scheme reads first."""
    referral = matter.case.referral
    assert referral is not None
    theirs = referral.number or matter.case.reference
    ours = f", our reference {matter.case.reference}" if referral.number else ""
    blocks = (
        Paragraph("Dear colleague,"),
        Paragraph(_opening(matter)),
        Details(tuple(_who(matter))),
        Heading("What the complaint is about"),
        *_course(matter),
        Heading("Where we stand"),
        *_standing(matter),
        *own_words(matter.free_text),
        Heading("What is in this file"),
        Bullets(
            (
                "the dates that our code and the law set, with why each of them is what it is",
                "everything that happened, in its order",
                "what the customer wrote and said, and our letters as they left",
                "a list of all documents; each comes with it as it was sent or received, with its checksum",
                "what we left out, each in its place with the reason",
            )
        ),
        Heading("What we will do, and when"),
        Paragraph(_we_will(matter)),
        Heading("What you can do, and when"),
        Paragraph(
            "If you need more, or the whole of what we left out, ask us at any time and give our reference. "
            "We will answer by the day that you name."
        ),
        *_reach(matter),
        ending(matter),
    )
    return f"Your case {theirs}: our case file{ours}", blocks


def _details(matter: LetterMatter) -> SchemeDetails | None:
    scheme = the_scheme(matter)
    try:
        return scheme.on(matter.today) if scheme else None
    except NotKnown:
        return None


def _opening(matter: LetterMatter) -> str:
    details, referral = _details(matter), matter.case.referral
    assert referral is not None
    whom = named(details) if details else "your scheme"
    return (
        f"Our customer took this complaint to {whom} on {saying.day(london_date(referral.at))}. "
        "This is our case file for it."
    )


def _who(matter: LetterMatter) -> Iterator[tuple[str, str]]:
    case, referral = matter.case, matter.case.referral
    assert referral is not None
    assert case.first_received is not None
    if referral.number:
        yield "Your reference", referral.number
    yield "Our reference", case.reference
    if case.customer.name:
        yield "Customer", case.customer.name
    if case.customer.account:
        yield "Account", case.customer.account
    came = CAME_BY.get(case.first_channel, "")
    yield "First received", saying.moment(case.first_received) + (f", {came}" if came else "")
    if matter.book.code is not None:
        yield "Our code", f"{matter.book.code.title}, {matter.book.code.version}"


def _course(matter: LetterMatter) -> Iterator[Block]:
    first = next((c for c in matter.case.contacts if c.inbound and not c.machine), None)
    said = (" ".join(words.split()) for words in (first.subject, first.words)) if first else ()
    about = ": ".join(filter(None, said))
    if about:
        yield Paragraph("The customer first wrote or said:")
        yield Quote(about if len(about) <= _MOST else f"{about[: _MOST - 1].rstrip()}…")
    if matter.case.category:
        yield Paragraph(f"We sorted it under: {matter.case.category}.")
    if not about and not matter.case.category:
        yield Paragraph("The timeline in this file tells it from the first contact on.")


def _standing(matter: LetterMatter) -> Iterator[Block]:
    case = matter.case
    told = case.outcomes[-1] if case.outcomes else None
    if told is None:
        yield Paragraph("We have told the customer no outcome yet.")
    else:
        sum_ = f", with {saying.pence(told.credit_pence)} of credit or refund" if told.credit_pence else ""
        yield Paragraph(f"On {saying.day(london_date(told.at))} we told the customer what we propose{sum_}:")
        yield Quote(told.words or "Its words have been erased.")
        yield Paragraph(_answer(told.accepted))
    if case.reopened is not None:
        again = saying.day(london_date(case.reopened))
        yield Paragraph(f"The complaint was closed, and opened again on {again}: it was not settled.")
    if case.deadlocked is not None:
        yield Paragraph(f"On {saying.day(london_date(case.deadlocked))} we said that we can do no more:")
        yield Quote(case.position or "Its words have been erased.")
    letters = [x for x in case.letters_of(_ADR) if x.left and x.fate_at is not None]
    left = letters[-1].fate_at if letters else None
    yield Paragraph(
        f"The letter about the right to come to you left on {saying.day(london_date(left))}."
        if left
        else "No letter about the right to come to you has left yet."
    )


def _answer(accepted: bool | None) -> str:  # noqa: FBT001 - three answers: yes, no, none
    if accepted is None:
        return "The customer has not answered yet."
    return "The customer accepted it." if accepted else "The customer did not accept it."


def _we_will(matter: LetterMatter) -> str:
    scheme = the_scheme(matter)
    if scheme is None:
        return "We will do what you decide, once the customer accepts it, within the period of your rules."
    kind = "working day" if scheme.decision_days_kind == "working" else "calendar day"
    return (
        "We will do what you decide, once the customer accepts it, within "
        f"{saying.counted(scheme.decision_days, kind)}."
    )


def _reach(matter: LetterMatter) -> Iterator[Block]:
    case = matter.case
    rows = (("Name", case.handler_name), ("Phone", case.handler_phone), ("Email", case.handler_email))
    known = tuple(row for row in rows if row[1])
    if case.handler_name and len(known) > 1:
        yield Paragraph("Who looks after this complaint here:")
        yield Details(known)

"""The words of a credit note: what is paid, how it was worked out, by when it comes, on which bill it is, or was.

O-credit, F-porting   money is paid as a credit on a bill, or as agreed
AC-R5                 automatic compensation is paid within 30 calendar days
AC-R9                 a dispute about it can go to a scheme
"""

from __future__ import annotations

from amends.core import saying
from amends.core.awards import Award, Basis, Stand
from amends.core.letters.blocks import Details, Paragraph
from amends.core.letters.credit_note.parameters import the_award
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.sentences.proposal import arithmetic, by_when, paid_as, plain


def credit_note(matter: LetterMatter) -> Writing:
    """What is paid and how it was worked out; on which bill it stands, by when it will, or that it stands there no more."""
    award = the_award(matter)
    assert award is not None
    rows = [("Sum", saying.pence(award.pence)), ("Our number for it", award.number(matter.case.reference))]
    if alone := plain((award,)):
        rows.append(("What it is for", alone.words))
    if how := paid_as(matter):
        rows.append(("How", how[0].upper() + how[1:]))
    blocks = (
        greeting(matter),
        Paragraph(_opening(award, matter)),
        Details(tuple(rows)),
        *(() if alone else arithmetic((award,))),
        *own_words(matter.free_text),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "your credit"), blocks


def _opening(award: Award, matter: LetterMatter) -> str:
    sum_ = saying.pence(award.pence)
    if award.stands is Stand.GIVEN:
        bill = matter.extra.get("bill", "")
        return (
            f"Your credit has come. {sum_} now stands on your account{f', on bill {bill}' if bill else ''}."
        )
    if award.stands is Stand.CAME_BACK:
        bill = matter.extra.get("bill", "")
        return (
            f"We wrote to you that {sum_} stands on your account{f', on bill {bill}' if bill else ''}. It has been taken "
            "off your account again. We still owe it to you. We now find out why, and will write to you when you have it."
        )
    why = (
        "We owe you automatic compensation"
        if award.basis is Basis.AUTOMATIC
        else "We are paying you money back"
    )
    return f"{why}: {sum_}. You need not claim it.{by_when((award,), matter)}"

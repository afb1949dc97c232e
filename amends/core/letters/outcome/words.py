"""The words of an outcome.

S-proposal                an outcome is proposed and may be refused
AD-19 (from 6 April 2026) the message that tells the outcome tells of dispute resolution
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from amends.core.case import step
from amends.core.code import Owed
from amends.core.duties import further_stage
from amends.core.facts import OutcomeProposed
from amends.core.letters.blocks import Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.cited import cited
from amends.core.letters.sentences.dates import adr_day, adr_sent, next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject
from amends.core.letters.sentences.proposal import money, quoted
from amends.core.letters.sentences.scheme_words import scheme_names
from amends.core.personal_data import told

KEEPS = (Owed.OUTCOME, Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)


def outcome(matter: LetterMatter) -> Writing:
    """What we found and propose, and what the customer may do if they do not agree."""
    proposed = matter.case.outcomes[-1]
    blocks = (
        greeting(matter),
        Paragraph(f"We have looked into your {matter.noun} {matter.case.reference}. This is our answer."),
        *quoted(proposed),
        *cited(proposed, matter),
        *money(proposed, matter),
        *own_words(matter.free_text),
        *map(Paragraph, told(matter.case)),
        Heading("If you do not agree"),
        *(Paragraph(said) for said in _not_agreed(matter)),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our answer"), blocks


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


def recorded(matter: LetterMatter) -> LetterMatter:
    """The outcome is proposed once this letter is decided.

    It comes as `outcome` (its id) and `credit_pence` in `extra`, its words as the free text.
    """
    case, now, proposed = matter.case, matter.now, matter.extra.get("outcome", "")
    if not proposed or any(o.id == proposed for o in case.outcomes):
        return matter
    pence = int(matter.extra.get("credit_pence", "0") or "0")
    fact = OutcomeProposed(
        at=now, logged=now, outcome=proposed, channel="", credit_pence=pence, words=matter.free_text
    )
    return replace(matter, case=step(case, fact), free_text="")

"""The words around a person's reply.

I-timeframes: every message names the next date for both sides.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.case import Contact
from amends.core.code import Owed
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.papers import papers
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)


def reply(matter: LetterMatter) -> Writing:
    """An answer in a person's own words."""
    last = _last_heard(matter)
    thanks = (
        f"Thank you for your message of {saying.moment(last.at)}."
        if last
        else "We write about what you told us."
    )
    blocks = (
        greeting(matter),
        Paragraph(thanks),
        *own_words(matter.free_text),
        *papers(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our reply"), blocks


def _last_heard(matter: LetterMatter) -> Contact | None:
    heard = [c for c in matter.case.contacts if c.inbound and not c.machine]
    return heard[-1] if heard else None

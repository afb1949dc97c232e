"""The words about a promise that needs longer.

S-complex: it is told, with its new time; the law's own time never moves.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.letters.blocks import Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.question.words import the_law_goes_on
from amends.core.letters.sentences.dates import next_dates, told_as_promised
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject


def extension(matter: LetterMatter) -> Writing:
    """A promise of ours that needs longer, and its new time."""
    later = matter.case.extensions[-1]
    reason = (Paragraph("This is why:"), Quote(later.why)) if later.why else ()
    blocks = (
        greeting(matter),
        Paragraph(
            f"This is about your {matter.noun} {matter.case.reference}. We need longer than we promised"
            f"{_for_what(later.clock, matter)}, and we are sorry. It will be done by {saying.moment(later.until)}."
        ),
        *reason,
        *own_words(matter.free_text),
        *the_law_goes_on(matter),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we need longer"), blocks


def _for_what(clock: str, matter: LetterMatter) -> str:
    """What it is that needs longer, to follow "we need longer than we promised"."""
    owed = next((c.owe for c in matter.clocks if c.id == clock), None)
    what = told_as_promised(owed) if owed is not None else ""
    return f" to {what}" if what else " for the next step"

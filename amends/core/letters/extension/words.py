"""The words about a promise that needs longer.

S-complex: it is told, with its new time; the law's own time never moves.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.letters.blocks import Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject


def extension(matter: LetterMatter) -> Writing:
    """A promise of ours that needs longer, and its new time."""
    later = matter.case.extensions[-1]
    reason = (Paragraph("This is why:"), Quote(later.why)) if later.why else ()
    blocks = (
        greeting(matter),
        Paragraph(
            f"We need longer for the next step in your {matter.noun} {matter.case.reference} than we promised, "
            f"and we are sorry. It will be done by {saying.moment(later.until)}."
        ),
        *reason,
        *own_words(matter.free_text),
        Paragraph("This changes nothing about your right to go to an independent scheme, or about its date."),
        *next_dates(matter),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we need longer"), blocks

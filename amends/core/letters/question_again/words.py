"""The words by which we ask once more.

I-information, A-consent  we ask a second time, and no answer closes nothing
"""

from __future__ import annotations

from dataclasses import replace

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.letters.blocks import Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.question.words import the_law_goes_on
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject
from amends.core.questions import usual_day


def question_again(matter: LetterMatter) -> Writing:
    """Everything that was asked, whose day has passed and to which nothing has come."""
    asked = matter.case.questions_to_chase(matter.now)
    blocks = (
        greeting(matter),
        Paragraph(
            f"We asked you for something on {saying.day(london_date(asked[0].asked))}, about your {matter.noun} "
            f"{matter.case.reference}. We have had no answer yet. This is what we asked:"
        ),
        *(Quote(q.words) for q in asked if q.words),
        Paragraph(
            f"If you can, please answer by {saying.day(usual_day(matter.now, matter.book))}. If you have answered "
            "already, thank you: you need not do it again. If we hear nothing, we go on with what we have. We will not "
            f"close your {matter.noun} because you did not answer."
        ),
        *the_law_goes_on(matter),
        *next_dates(_asked_again(matter)),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we still need something from you"), blocks


def _asked_again(matter: LetterMatter) -> LetterMatter:
    """The questions as they stand with this letter: it names their new day, and its dates do too."""
    again = matter.case.questions_to_chase(matter.now)
    asked = tuple(replace(q, chased=matter.now) if q in again else q for q in matter.case.questions)
    return replace(matter, case=replace(matter.case, questions=asked))

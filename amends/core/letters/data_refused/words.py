"""The words by which somebody hears that nothing is done about their request, why, and where they go with that.

DP-10   the reasons, the Information Commissioner and the courts
"""

from __future__ import annotations

from amends.core.code import Owed
from amends.core.data_answers import GROUNDS, REFUSED
from amends.core.letters.blocks import Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.data_requests import ASKS, policy, rights
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.DATA_ANSWER,)


def refused(matter: LetterMatter) -> Writing:
    """It is not done: why, and where one goes with that."""
    answer = matter.case.data_answer
    ground = GROUNDS[answer.ground] if answer is not None and answer.answer == REFUSED else ""
    blocks = (
        greeting(matter),
        Paragraph(
            f"You asked us {ASKS[matter.case.kind]}. We have decided not to do that, because {ground}."
        ),
        *own_words(answer.why if answer else ""),
        *own_words(matter.free_text),
        *rights(),
        *policy(matter),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "our answer"), blocks

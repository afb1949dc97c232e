"""The words that confirm an agreed time to speak.

O-3-days: a contact time is agreed, and confirmed in writing.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.code import Owed
from amends.core.letters.blocks import Details, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import CAME_BY, ending, greeting, own_words, reaching_us, subject

KEEPS = (Owed.CONTACT_TIME,)
OPTIONAL = {
    "another time": "If this time no longer suits you, tell us and we will find another.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def contact_time(matter: LetterMatter) -> Writing:
    """The time to speak that was agreed."""
    agreed = matter.appointment
    assert agreed is not None
    rows = [("When", saying.between(agreed.starts, agreed.ends)), ("How", _by[agreed.channel])]
    if agreed.number:
        rows.append(("On", agreed.number))
    # The person stands there by their id at work; only the handler's name is known to the case.
    if matter.case.handler_name and agreed.person in ("", matter.case.handler):
        rows.append(("With", matter.case.handler_name))
    blocks = (
        greeting(matter),
        Paragraph(
            f"This confirms when we will speak with you about your {matter.noun} {matter.case.reference}."
        ),
        Details(tuple(rows)),
        Paragraph(OPTIONAL["another time"]),
        *own_words(matter.free_text),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "when we will speak"), blocks


class _ByChannel(dict[str, str]):
    def __missing__(self, channel: str) -> str:
        return channel


_by = _ByChannel({channel: said[0].upper() + said[1:] for channel, said in CAME_BY.items()})

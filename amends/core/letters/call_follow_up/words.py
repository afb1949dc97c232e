"""The words around what was said in a call.

O-updates: wherever we speak, a written follow-up goes out.
"""

from __future__ import annotations

from amends.core import saying
from amends.core.code import Owed
from amends.core.letters.blocks import Paragraph, Quote
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, greeting, reaching_us, subject

KEEPS = (Owed.CALL_BACK, Owed.REPLY, Owed.UPDATE)
OPTIONAL = {
    "corrections": "If we got something wrong, please tell us.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def call_follow_up(matter: LetterMatter) -> Writing:
    """What was said in a call, in writing."""
    call = [c for c in matter.case.contacts if not c.inbound and c.channel == "phone" and c.reached][-1]
    blocks = (
        greeting(matter),
        Paragraph(
            f"Thank you for speaking with us on {saying.moment(call.at)}. This is what was said, "
            f"so that you have it in writing. {OPTIONAL['corrections']}"
        ),
        Quote(matter.free_text),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "what we said on the phone"), blocks

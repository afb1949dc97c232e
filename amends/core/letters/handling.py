"""Letters while a case is worked on: who holds it, when we speak, how it stands, what we answer.

O-handler    the handler introduces themselves, sets expectations and gives direct details
O-3-days     a contact time is agreed
O-updates    wherever we speak, a written follow-up goes out
S-complex    a promise of ours that needs longer is told, with its new time
I-timeframes every message names the next date for both sides
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import saying
from amends.core.case import Contact
from amends.core.code import Owed
from amends.core.letters.blocks import Block, Details, Paragraph, Quote
from amends.core.letters.dates import next_dates
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.phrases import (
    CAME_BY,
    ending,
    first_receipt,
    greeting,
    own_words,
    reaching_us,
    subject,
)

INTRODUCTION_KEEPS = (Owed.HANDLER_INTRODUCTION,)
CONTACT_TIME_KEEPS = (Owed.CONTACT_TIME,)
UPDATE_KEEPS = (Owed.UPDATE,)
REPLY_KEEPS = (Owed.REPLY, Owed.WRITTEN_RESPONSE, Owed.UPDATE)
CALL_KEEPS = (Owed.CALL_BACK, Owed.REPLY, Owed.UPDATE)
CHAT_KEEPS: tuple[Owed, ...] = ()


def introduction(matter: LetterMatter) -> Writing:
    """Who looks after the case, and how to reach them."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"My name is {matter.case.handler_name}. I look after your {matter.noun} {matter.case.reference}, "
            f"which we received {first_receipt(matter)}. I stay with it until it is settled."
        ),
        *own_words(matter.free_text),
        Paragraph(
            "I will look into what went wrong, tell you what I find, and say what we will do about it."
        ),
        *_rhythm(matter),
        *_rest(matter, INTRODUCTION_KEEPS),
    )
    return subject(matter, "who looks after it"), blocks


def _rhythm(matter: LetterMatter) -> Iterator[Block]:
    if days := matter.case.update_days:
        yield Paragraph(
            f"You will hear from me at least every {saying.counted(days, 'working day')}, as we agreed."
        )


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
        Paragraph("If this time no longer suits you, tell us and we will find another."),
        *own_words(matter.free_text),
        *_rest(matter, CONTACT_TIME_KEEPS),
    )
    return subject(matter, "when we will speak"), blocks


class _ByChannel(dict[str, str]):
    def __missing__(self, channel: str) -> str:
        return channel


_by = _ByChannel({channel: said[0].upper() + said[1:] for channel, said in CAME_BY.items()})


def update(matter: LetterMatter) -> Writing:
    """How the case stands."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"This is how your {matter.noun} {matter.case.reference} stands today, {saying.day(matter.today)}."
        ),
        *own_words(matter.free_text),
        *_rest(matter, UPDATE_KEEPS),
    )
    return subject(matter, "how it stands"), blocks


def reply(matter: LetterMatter) -> Writing:
    """An answer in a person's own words."""
    last = _last_heard(matter)
    thanks = (
        f"Thank you for your message of {saying.moment(last.at)}."
        if last
        else "We write about what you told us."
    )
    blocks = (greeting(matter), Paragraph(thanks), *own_words(matter.free_text), *_rest(matter, REPLY_KEEPS))
    return subject(matter, "our reply"), blocks


def _last_heard(matter: LetterMatter) -> Contact | None:
    heard = [c for c in matter.case.contacts if c.inbound and not c.machine]
    return heard[-1] if heard else None


def call_follow_up(matter: LetterMatter) -> Writing:
    """What was said in a call, in writing."""
    call = [c for c in matter.case.contacts if not c.inbound and c.channel == "phone" and c.reached][-1]
    blocks = (
        greeting(matter),
        Paragraph(
            f"Thank you for speaking with us on {saying.moment(call.at)}. This is what was said, "
            f"so that you have it in writing. If we got something wrong, please tell us."
        ),
        Quote(matter.free_text),
        *_rest(matter, CALL_KEEPS),
    )
    return subject(matter, "what we said on the phone"), blocks


def chat_transcript(matter: LetterMatter) -> Writing:
    """What was written in a chat, word for word."""
    blocks = (
        greeting(matter),
        Paragraph(
            f"Thank you for chatting with us. This is what was written. It stands on your {matter.noun} "
            f"{matter.case.reference}."
        ),
        Quote(matter.free_text),
        *_rest(matter, CHAT_KEEPS),
    )
    return subject(matter, "our chat"), blocks


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
        *_rest(matter, ()),
    )
    return subject(matter, "we need longer"), blocks


def _rest(matter: LetterMatter, kept: tuple[Owed, ...]) -> tuple[Block, ...]:
    return (*next_dates(matter, kept), *reaching_us(matter), ending(matter))

"""Freezes a letter: its words, its key and its Message-ID, as the outgoing row of the docket that decided it."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from amends.core.code import Channel
from amends.core.formats import Format, letter_format
from amends.core.letters import Letter
from amends.core.rulebook import Rulebook
from amends.core.ways import LETTER
from amends.desk.address import Address
from amends.desk.models import Mail, Outgoing, Provider

if TYPE_CHECKING:
    from amends.desk.record import CaseInHand

HELD = "held"
READY = "ready"
TO_POST = "to post"
CAME_TO_NOTHING = {"failed": "could not be sent", "bounced": "bounced", "returned": "came back"}
"""What became of a letter that another way is looked for; a withdrawn one was not wanted any more."""


def freeze(hand: CaseInHand, letter: Letter, channel: str, to: str, now: datetime) -> Outgoing:
    """The outgoing row of a letter that is decided now; not yet in the database."""
    salt = secrets.token_hex(16)
    return Outgoing(
        provider=hand.provider,
        case=hand.row,
        key=next_key(hand, letter.letter),
        letter=letter.letter,
        channel=channel,
        to=to,
        format=letter_format(Format(letter.format) if letter.format else hand.case.format, letter.letter),
        subject=letter.subject,
        words=letter.to_json(),
        text=letter.text(),
        html=letter.html(),
        salt=salt,
        digest=digest(salt, letter, channel, to),
        message_id=f"<{secrets.token_hex(16)}@{domain(hand.book)}>",
        lane=letter.lane,
        state=first_state(hand.provider, channel),
        not_before=now,
        decided_at=now,
    )


def domain(book: Rulebook) -> str:
    """The right-hand side of Message-IDs: where the code says that complaints go by email, or the desk's own name."""
    points = book.code.contacts if book.code else ()
    mail = [p for p in points if p.channel is Channel.EMAIL and "@" in p.value]
    ours = next((p for p in mail if p.purpose == "complaints"), mail[0] if mail else None)
    known = (
        Address("", ours.value.strip()).key.rpartition("@")[2] if ours else urlsplit(settings.SITE).hostname
    )
    return known or "localhost"


def next_key(hand: CaseInHand, letter: str) -> str:
    """The letter's name in its case: the reference, the kind, and which of its kind it is."""
    own = [x for x in hand.case.letters if x.letter == letter]
    return f"{hand.row.reference}/{letter}/{len(own) + 1}"


def digest(salt: str, letter: Letter, channel: str, to: str) -> str:
    """The salted digest of what leaves: the letter's words, by which way, and to whom."""
    return hashlib.sha256(f"{salt}\n{letter.digest}\n{channel}\n{to}".encode()).hexdigest()


def shown(salt: str, subject: str, text: str, html: str) -> str:
    """The salted digest of what a mail program shows."""
    whole = json.dumps([subject, text, html], ensure_ascii=False)
    return hashlib.sha256(f"{salt}\n{whole}".encode()).hexdigest()


def first_state(provider: Provider, channel: str) -> str:
    """Held while the provider's mail is off, on every channel; then ready to send, or to post by hand."""
    if provider.mail == Mail.OFF:
        return HELD
    return TO_POST if channel == LETTER else READY


def thaw(provider: Provider, letter: str, now: datetime) -> int:
    """Let the held letters of one kind go; how many there were."""
    held = Outgoing.objects.filter(provider=provider, state=HELD, letter=letter)
    posted = held.filter(channel=LETTER).update(state=TO_POST, not_before=now)
    return posted + held.exclude(channel=LETTER).update(state=READY, not_before=now)

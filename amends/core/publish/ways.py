"""The ways of reaching the provider as a customer sees them: what each is called, its hours, and where a press leads.

An address leads somewhere only where it is plainly a number, a mailbox or a web address; anything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends.core import saying
from amends.core.code import Channel, Code
from amends.core.letters.blocks import is_mailbox, is_web_address, one_line
from amends.core.publish.published import ContactShown

WORDS = {
    Channel.PHONE: "Phone",
    Channel.EMAIL: "Email",
    Channel.FORM: "Website",
    Channel.WEBCHAT: "Webchat",
    Channel.LETTER: "Post",
    Channel.FAX: "Fax",
}
"""What each way is called, in the order in which a page offers them."""

PURPOSES = {
    "complaints": "Complaints",
    "support": "Support",
    "sales": "Sales",
    "faults": "Faults",
    "accounts": "Bills and payment",
}

_ORDER = list(WORDS)
_NUMBER = re.compile(r"\+?[\d ()-]{6,20}")
_SITE = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#][^\s<>\"'\\]*)?")


def contacts(code: Code) -> tuple[ContactShown, ...]:
    """Every way to reach the provider: by purpose, then in the order of `WORDS`."""
    purposes = list(PURPOSES)
    found = sorted(_shown(code), key=lambda p: (purposes.index(p.purpose), _ORDER.index(p.channel)))
    return tuple(found)


def _shown(code: Code) -> Iterator[ContactShown]:
    for point in code.contacts:
        hours = code.hours.get(point.hours or "")
        yield ContactShown(
            clause=point.id,
            channel=point.channel,
            word=WORDS[point.channel],
            value=point.value,
            purpose=point.purpose,
            about="" if point.channel is Channel.FORM else point.label,
            hours=hours,
            opening=saying.opening(hours) if hours else "",
            recommended=point.recommended,
            recording=point.recording,
        )


def leads_to(value: str) -> str:
    """Where a press on a number, mailbox or web address leads; empty for anything else."""
    text = one_line(value)
    if is_mailbox(text):
        return f"mailto:{text}"
    if is_web_address(text):
        return text
    if _NUMBER.fullmatch(text) and len(digits := re.sub(r"[^\d+]", "", text)) >= 6:
        return f"tel:{digits}"
    return f"https://{text}" if _SITE.fullmatch(text) else ""

"""Sentences that several letters share: the greeting, the reference, how to reach us, the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.code import Channel, ContactPoint
from amends.core.letters.blocks import Block, Details, Heading, Link, Paragraph, one_line
from amends.core.letters.matter import LetterMatter
from amends.core.letters.own import REACHING_US

_NO_NAME = re.compile(r"[@/\\<>:;{}\[\]|#=]|www\.|\w{2,}\.\w{2,}|\d{3}", re.IGNORECASE)
_LONGEST_NAME = 60

ACCESS_CODE: Final = "Access code"
"""What stands before the code by which the customer alone opens the case in the portal."""
CAME_BY = {
    "phone": "by phone",
    "email": "by email",
    "letter": "by post",
    "form": "through our website",
    "webchat": "by webchat",
    "fax": "by fax",
}
"""How a contact came, as a sentence says it."""

_POINTS = {
    Channel.PHONE: "Phone",
    Channel.EMAIL: "Email",
    Channel.LETTER: "Post",
    Channel.FORM: "Website",
    Channel.WEBCHAT: "Webchat",
    Channel.FAX: "Fax",
}


def greeting(matter: LetterMatter) -> Paragraph:
    """Dear and the name, if it reads like one: a sender may put a web address or an advertisement in its place."""
    name = one_line(matter.case.customer.name)
    if not name or len(name) > _LONGEST_NAME or _NO_NAME.search(name):
        name = "customer"
    return Paragraph(f"Dear {name},")


def comes_again(letter: str, matter: LetterMatter) -> tuple[Block, ...]:
    """Why a letter of the law comes once more: the one before it did not arrive."""
    lost = [x for x in matter.case.letters_of(letter) if x.fate in ("failed", "bounced", "returned")]
    if not lost:
        return ()
    sent = f"We first wrote this to you {CAME_BY.get(lost[-1].channel, '')}".rstrip()
    return (
        Paragraph(
            f"{sent} on {saying.day(london_date(lost[-1].decided))}. It did not reach you, so we send it to you again."
        ),
    )


def ending(matter: LetterMatter) -> Paragraph:
    """Who it is from."""
    return Paragraph(
        "Yours sincerely,\n"
        + "\n".join(filter(None, (matter.case.handler_name or matter.signature, matter.provider_name)))
    )


def subject(matter: LetterMatter, about: str) -> str:
    """The subject: our own words and the reference, never words of the customer's."""
    return f"Your {matter.noun} {matter.case.reference}: {about}"


def first_receipt(matter: LetterMatter) -> str:
    """When and how the complaint first came to us, to follow "we received it"."""
    assert matter.case.first_received is not None
    came = CAME_BY.get(matter.case.first_channel, "")
    return f"on {saying.moment(matter.case.first_received)}" + (f", {came}" if came else "")


def first_day(matter: LetterMatter) -> str:
    """The date on which the complaint first came to us."""
    assert matter.case.first_received is not None
    return saying.day(london_date(matter.case.first_received))


def own_words(text: str) -> tuple[Block, ...]:
    """What a person wrote for this letter, a paragraph for each of theirs."""
    return tuple(
        Paragraph(part) for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip()
    )


def reaching_us(matter: LetterMatter) -> Iterator[Block]:
    """How to reach the handler and the provider, with the reference, and where to follow the case."""
    yield Heading(REACHING_US)
    yield Paragraph(
        f"You can reply to this letter or email. Please give your reference, {matter.case.reference}, "
        "whenever you contact us."
    )
    rows = (*_handler(matter), *_points(matter))
    if rows:
        yield Details(rows, ours=True)
    yield from _portal(matter)


def _handler(matter: LetterMatter) -> Iterator[tuple[str, str]]:
    case = matter.case
    if case.handler_name and case.handler_phone:
        yield f"{case.handler_name}, by phone", case.handler_phone
    if case.handler_name and case.handler_email:
        yield f"{case.handler_name}, by email", case.handler_email


def _points(matter: LetterMatter) -> Iterator[tuple[str, str]]:
    code = matter.book.code
    if code is None:
        return
    purposes = ("complaints", "support")
    # A code may offer a way and not say where it leads: a label with nothing behind it helps nobody.
    given = [point for point in code.contacts if point.value]
    ours = next(filter(None, ([p for p in given if p.purpose == purpose] for purpose in purposes)), [])
    for point in ours:
        # Who has a handler's own number and mailbox needs no third and fourth way to the same desk.
        if any(_handler(matter)) and point.channel not in (Channel.PHONE, Channel.LETTER):
            continue
        yield _POINTS[point.channel], _with_hours(point, matter)


def _with_hours(point: ContactPoint, matter: LetterMatter) -> str:
    hours = matter.book.code.hours.get(point.hours or "") if matter.book.code else None
    return f"{point.value}\n{saying.opening(hours)}" if hours else point.value


def _portal(matter: LetterMatter) -> Iterator[Block]:
    if not matter.portal:
        return
    yield Link(f"See your {matter.noun} and its dates on our website", matter.portal)
    if matter.access_code:
        yield Details((("Reference", matter.case.reference), (ACCESS_CODE, matter.access_code)))

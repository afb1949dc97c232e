"""Rules about who can reach whom: ways to complain, forms of the code, whom it covers, personal data.

A published code gives "phone number, postal address, and email or web form; investigation steps; expected timeframes"
(CH-19). Protected are businesses of up to 10 people (CH-05).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends.core.check.judged import Finding, Judged
from amends.core.code import Channel, ContactPoint
from amends.core.periods import rough_days
from amends.core.problems import Severity

_FOR_COMPLAINTS = frozenset({"complaints", "support"})
_PEOPLE = r"(?:employees|people|staff|workers|individuals|members of staff)"
_TEN = r"(?:ten|\d+)"
_SIZES = re.compile(
    rf"(?P<under>fewer than|less than|under|below)\s+(?P<a>{_TEN})\s+(?:\w+\s+)?{_PEOPLE}"
    rf"|(?P<b>{_TEN})\s+(?P<or_more>or more)\s+(?:\w+\s+)?{_PEOPLE}"
    rf"|(?:more than|over|above)\s+(?P<c>{_TEN})\s+(?:\w+\s+)?{_PEOPLE}"
    rf"|(?:up to|at most|no more than)\s+(?P<d>{_TEN})\s+(?:\w+\s+)?{_PEOPLE}",
    re.IGNORECASE,
)
_OTHER_FORMS = re.compile(
    r"large(?:r)? print|braille|audio|easy read|accessible (?:format|version)"
    r"|(?:other|another|alternative) (?:format|form)s?\b",
    re.IGNORECASE,
)
_MEMBERS_ONLY = re.compile(r"business|compan|customer|complain|ombudsman|scheme", re.IGNORECASE)


def single_channel(judged: Judged) -> Iterator[Finding]:
    """Only one way to complain."""
    if len(_offered(judged)) == 1:
        (only,) = _offered(judged)
        yield Finding(
            judged.line_of("contact"),
            f"Customers can complain by {only} only.",
            "Give a telephone number, a postal address, and an email address or web form.",
        )


def missing_phone(judged: Judged) -> Iterator[Finding]:
    """No telephone number for complaints."""
    yield from _missing_way(judged, "a telephone number", frozenset({Channel.PHONE}))


def missing_post(judged: Judged) -> Iterator[Finding]:
    """No postal address for complaints."""
    yield from _missing_way(judged, "a postal address", frozenset({Channel.LETTER}))


def missing_email(judged: Judged) -> Iterator[Finding]:
    """Neither an email address nor a web form for complaints."""
    yield from _missing_way(judged, "an email address or web form", frozenset({Channel.EMAIL, Channel.FORM}))


def costly_phone(judged: Judged) -> Iterator[Finding]:
    """A complaints number that costs more than a call to an ordinary landline."""
    for point in _points(judged):
        digits = re.sub(r"\D", "", re.sub(r"^\+?44", "0", point.value))
        if point.channel is Channel.PHONE and digits.startswith(("084", "087", "09")):
            yield Finding(
                point.where,
                f"'{point.value}' can cost more than a call to a landline.",
                "Give a number that begins with 01, 02, 03 or 080.",
            )


def boundary_10(judged: Judged) -> Iterator[Finding]:
    """A limit on the size of a business that leaves out some who are protected, or takes in others.

    The last protected size is 10 people.
    """
    size = judged.law.small_business_size.on(judged.on).value
    mend = f"Businesses of up to {size} people are protected: write 'more than {size}' for those who are not."
    dispute = judged.dispute
    if (
        dispute
        and dispute.employees_over is not None
        and dispute.employees_where
        and dispute.employees_over != size
    ):
        yield Finding(
            dispute.employees_where, f"The limit is given as over {dispute.employees_over} employees.", mend
        )
    for sentence in judged.sentences:
        for found in _SIZES.finditer(sentence.text):
            if _last_protected(found) != size and _MEMBERS_ONLY.search(sentence.context or sentence.text):
                yield Finding(
                    sentence.at(*found.span()), f"'{found.group()}' draws the line at another size.", mend
                )


def no_alt_format(judged: Judged) -> Iterator[Finding]:
    """No word of large print, Braille or any other form of the code."""
    if judged.code.formats and judged.code.formats.offered:
        return
    if not any(_OTHER_FORMS.search(sentence.text) for sentence in judged.sentences):
        yield Finding(
            judged.line_of("formats"),
            "The code offers itself in no other form.",
            "Add 'formats: {id: …, offered: [large print, Braille]}', with what you can really send.",
        )


def dp_complaint_route_missing(judged: Judged) -> Iterator[Finding]:
    """No route for complaints about personal data, from the day on which there has to be one."""
    began = judged.law.rule("DP-01").start
    if began and judged.on >= began and not judged.code.data_protection_id:
        yield Finding(
            judged.line_of("data protection"),
            "The code names no route for complaints about personal data.",
            "Add 'data protection' with 'complaints to' and 'acknowledge within: 30 calendar days'.",
            "The route may stand in another document; a customer who complains to you about both has to find it.",
            Severity.WARNING,
        )


def dp_acknowledge_late(judged: Judged) -> Iterator[Finding]:
    """More time to acknowledge a complaint about personal data than the rule gives."""
    promised = judged.code.data_protection
    began = judged.law.rule("DP-01").start
    if not promised or not promised.acknowledge_within or not began or judged.on < began:
        return
    days = judged.law.dp_acknowledge_days.on(judged.on).value
    if rough_days(promised.acknowledge_within) > days + 1:
        yield Finding(
            promised.where,
            f"Complaints about personal data are acknowledged within {promised.acknowledge_within}.",
            f"Write 'acknowledge within: {days} calendar days', or less.",
        )


def not_standalone(judged: Judged) -> Iterator[Finding]:
    """A complaints procedure inside a wider code of practice."""
    if judged.code.kind == "code of practice" and judged.dispute:
        yield Finding(
            judged.line_of("kind"),
            "The complaints procedure stands inside a wider code of practice.",
            "Publish it as a document of its own, and refer to it from the code of practice.",
            "Customers look for it when they are already unhappy.",
            Severity.WARNING,
        )


def _points(judged: Judged) -> tuple[ContactPoint, ...]:
    return tuple(point for point in judged.code.contacts if point.purpose in _FOR_COMPLAINTS)


def _offered(judged: Judged) -> frozenset[Channel]:
    return frozenset(point.channel for point in _points(judged))


def _given(judged: Judged) -> frozenset[Channel]:
    return frozenset(point.channel for point in _points(judged) if point.value)


def _missing_way(judged: Judged, what: str, channels: frozenset[Channel]) -> Iterator[Finding]:
    if channels & _given(judged) or len(_offered(judged)) == 1:
        return
    offered = next((point for point in _points(judged) if point.channel in channels), None)
    if offered:
        message = f"The code offers {offered.channel}, and does not give {what}."
    else:
        message = f"The code gives no {what.split(' ', 1)[1]} for complaints."
    yield Finding(
        offered.where if offered else judged.line_of("contact"), message, f"Add {what} to 'contact'."
    )


def _last_protected(found: re.Match[str]) -> int:
    number = next(found[name] for name in "abcd" if found[name])
    count = 10 if number.lower() == "ten" else int(number)
    return count - 1 if found["under"] or found["or_more"] else count

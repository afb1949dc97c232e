"""The schemes as a letter names them: by the law's directory on the day of the letter, never by the code's words.

CH-03, AD-01  a provider belongs to one of the two approved schemes
AD-02, 2A     names, numbers and addresses are those of the day; what is retired is never printed
AD-07, AD-08  how soon we carry out a decision
AD-13 to AD-15, N-adr-limits, I-adr-limits   what a scheme may not take of this very complaint is said, and keeps nobody away
AD-10         a decision binds us, and the customer only if they accept it

Where nobody has recorded which scheme the provider belongs to, every approved one is named with its contacts, and the
customer may ask us which is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from amends.core import saying
from amends.core.calendar import add_months
from amends.core.dated import NotKnown
from amends.core.law import Law
from amends.core.letters.blocks import Block, Bullets, Details, Heading, Paragraph
from amends.core.letters.matter import LetterMatter
from amends.core.opening import Hours, parse_hours
from amends.core.scheme_path import ABOUT, grounds
from amends.core.schemes import Ground, Membership, Scheme, SchemeDetails, membership_on

if TYPE_CHECKING:
    from amends.core.case import Case


def schemes_named(matter: LetterMatter) -> tuple[Scheme, ...]:
    """The provider's scheme on the day of the letter, or every approved one where that is not known.

    Raises `NotKnown` for a day on which the law knows of no approved scheme.
    """
    return _schemes_on(matter.today, matter.book.law, matter.memberships)


def _schemes_on(day: date, law: Law, memberships: Iterable[Membership]) -> tuple[Scheme, ...]:
    approved = law.approved(day)
    member = membership_on(memberships, day)
    own = tuple(s for s in approved if member is not None and s.id == member.scheme)
    return own or approved


def scheme_names(matter: LetterMatter) -> str:
    """The scheme in a sentence, as the letter of this day names it."""
    return names_on(matter.today, matter.book.law, matter.memberships)


def names_on(day: date, law: Law, memberships: Iterable[Membership]) -> str:
    """The scheme in a sentence: "the Communications Ombudsman", or "our independent scheme, which is" one of several.

    "an independent scheme" on a day on which the law knows of no approved one.
    """
    try:
        names = [named(s.on(day)) for s in _schemes_on(day, law, memberships)]
    except NotKnown:
        return "an independent scheme"
    return names[0] if len(names) == 1 else f"our independent scheme, which is {saying.listed(names, 'or')}"


def doubts(case: Case, day: date, law: Law, memberships: Iterable[Membership]) -> tuple[str, ...]:
    """What the schemes named on this day may not take of this complaint, a sentence or two for each; most often nothing."""
    return tuple(_doubts(grounds(case), day, _schemes_on(day, law, memberships)))


def _doubts(found: Iterable[Ground], day: date, schemes: tuple[Scheme, ...]) -> Iterator[str]:
    for ground in sorted(found):
        listed = [(s, e.firm) for s in schemes for e in s.exclusions if e.ground is ground]
        for scheme, firm in listed:
            name = named(scheme.on(day))
            takes = "does not take" if firm else "may not take"
            yield (
                f"As we see it, your complaint is about {ABOUT[ground]}. {name[0].upper()}{name[1:]} {takes} complaints "
                "about that. The scheme decides this, not we, and you can apply all the same."
            )


def named(details: SchemeDetails) -> str:
    """The scheme's name as it stands in a sentence."""
    return f"the {details.name}" if "Ombudsman" in details.name else details.name


def about(scheme: Scheme, matter: LetterMatter) -> Iterator[Block]:
    """How to reach a scheme, what it can do, and what it does not take."""
    details = scheme.on(matter.today)
    name = named(details)
    yield Details(tuple(_reached(details, matter)), ours=True)
    yield from _powers(name, details.can_do, details.cannot_take, _carried_out(scheme))


# The same in every letter of a day.
@lru_cache(maxsize=32)
def _powers(
    name: str, can_do: tuple[str, ...], cannot_take: tuple[str, ...], within: str
) -> tuple[Block, ...]:
    return (
        Heading(f"What {name} can and cannot do"),
        Paragraph(f"{name[0].upper()}{name[1:]} can:"),
        Bullets(can_do),
        Paragraph(
            "You need not accept its decision, and you can still go to court instead. If you do accept it, we must do "
            f"what it says within {within}."
        ),
        Paragraph("It does not take:"),
        Bullets(cannot_take),
    )


def _reached(details: SchemeDetails, matter: LetterMatter) -> Iterator[tuple[str, str]]:
    yield "Name", details.name
    yield "Website", details.web
    yield "Phone", "\n".join(filter(None, (details.phone, _answered(details.hours or ""))))
    yield "Email", details.email
    yield "Post", "\n".join(details.post)
    yield "Your reference", matter.case.reference


@lru_cache(maxsize=32)
def _answered(hours: str) -> str:
    read = parse_hours("phone", hours)
    return saying.opening(read) if isinstance(read, Hours) else hours


def _carried_out(scheme: Scheme) -> str:
    kind = "working day" if scheme.decision_days_kind == "working" else "calendar day"
    return saying.counted(scheme.decision_days, kind)


def window(matter: LetterMatter) -> int:
    """Months from the letter within which the customer may apply (AD-03, AD-04); the shorter of two schemes' windows.

    Raises `NotKnown` where that of the day is not known.
    """
    return min(s.on(matter.today).window_months for s in schemes_named(matter))


def last_day(matter: LetterMatter) -> date:
    """The last day for applying, counted from the date of this letter.

    The scheme counts from the day on which the letter reaches the customer; the letter's own date is the safe one.
    """
    return add_months(matter.today, window(matter))

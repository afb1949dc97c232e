"""What a letter cannot be written without: for each name, whether it is there, and what to say where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from amends.core.letters.blocks import clean, is_web_address
from amends.core.letters.credit import the_award
from amends.core.letters.matter import LetterMatter

NEEDS: Mapping[str, tuple[Callable[[LetterMatter], bool], str]] = MappingProxyType(
    {
        "reference": (lambda m: bool(m.case.reference), "the case has no reference"),
        "first receipt": (
            lambda m: m.case.first_received is not None,
            "nothing was received from the customer",
        ),
        "handler": (lambda m: bool(m.case.handler_name), "the case has no handler: assign one first"),
        "contact time": (
            lambda m: m.appointment is not None,
            "no contact time is agreed that is still to come",
        ),
        "words": (lambda m: bool(clean(m.free_text)), "nobody has written what to tell the customer"),
        "outcome": (lambda m: bool(m.case.outcomes), "no outcome is recorded: propose one first"),
        "stage": (lambda m: bool(m.case.stage_role), "the case has entered no stage"),
        "extension": (lambda m: bool(m.case.extensions), "no promise was given a later time"),
        "silence clause": (
            lambda m: bool(m.book.code and m.book.code.closing and m.book.code.closing.silence),
            "the code has no clause for silence, and silence alone never closes a complaint (A-consent)",
        ),
        "closing": (lambda m: m.case.closed is not None, "the case is not closed"),
        "reopening": (
            lambda m: m.case.reopened is not None and m.case.closed is None,
            "the case was not reopened",
        ),
        "award": (lambda m: the_award(m) is not None, "no sum of money is named that the case has awarded"),
        "link": (lambda m: is_web_address(m.extra.get("link", "")), "there is no sign-in link"),
        "code": (lambda m: m.book.code is not None, "no code is in force: adopt it first"),
        "sent letter": (
            lambda m: any(x.key == m.extra.get("of") for x in m.case.letters),
            "no earlier letter is named",
        ),
        "referral": (
            lambda m: m.case.referral is not None,
            "no scheme has the complaint: write down first that the customer went to one",
        ),
        "copy": (lambda m: m.case.copy_waiting is not None, "nobody waits for a copy of the code"),
        "call": (
            lambda m: any(not c.inbound and c.channel == "phone" and c.reached for c in m.case.contacts),
            "no call with the customer is recorded",
        ),
    }
)

OF_THE_CODE: Mapping[str, tuple[Callable[[LetterMatter], bool], str]] = MappingProxyType(
    {
        "way to reach us": (
            lambda m: (
                any(p.purpose in ("complaints", "support") for p in m.book.code.contacts)
                if m.book.code
                else True
            ),
            "the code gives no way to reach the provider",
        ),
    }
)
"""What letters take from the code and can be without: on its day no letter waits for it, so the check of a code asks."""


def lacking(needs: tuple[str, ...], matter: LetterMatter) -> tuple[str, ...]:
    """The names among these of what is not there."""
    return tuple(name for name in needs if not NEEDS[name][0](matter))


def why(names: tuple[str, ...]) -> str:
    """Why a letter cannot be written that lacks these, in words for a person."""
    return "; ".join(NEEDS[name][1] for name in names)

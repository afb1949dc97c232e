"""The words of the acknowledgement.

O-acknowledge, O-confirm, S-reference  the complaint is acknowledged, with its reference and the details we hold
R-06 (unverified)                      on receipt the customer is told the process, the timeframe and their rights
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.code import Owed, Reached
from amends.core.letters.blocks import Details, Heading, Paragraph
from amends.core.letters.matter import LetterMatter, Writing
from amends.core.letters.sentences.dates import next_dates
from amends.core.letters.sentences.phrases import ending, first_receipt, greeting, reaching_us, subject

KEEPS = (Owed.ACKNOWLEDGEMENT, Owed.CONFIRMATION)
OPTIONAL = {
    "thanks": "Thank you for telling us.",
    "corrections": "If one of these details is wrong, please tell us.",
    "what we do": "We look into what went wrong, tell you what we found, and say what we will do to put it right.",
}
"""The sentences that a provider may say otherwise, by the names by which its file calls them."""


def acknowledgement(matter: LetterMatter) -> Writing:
    """We have it, this is its reference, this happens next.

    It repeats nothing that the sender wrote: it goes to an address that nobody has verified.
    """
    blocks = (
        greeting(matter),
        Paragraph(
            f"{OPTIONAL['thanks']} We received your {matter.noun} {first_receipt(matter)}. "
            "It has a reference, and we will look into it."
        ),
        Details(tuple(_held(matter))),
        Paragraph(OPTIONAL["corrections"]),
        Heading("How we deal with it"),
        *(Paragraph(said) for said in _process(matter)),
        *next_dates(matter, KEEPS),
        *reaching_us(matter),
        ending(matter),
    )
    return subject(matter, "we have received it"), blocks


def _held(matter: LetterMatter) -> Iterator[tuple[str, str]]:
    customer = matter.case.customer
    yield "Reference", matter.case.reference
    for label, value in (
        ("Name", customer.name),
        ("Account", customer.account),
        ("Email", customer.email),
        ("Phone", customer.phone),
        ("Address", customer.address),
    ):
        if value:
            yield label, value


def _process(matter: LetterMatter) -> Iterator[str]:
    if matter.case.handler_name:
        yield f"{matter.case.handler_name} is looking after your {matter.noun}."
    yield OPTIONAL["what we do"]
    if role := first_step_up(matter):
        yield f"If you are not happy with our answer, you can ask for our {role}."


def first_step_up(matter: LetterMatter) -> str:
    """The role on the code's path to whom a customer who is not satisfied goes first; empty where there is none."""
    stages = matter.book.code.stages if matter.book.code else ()
    wanted = {Reached.NOT_SATISFIED, Reached.CUSTOMER_ASKS}
    return next((s.role for s in stages[1:] if s.reached & wanted and not s.optional), "")

"""Sentences of every letter about personal data: what was asked, where one goes, and the privacy policy.

DP-10   whoever is not content hears of the Information Commissioner and the courts
N-gdpr  where the code names a privacy policy, its address stands in the letter
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from amends.core.kinds import CaseKind
from amends.core.letters.blocks import Block, Heading, Paragraph
from amends.core.letters.matter import LetterMatter
from amends.core.personal_data import COMMISSIONER

ASKS: Final = {
    CaseKind.DATA_ACCESS: "for a copy of the personal information that we hold about you",
    CaseKind.DATA_CORRECTION: "to put right personal information that we hold about you",
    CaseKind.DATA_OBJECTION: "to stop a use of your personal information",
    CaseKind.DATA_ERASURE: "to erase personal information that we hold about you",
}
"""What was asked, as a sentence goes on after "you asked us"."""


def rights() -> Iterator[Block]:
    """Where somebody goes who is not content with this."""
    yield Heading("If you are not happy with this")
    yield Paragraph(
        "Please tell us, and somebody else here will look at it again. You can also complain to "
        f"{COMMISSIONER}, free of charge, and you can ask a court to enforce your right."
    )


def policy(matter: LetterMatter) -> Iterator[Block]:
    """Where the privacy policy stands, if the code names it (N-gdpr)."""
    code = matter.book.code
    address = code.privacy_policy if code else ""
    if address:
        yield Paragraph(f"How we use personal information stands in our privacy policy: {address}")

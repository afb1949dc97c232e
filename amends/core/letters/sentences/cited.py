"""What an outcome cites, in a letter: whose fault it was, and the clauses of the code that are its reasons.

S-third-party, S-impossible, S-refused: the words are those of the code that governs the case.
"""

from __future__ import annotations

from collections.abc import Iterator

from amends.core import citing
from amends.core.case import Outcome
from amends.core.letters.blocks import Block, Details, Paragraph, Quote
from amends.core.letters.matter import LetterMatter


def cited(proposed: Outcome, matter: LetterMatter) -> Iterator[Block]:
    """Whose fault it was, and each clause that is a reason, with why it holds here."""
    if proposed.fault_owner.strip():
        yield Details((("Whose fault it was", proposed.fault_owner),))
    found = citing.cited(matter.book.code, proposed.cites)
    for clause in found:
        yield Paragraph(f"Our code says, in {clause.id}:")
        yield Quote(clause.says)
    if found and proposed.because.strip():
        yield Paragraph("Why that holds here:")
        yield Quote(proposed.because)

"""Copies of the code that somebody asked for: by when each is owed, when it has gone, and when its case is over.

R-04 (unverified): a free copy of the complaints code, in print or another reasonable format, on request. The clauses of
the codes: O-copy, I-copy, L-copy. Where the code names a time, that promise runs (`clocks`). Where it names none, we owe
the copy within `COPY_WITHIN`: a rule of this house, told to nobody as a promise of the provider's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amends.core.code import Owed, Period, Unit
from amends.core.rulebook import Times

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.case import Case, Copy
    from amends.core.clocks import Clock
    from amends.core.code import Code
    from amends.core.rulebook import Rulebook

COPY_WITHIN: Final = Period(5, Unit.WORKING_DAYS)
"""A rule of this house (docs/formats.md): no regulation read so far names a time, nor do Opus and Infinity."""
EVIDENCE: Final = "copy sent"
"""On what evidence such a case closes: one of `facts.EVIDENCE`."""
RULE: Final = "R-04"
"""What is cited where a code says nothing of copies."""


def clause(code: Code | None) -> str:
    """The clause by which a copy is owed: the code's own, else the rule's."""
    return code.copy_id if code is not None and code.copy_id else RULE


def gone(case: Case, copy: Copy) -> datetime | None:
    """When a copy had left in full: its letter, and what a person made to go with it; None while it has not."""
    letter = next((x for x in case.letters if x.key == copy.letter), None)
    if letter is None or not letter.left or letter.fate_at is None:
        return None
    made = [o.dispatched for o in case.format_orders if o.letter == copy.letter]
    if None in made:
        return None
    return max(letter.fate_at, *(m for m in made if m is not None)) if made else letter.fate_at


def owed_by(copy: Copy, running: tuple[Clock, ...], book: Rulebook) -> Times:
    """By when a copy is owed: the code's own promise, else the rule of this house."""
    for clock in running:
        if clock.owe is Owed.COPY_OF_CODE and clock.start == copy.asked:
            return clock.times
    return book.times(COPY_WITHIN, copy.asked)


def met(case: Case) -> bool:
    """Whether a case that was opened for copies alone is over: all have gone, and nobody has written anything else."""
    return (
        case.care
        and case.closed is None
        and case.reopened is None
        and bool(case.copies)
        and len([c for c in case.contacts if c.inbound]) <= len(case.copies)
        and all(gone(case, copy) is not None for copy in case.copies)
    )

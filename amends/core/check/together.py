"""Rules about documents that changed together: the day of each fits the day on which all of them changed (I-changes)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from amends.core.check.judged import Finding, Judged
from amends.core.dated import in_words
from amends.core.problems import Severity

_WHY = "Which version holds for a customer is decided by its day: two days for one change leave it open."


def changed_on_another_day(judged: Judged) -> Iterator[Finding]:
    """A document whose day is not that of the change in which the code names it, this code's own first day too."""
    code = judged.code
    for change in code.changed_together:
        day = in_words(change.on)
        for document in change.documents:
            if document.since is not None and document.since != change.on:
                yield Finding(
                    document.where,
                    f"'{document.title}' is to change on {day} with the others, and has {in_words(document.since)}.",
                    "Put the day of this document or of the change right.", _WHY, Severity.WARNING,
                )  # fmt: skip
            if not document.this_code:
                continue
            if code.in_force_from is None:
                yield Finding(
                    document.where,
                    f"This code changed on {day} with the others, and its file gives no day from which it is in force.",
                    f"Write 'in force from: {day}', or say in which version it stood before.", _WHY, Severity.WARNING,
                )  # fmt: skip
            elif code.in_force_from < change.on and not _over_by(judged, change.on):
                yield Finding(
                    document.where,
                    f"This code changes on {day} with the others, and this version of it is in force from "
                    f"{in_words(code.in_force_from)} and beyond that day.",
                    f"End this version with 'in force until' before {day}, and begin the next one on it.", _WHY,
                    Severity.WARNING,
                )  # fmt: skip


def _over_by(judged: Judged, day: date) -> bool:
    until = judged.code.in_force_until
    return until is not None and until < day

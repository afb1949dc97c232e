"""What settles a promise: for each thing that can be owed, the first moment at which the facts say it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from amends.core.care import steps
from amends.core.code import Owed
from amends.core.copies import gone
from amends.core.kinds import CARE_OWES, is_owed_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from amends.core.case import Case

WRITTEN = frozenset({"email", "letter", "form", "webchat", "fax"})
SUBSTANCE = frozenset({"reply", "call back"})


def settled_at(owe: Owed, case: Case, start: datetime) -> datetime | None:
    """When what was owed from `start` on was given, or None while it has not been."""
    if owe not in CARE_OWES:
        return _SETTLERS[owe](case, start)
    return steps.kept(case, case.kind, start) if is_owed_for(owe, case.kind) else None


def as_if_left(case: Case) -> Case:
    """The case as it will be when every letter that was decided and is not lost has left.

    A promise is settled only when its letter has left; but what is written must not be promised once more meanwhile.
    """
    if all(x.left or x.lost for x in case.letters):
        return case
    letters = (x if x.left or x.lost else replace(x, fate="sent", fate_at=x.decided) for x in case.letters)
    return replace(case, letters=tuple(letters))


def _first(moments: Iterable[datetime | None], start: datetime) -> datetime | None:
    return min((m for m in moments if m is not None and m >= start), default=None)


def _letter(case: Case, start: datetime, *letters: str) -> datetime | None:
    found = (x for letter in letters for x in case.letters_of(letter))
    return _first((x.fate_at for x in found if x.left), start)


def _acknowledgement(case: Case, start: datetime) -> datetime | None:
    spoken = _made(case, frozenset({"acknowledgement"}))
    return _first((_letter(case, start, "acknowledgement"), *spoken, case.resolved_at), start)


def _confirmation(case: Case, start: datetime) -> datetime | None:
    return _first((_letter(case, start, "acknowledgement"), case.resolved_at), start)


def _assigned(case: Case, start: datetime) -> datetime | None:
    return None if case.assigned is None else max(case.assigned, start)


def _introduction(case: Case, start: datetime) -> datetime | None:
    if case.introduced is None or not _arrived(case, case.introduced_by_letter):
        return None
    return max(case.introduced, start)


def _contact_time(case: Case, start: datetime) -> datetime | None:
    return _first((*(a.agreed for a in case.appointments), case.resolved_at), start)


def _made(case: Case, purposes: frozenset[str], channels: frozenset[str] | None = None) -> Iterable[datetime]:
    return (
        c.at
        for c in case.contacts
        if not c.inbound
        and c.reached
        and c.purpose in purposes
        and (channels is None or c.channel in channels)
        and _arrived(case, c.letter)
    )


def _arrived(case: Case, key: str) -> bool:
    """Whether a contact that is a letter has left and not come back, or the one that replaces it; other contacts have."""
    return not key or any(key in (x.key, x.instead_of) and x.left for x in case.letters)


def _outcomes(case: Case, channels: frozenset[str] | None = None) -> Iterable[datetime]:
    return (
        o.at
        for o in case.outcomes
        if (channels is None or o.channel in channels) and _arrived(case, o.letter)
    )


def _reply(case: Case, start: datetime) -> datetime | None:
    written = _letter(case, start, "adr-letter")
    return _first((*_made(case, SUBSTANCE), *_outcomes(case), case.resolved_at, written), start)


def _written_response(case: Case, start: datetime) -> datetime | None:
    written = _letter(case, start, "adr-letter")
    return _first((*_made(case, SUBSTANCE, WRITTEN), *_outcomes(case, WRITTEN), written), start)


def _call_back(case: Case, start: datetime) -> datetime | None:
    called = (c.at for c in case.contacts if not c.inbound and c.channel == "phone" and c.reached)
    return _first((*called, case.resolved_at), start)


def _update(case: Case, start: datetime) -> datetime | None:
    # An update given at the very moment at which the interval began is what began it.
    told = frozenset({"update", "reply", "call back"})
    later = (m for m in (*_made(case, told), *_outcomes(case)) if m > start)
    return _first(later, start)


def _outcome(case: Case, start: datetime) -> datetime | None:
    return _first(_outcomes(case), start)


def _cannot_resolve(case: Case, start: datetime) -> datetime | None:
    return _letter(case, start, "cannot-resolve", "adr-letter")


def _adr_letter(case: Case, start: datetime) -> datetime | None:
    return _letter(case, start, "adr-letter")


def _copy(case: Case, start: datetime) -> datetime | None:
    return _first((gone(case, c) for c in case.copies if c.asked == start), start)


_SETTLERS: dict[Owed, Callable[[Case, datetime], datetime | None]] = {
    Owed.ACKNOWLEDGEMENT: _acknowledgement,
    Owed.CONFIRMATION: _confirmation,
    Owed.HANDLER_ASSIGNED: _assigned,
    Owed.HANDLER_INTRODUCTION: _introduction,
    Owed.CONTACT_TIME: _contact_time,
    Owed.REPLY: _reply,
    Owed.WRITTEN_RESPONSE: _written_response,
    Owed.CALL_BACK: _call_back,
    Owed.UPDATE: _update,
    Owed.OUTCOME: _outcome,
    Owed.CANNOT_RESOLVE: _cannot_resolve,
    Owed.ADR_LETTER: _adr_letter,
    Owed.COPY_OF_CODE: _copy,
}

"""Holding a case whatever its period says, and letting it go: by a named person, for a reason, until a day.

DP-04, L28: a solicitor's letter, a court, an enquiry of the regulator. On its day whoever may erase is asked again; nothing
is erased because nobody answered.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction

from amends.core.calendar import london_date
from amends.core.letters.blocks import clean
from amends.core.may import Refusal
from amends.core.retention import OWN
from amends.desk.models import AuditEntry, CaseRow, CaseTally, Keeping, Retention

LONGEST: Final = 1000


def standing(row: CaseRow) -> Retention | None:
    """Where a case stands on the way to being erased; None while its period runs or nothing is erased by itself."""
    return Retention.objects.filter(case=row).first()


def hold(row: CaseRow, *, why: str, until: date, by: str, now: datetime) -> Refusal | None:
    """Hold an ended case: nobody and nothing erases it before somebody lets it go. Held again, the newer words stand."""
    if not why.strip() or len(why) > LONGEST:
        return Refusal(
            "A hold says why", OWN, f"Write who needs it, and for what: at most {LONGEST:,} characters."
        )
    if until <= london_date(now):
        return Refusal(
            "That day is not to come", OWN, "Choose the day on which to ask again whether it is needed."
        )
    with transaction.atomic():
        CaseRow.objects.select_for_update().get(pk=row.pk)
        stands = Retention.objects.filter(case=row).first()
        if stands is not None and stands.state == Keeping.ERASED:
            return Refusal("Its words have been erased", OWN, "There is nothing left to hold.")
        closed = CaseTally.objects.filter(case=row).values_list("closed", flat=True).first()
        Retention.objects.update_or_create(
            case=row,
            defaults={
                "provider_id": row.provider_id, "state": Keeping.HELD, "closed": closed, "day": until,
                "why": clean(why).strip(), "by": by, "at": now,
            },
        )  # fmt: skip
        _audit(row, by, now, "case held", until=until.isoformat())
    return None


def let_go(row: CaseRow, *, by: str, now: datetime) -> Refusal | None:
    """Let a held case go: it is looked at anew, and announced before anything of it is erased."""
    with transaction.atomic():
        CaseRow.objects.select_for_update().get(pk=row.pk)
        gone, _ = Retention.objects.filter(case=row, state=Keeping.HELD).delete()
        if not gone:
            return Refusal("Nobody holds it", OWN, "Nothing is to be done.")
        _audit(row, by, now, "hold ended")
    return None


def held(row: CaseRow) -> Retention | None:
    """The hold of a case; None where nobody holds it."""
    return Retention.objects.filter(case=row, state=Keeping.HELD).first()


def _audit(row: CaseRow, by: str, now: datetime, what: str, **more: object) -> None:
    AuditEntry.objects.create(
        provider_id=row.provider_id, at=now, by=by, what=what, detail={"case": row.reference, **more}
    )

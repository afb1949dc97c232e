"""Lessons: what was learned on a case, who sees to it by when, and what was decided to change.

A lesson is noted on a case with its root cause, while it is handled or when it closes, and is asked for where a scheme
decided for the customer. It goes to the review list of those who answer for the code. When the case
is erased the words of both go; the cause, the days and who decided stay.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import User
from django.db.models import Count, F, QuerySet

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.letters.blocks import clean
from amends.core.may import Refusal
from amends.desk import access, categories
from amends.desk.models import AuditEntry, CaseTally, Lesson
from amends.desk.people import person_id

if TYPE_CHECKING:
    from amends.desk.actions import Actor
    from amends.desk.record import CaseInHand, Docket

LONGEST: Final = 4000
CAUSES_SINCE: Final = timedelta(days=90)
CAUSES_SHOWN: Final = 12


def note(
    docket: Docket, hand: CaseInHand, by: Actor, now: datetime, *, words: str, cause: str
) -> Refusal | None:
    """Note what was learned on a case, closed ones too, with the root cause: one of the provider's own list."""
    case = hand.case
    if case.merged_into is not None:
        return Refusal(f"The case goes on as {case.merged_into.reference}", "A-evidence", "Note it there.")
    if not words.strip() or len(words) > LONGEST:
        return Refusal(
            "A lesson is what should change", "A-evidence",
            f"Write it in a sentence or two, at most {LONGEST:,} characters.",
        )  # fmt: skip
    known = categories.lists(hand.provider.pk).causes
    if cause not in (*known, case.cause) or not cause:
        return Refusal("A lesson has a root cause", "A-evidence", f"One of: {', '.join(known)}.")
    if cause != case.cause:
        hand.add(f.Categorised(at=now, logged=now, by=by.id, category=case.category, cause=cause))
    number = case.lessons + 1
    hand.add(f.LessonNoted(at=now, logged=now, by=by.id, lesson=number, cause=cause, words=words.strip()))
    row = Lesson(
        provider=hand.provider, number=number, noted_at=now, noted_by=by.id, cause=cause, words=clean(words)
    )

    def keep() -> None:
        # A case that is new has its id only at the end of the docket.
        row.case = hand.row
        row.save(force_insert=True)

    docket.along(keep)
    return None


def owners(provider: str) -> dict[str, str]:
    """Who can see to a lesson: those who review the code, by their ids, with their names."""
    held = User.objects.filter(
        roles__provider=provider, roles__role__in=access.REVIEWS_THE_CODE, is_active=True
    )
    found = {person_id(who): who.get_full_name() or who.get_username() for who in held.distinct()}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def give(lesson: Lesson, *, owner: str, review_on: date, by: str, now: datetime) -> Refusal | None:
    """Give a lesson to somebody, with the day by which they look at it."""
    if owner not in owners(lesson.provider_id):
        return Refusal(
            "That person does not review the code here", "A-evidence", "Choose one of those shown."
        )
    if review_on < london_date(now):
        return Refusal("That day is over", "A-evidence", "Give today or a day that is still to come.")
    lesson.owner, lesson.review_on = owner, review_on
    lesson.save(update_fields=["owner", "review_on"])
    _audit(lesson, by, now, "lesson given", owner=owner, review_on=review_on.isoformat())
    return None


def decide(lesson: Lesson, *, decision: str, by: str, now: datetime) -> Refusal | None:
    """Write down what changes by a lesson, or why nothing does. Decided again, the newer decision stands."""
    if not decision.strip():
        return Refusal(
            "It must stand what was decided", "A-evidence", "Write what changes, or why nothing does."
        )
    lesson.decision, lesson.decided_at, lesson.decided_by = clean(decision), now, by
    lesson.save(update_fields=["decision", "decided_at", "decided_by"])
    _audit(lesson, by, now, "lesson decided")
    return None


def _audit(lesson: Lesson, by: str, now: datetime, what: str, **more: object) -> None:
    AuditEntry.objects.create(
        provider_id=lesson.provider_id, at=now, by=by, what=what, detail={"lesson": lesson.pk, **more}
    )


def waiting(rows: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Those of which nothing is decided: what nobody has first, then by their days."""
    return rows.filter(decided_at__isnull=True).order_by(F("review_on").asc(nulls_first=True), "pk")


def late(rows: QuerySet[Lesson], today: date) -> QuerySet[Lesson]:
    """Those whose day has passed with nothing decided."""
    return rows.filter(decided_at__isnull=True, review_on__lt=today)


def causes(provider: str, today: date) -> list[tuple[str, int, int]]:
    """The root causes of what was received lately, the most frequent first: complaints, and lessons that wait."""
    rows = CaseTally.objects.filter(provider=provider, counts=True, received__gt=today - CAUSES_SINCE)
    found = Counter(
        {
            one["cause"]: one["n"]
            for one in rows.exclude(cause="").order_by().values("cause").annotate(n=Count("pk"))
        }
    )
    open_ = Lesson.objects.filter(provider=provider, decided_at__isnull=True).order_by().values("cause")
    lessons = {one["cause"]: one["n"] for one in open_.annotate(n=Count("pk"))}
    every = sorted({*found, *lessons}, key=lambda cause: (-found[cause], -lessons.get(cause, 0), cause))
    return [(cause, found[cause], lessons.get(cause, 0)) for cause in every[:CAUSES_SHOWN]]

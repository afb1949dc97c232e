"""What of how work is shared and posted leaves the desk: print batches, who is away, and the rules of assignment."""

from __future__ import annotations

from django.http import HttpRequest

from amends.core.calendar import london_date
from amends.desk import access, handover
from amends.desk.assigning import said
from amends.desk.models import Absence, AssignmentRule
from amends.desk.people import called, names_at
from amends.desk.sheets import Sheet
from amends.desk.views.batches import letters_in
from amends.desk.views.exported import Rows, in_turn
from amends.desk.views.here import Here


def batches_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """Every print batch from the first on, with how many of its letters still wait for the post."""
    found = access.batches_for(here.person, here.provider.pk)
    names = names_at(here.provider.pk)
    heads = ("Batch", "Made", "By", "Letters", "Waits for the post", "Pages", "Both sides", "SHA-256")
    rows: Rows = (
        (
            b.number,
            b.made_at,
            names.get(b.made_by, b.made_by),
            *letters_in(b),
            b.pages,
            b.both_sides,
            b.sha256,
        )
        for b in in_turn(found, "number")
    )
    return Sheet("print batches", heads, rows), ""


def absences_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """Who is away now or will be, by the first day, with what they have."""
    found = Absence.objects.filter(provider=here.provider, ended_at__isnull=True).select_related("person")
    heads = ("Who", "From", "To", "Away today", "Open cases", "Cases with others", "Written down", "By")
    return Sheet("absences", heads, _absences(list(in_turn(found, "since")), here)), ""


def _absences(rows: list[Absence], here: Here) -> Rows:
    people = {str(row.person_id) for row in rows}
    held = handover.counts_held(here.provider.pk, people)
    over = handover.counts_to_give_back(here.provider.pk, people)
    names, today = names_at(here.provider.pk), london_date(here.now)
    for row in rows:
        who = str(row.person_id)
        there = row.since <= today and (row.until is None or row.until >= today)
        yield (
            called(row.person), row.since, row.until, there, held.get(who, 0), over.get(who, 0), row.made_at,
            names.get(row.made_by, row.made_by),
        )  # fmt: skip


def rules_sheet(_request: HttpRequest, here: Here) -> tuple[Sheet, str]:
    """The rules of assignment in their order, each in words."""
    found = AssignmentRule.objects.filter(provider=here.provider).order_by("place", "id")
    names = names_at(here.provider.pk)
    rows: Rows = ((place, said(rule), _goes_to(rule, names)) for place, rule in enumerate(found, 1))
    return Sheet("rules of assignment", ("Place", "What", "Goes to"), rows), ""


def _goes_to(rule: AssignmentRule, names: dict[str, str]) -> str:
    if rule.account_manager:
        return "their account manager"
    there = ", ".join(names.get(each, "somebody who left") for each in rule.people)
    return there or "whoever fills that role of the code"

"""Promises of refolding: every hint that differs from the facts is found, and is set right without sending anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import models

from amends.core import facts as f
from amends.desk import hints, owing
from amends.desk.models import CaseRow, DutyRow, Outgoing
from amends.desk.refold import STAMP, refold
from tests.desk.made import ANN, MONDAY, case, closed, days, london, look, provider, tell

pytestmark = pytest.mark.django_db


def awry(column: str) -> Any:
    """A value that no hint of these tests has."""
    kind = CaseRow._meta.get_field(column)
    if isinstance(kind, models.BooleanField):
        return column in ("complaint", "priority")
    if isinstance(kind, models.BigIntegerField):
        return 99
    return MONDAY + days(99) if isinstance(kind, models.DateTimeField) else "x"


@pytest.fixture
def row() -> CaseRow:
    """A case, in the middle of others."""
    at = provider()
    case(at)
    found = case(at)
    closed(case(at), MONDAY)
    return found


def test_an_untouched_desk_folds_to_its_own_hints(row: CaseRow) -> None:
    look(row, london("2026-12-15 09:00"))
    found = refold(check=True, now=MONDAY)
    assert (found.cases, found.wrong) == (3, [])


def test_every_column_of_a_case_is_a_hint_or_has_a_reason_not_to_be() -> None:
    """Whatever else stands on a case could go wrong unseen."""
    columns = {field.attname for field in CaseRow._meta.concrete_fields}
    what_it_is = {"id", "provider_id", "reference", "code_id"}
    proved_by_evidence = {"facts", "head", "checkpointed"}
    no_fact_tells = {"access_rotation", "stuck"}
    assert columns == set(hints.HINTS) | what_it_is | proved_by_evidence | no_fact_tells


@pytest.mark.parametrize("column", [column for column in hints.HINTS if column != STAMP])
def test_a_hint_that_went_awry_is_found_and_set_right(row: CaseRow, column: str) -> None:
    before = CaseRow.objects.filter(pk=row.pk).values(*hints.HINTS).get()
    CaseRow.objects.filter(pk=row.pk).update(**{column: awry(column)})
    [wrong] = refold(check=True, now=MONDAY).wrong
    assert (wrong.reference, wrong.column, wrong.stands) == (row.reference, column, awry(column))
    assert refold(check=False, now=MONDAY).mended
    assert CaseRow.objects.filter(pk=row.pk).values(*hints.HINTS).get() == before


def told(row: CaseRow) -> list[tuple[object, ...]]:
    """What the rows of a case say is owed."""
    return sorted(owing.told(each)[2:5] for each in DutyRow.objects.filter(case=row))


@pytest.mark.parametrize("column", owing.TOLD)
def test_a_line_of_the_queue_that_went_awry_is_found_and_set_right(row: CaseRow, column: str) -> None:
    before = list(DutyRow.objects.filter(case=row).order_by("duty").values_list(*owing.TOLD))
    one = DutyRow.objects.filter(case=row, duty="send:adr-letter").get()
    kind = DutyRow._meta.get_field(column)
    wrong = provider("opus").pk if column == "provider_id" else True if column == "priority" else None
    DutyRow.objects.filter(pk=one.pk).update(
        **{column: wrong or (MONDAY + days(99) if isinstance(kind, models.DateTimeField) else "x")}
    )
    found = refold(check=True, now=MONDAY).wrong
    assert {w.reference for w in found} == {row.reference}
    assert found
    assert refold(check=False, now=MONDAY).mended
    assert list(DutyRow.objects.filter(case=row).order_by("duty").values_list(*owing.TOLD)) == before


def test_a_line_that_is_missing_or_too_many_is_found_and_set_right(row: CaseRow) -> None:
    before = told(row)
    first, second = DutyRow.objects.filter(case=row).order_by("id")[:2]
    again = DutyRow(case=row, **{column: getattr(second, column) for column in owing.TOLD})
    again.save()
    DutyRow.objects.filter(pk=first.pk).delete()
    found = {(w.column, w.stands, w.should) for w in refold(check=True, now=MONDAY).wrong}
    assert found == {(f"duty {first.duty}", 0, 1), (f"duty {second.duty}", 2, 1)}
    refold(check=False, now=MONDAY)
    assert told(row) == before


def test_a_closed_case_owes_no_line(row: CaseRow) -> None:
    assert told(row)
    assert told(closed(row, MONDAY)) == []


def test_a_line_that_stays_is_not_written_again(row: CaseRow) -> None:
    before = dict(DutyRow.objects.filter(case=row).values_list("duty", "pk"))
    tell(row, MONDAY, f.NoteAdded, words="Nothing new.")
    assert dict(DutyRow.objects.filter(case=row).values_list("duty", "pk")) == before


def test_a_late_hint_stands_apart(row: CaseRow) -> None:
    CaseRow.objects.filter(pk=row.pk).update(due_hint=None, subject="x")
    assert [w.column for w in refold(check=True, now=MONDAY).late] == ["due_hint"]


def test_setting_right_sends_nothing(row: CaseRow) -> None:
    CaseRow.objects.filter(pk=row.pk).update(due_hint=None)
    refold(check=False, now=london("2026-12-20 09:00"))
    assert not Outgoing.objects.filter(letter="adr-letter").exists()
    row.refresh_from_db()
    assert row.due_hint == london("2026-12-14 00:00"), "so that the next tick sends it"


def test_checking_changes_nothing(row: CaseRow) -> None:
    CaseRow.objects.filter(pk=row.pk).update(subject="x")
    refold(check=True, now=MONDAY)
    row.refresh_from_db()
    assert row.subject == "x"


def test_a_letter_whose_row_forgot_its_fate_is_found_and_set_right(row: CaseRow) -> None:
    key = Outgoing.objects.get(case=row).key
    tell(row, MONDAY, f.LetterFate, key=key, fate="sent")
    Outgoing.objects.filter(key=key).update(state="ready")
    assert [w.column for w in refold(check=True, now=MONDAY).wrong] == [f"outgoing {key}"]
    refold(check=False, now=MONDAY)
    assert Outgoing.objects.get(key=key).state == "sent"


def test_after_an_upgrade_hints_that_are_right_are_not_wrong_for_their_age(row: CaseRow) -> None:
    """A case that has ended keeps the mark of the version that was there at its end: nobody has to look at it again."""
    CaseRow.objects.update(**{STAMP: "older"})
    found = refold(check=True, now=MONDAY)
    assert (found.wrong, len(found.older)) == ([], 3)
    CaseRow.objects.filter(pk=row.pk).update(postcode="x")
    found = refold(check=True, now=MONDAY)
    assert ({w.column for w in found.wrong}, len(found.older)) == ({"postcode", STAMP}, 2)
    refold(check=False, now=MONDAY)
    found = refold(check=True, now=MONDAY)
    assert (found.wrong, found.older) == ([], [])


def test_closed_cases_can_be_left_out(row: CaseRow) -> None:
    assert refold(check=True, now=MONDAY, only_open=True).cases == 2


def test_hints_do_not_depend_on_when_they_are_worked_out() -> None:
    """A time to speak that has gone by since changes nothing until a fact says what became of it."""
    row = case(provider())
    agreed = tell(
        row, MONDAY, f.ContactTimeAgreed, appointment="a", starts=MONDAY + days(1), ends=MONDAY + days(1.1)
    )
    assert agreed.next_due == MONDAY + days(1)
    later: datetime = MONDAY + days(3)
    assert look(agreed, later).next_due == agreed.next_due
    assert refold(check=True, now=later).wrong == []


@pytest.mark.parametrize(("address", "postcode"), [
    ("1 High Street\nLarkfield\nLK1 2AB", "LK1 2AB"), ("Flat 2\nsw1a1aa", "SW1A 1AA"), ("Somewhere", ""),
    ("M1 1AE House\nLeeds LS1 4DY", "LS1 4DY"),
])  # fmt: skip
def test_the_postcode_is_the_last_one_of_the_address(address: str, postcode: str) -> None:
    assert case(provider(), customer={**ANN, "address": address}).postcode == postcode

"""Whoever may erase a case does it on its page, once nothing on it needs the words any more."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.desk.evidence import verify
from amends.desk.models import AuditEntry, PrivateWords
from tests.desk.made import closed, tell
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: Settings) -> Office:
    clock(settings)
    return Office()


def test_a_closed_case_is_erased_on_its_page_with_a_reason_and_stays_to_be_counted(office: Office) -> None:
    cora = office.visitor("compliance")
    assert "It cannot be erased yet" in cora.get(office.case_at("erase")).main
    assert "Erase what names a person" not in cora.get(office.case_at()).main
    tell(office.row, NOON, f.ComplaintDecided, contact=office.case().contacts[0].id, complaint=True)
    closed(office.row, NOON)
    assert "Erase what names a person" in cora.get(office.case_at()).main
    page = cora.press(cora.get(office.case_at("erase")), "Erase the words for good", why="")
    assert page.mistakes == ["Write why."]
    assert PrivateWords.objects.filter(case=office.row, words__isnull=True).count() == 0
    page = cora.press(page, "Erase the words for good", why="Her request of today.")
    assert "Erased: the words of" in page.words
    assert "Ann Archer" not in page.main
    assert PrivateWords.objects.filter(case=office.row, words__isnull=False).count() == 0
    entry = AuditEntry.objects.get(what="private words erased")
    assert (entry.detail["case"], entry.detail["why"]) == (office.row.reference, "Her request of today.")
    assert verify().whole


def test_a_case_that_opened_again_meanwhile_is_refused_at_the_press(office: Office) -> None:
    tell(office.row, NOON, f.ComplaintDecided, contact=office.case().contacts[0].id, complaint=True)
    closed(office.row, NOON)
    cora = office.visitor("compliance")
    page = cora.get(office.case_at("erase"))
    tell(office.row, NOON, f.CaseReopened, why="It came back.")
    page = cora.press(page, "Erase the words for good", why="Her request.")
    assert page.status == 422
    assert "It cannot be erased yet" in page.main
    assert PrivateWords.objects.filter(case=office.row, words__isnull=True).count() == 0

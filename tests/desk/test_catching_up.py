"""Promises of an upgrade: older cases are caught up with by the worker, while the desk works."""

from __future__ import annotations

import pytest

from amends.core import facts as f
from amends.desk import catching_up, search
from amends.desk.models import CaseRow, CaseTally, CaseWords, Heartbeat, PromiseTally
from amends.desk.refold import refold
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, case, days, provider, tell
from tests.desk.office import Office

pytestmark = pytest.mark.django_db


def before_the_upgrade() -> None:
    """As the migration leaves a desk that has cases."""
    for model in (CaseTally, PromiseTally, CaseWords):
        model.objects.all().delete()
    Heartbeat.objects.create(name=catching_up.MARK, at=MONDAY, detail="0")


def test_the_worker_goes_through_the_older_cases_and_takes_the_mark_away() -> None:
    at = provider()
    rows = [case(at, MONDAY, words="A crackling line.") for _ in range(25)]
    before_the_upgrade()
    assert catching_up.behind()
    assert catching_up.catch_up(MONDAY, at_most=20) == 20
    assert catching_up.behind(), "five are left"
    assert tick(MONDAY).caught_up == 5
    assert not catching_up.behind()
    assert tick(MONDAY + days(0.01)).caught_up == 0
    assert refold(check=True, now=MONDAY).wrong == []
    assert search.find(CaseRow.objects.all(), at.pk, "crackling line").onward
    assert CaseTally.objects.count() == len(rows)


def test_what_happens_to_a_case_meanwhile_is_not_lost() -> None:
    at = provider()
    row = case(at, MONDAY, words="A crackling line.")
    before_the_upgrade()
    tell(row, MONDAY, f.NoteAdded, words="A heliograph.")
    assert CaseTally.objects.filter(case=row).exists()
    tick(MONDAY)
    for said in ("crackling", "heliograph"):
        assert [r.reference for r in search.find(CaseRow.objects.all(), at.pk, said).results] == [
            row.reference
        ]
    assert refold(check=True, now=MONDAY).wrong == []


def test_the_pages_say_that_they_are_not_complete_meanwhile(office: Office) -> None:
    manager = office.visitor("manager")
    paths = ("cases", "reports", "cases?find=crackling")
    assert not any("some are missing here" in manager.get(office.at(path)).main for path in paths)
    before_the_upgrade()
    assert all("some are missing here" in manager.get(office.at(path)).main for path in paths)

"""Promises of an upgrade: older cases are caught up with by the worker, while the desk works."""

from __future__ import annotations

import pytest

from amends.core import facts as f
from amends.desk import catching_up, search
from amends.desk.models import Alarm, CaseRow, CaseTally, CaseWords, Heartbeat, PromiseTally
from amends.desk.refold import refold
from amends.desk.ticker import sweep, tick
from tests.desk.made import MONDAY, case, days, provider, tell
from tests.desk.office import Office
from tests.desk.test_one_letter_stops_no_other import poisoning

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


def test_a_case_that_cannot_be_folded_stops_neither_the_others_nor_the_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = provider()
    rows = [case(at, MONDAY, words="A crackling line.") for _ in range(3)]
    before_the_upgrade()
    with monkeypatch.context() as broken:
        poisoning(broken, rows[1])
        done = tick(MONDAY)
        assert done.caught_up == 3
        assert not catching_up.behind()
        assert done.alarms >= 1, "the rounds were made"
        assert set(CaseTally.objects.values_list("case", flat=True)) == {rows[0].pk, rows[2].pk}
        (alarm,) = Alarm.objects.filter(kind="unfolded case", cleared=None)
        assert rows[1].reference in alarm.text
        assert alarm.runbook == "A case cannot be worked on"
        again = refold(check=False, now=MONDAY)
        assert (list(again.unfolded), again.mended) == ([rows[1].pk], False)
    assert refold(check=False, now=MONDAY).mended
    assert not Alarm.objects.filter(kind="unfolded case", cleared=None).exists()
    assert refold(check=True, now=MONDAY).wrong == []


def test_the_nightly_look_finds_late_hints_beside_a_case_that_cannot_be_folded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = provider()
    rows = [case(at, MONDAY) for _ in range(3)]
    CaseRow.objects.filter(pk=rows[2].pk).update(due_hint=MONDAY + days(300))
    with monkeypatch.context() as broken:
        poisoning(broken, rows[0])
        assert sweep(MONDAY) == 3
    assert CaseRow.objects.get(pk=rows[2].pk).due_hint != MONDAY + days(300)
    assert set(Alarm.objects.filter(cleared=None).values_list("kind", flat=True)) >= {
        "late hint",
        "unfolded case",
    }
    sweep(MONDAY)
    assert not Alarm.objects.filter(kind="unfolded case", cleared=None).exists()

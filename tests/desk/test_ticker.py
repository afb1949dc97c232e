"""What is due is done on its day, whatever a hint says, and one bad case never stops the others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amends.cli.cases import TICKED
from amends.core import facts as f
from amends.desk import access, books, ledger, ticker
from amends.desk.mail_room import keep
from amends.desk.models import Alarm, CaseRow, Checkpoint, Heartbeat, Mail, Outgoing, PortalAttempt
from amends.desk.ticker import Ticked, tick
from amends.desk.worker import Worker
from tests.desk.made import ANN, MONDAY, case, closed, days, london, provider
from tests.desk.mails import mail
from tests.desk.plans import steps

pytestmark = pytest.mark.django_db

ADR_DAY = london("2026-12-14 00:00")


def letters(row: CaseRow) -> list[tuple[str, str]]:
    return list(Outgoing.objects.filter(case=row).order_by("pk").values_list("letter", "state"))


def test_the_adr_letter_leaves_at_the_first_tick_of_its_day_and_not_before() -> None:
    row = case(provider(mail=Mail.FOLDER))
    tick(MONDAY)
    assert tick(ADR_DAY - timedelta(seconds=1)).cases == 0
    assert letters(row) == [("acknowledgement", "sent")]
    done = tick(ADR_DAY)
    assert (done.cases, done.sent) == (1, 1)
    assert letters(row) == [("acknowledgement", "sent"), ("adr-letter", "sent")]
    assert tick(ADR_DAY).cases == tick(ADR_DAY + days(30)).cases == 0


def test_a_desk_that_slept_for_a_year_does_it_all_at_its_first_tick() -> None:
    rows = [case(provider(), customer={**ANN, "email": f"a{number}@example.org"}) for number in range(45)]
    assert tick(MONDAY + days(365)).cases == 45
    assert {letters(row)[-1][0] for row in rows} == {"adr-letter"}


def test_a_hint_that_is_early_does_no_harm() -> None:
    row = case(provider())
    CaseRow.objects.update(due_hint=MONDAY)
    assert tick(MONDAY).cases == 1
    assert letters(row) == [("acknowledgement", "held")]
    assert tick(MONDAY).cases == 0, "the hint was set right"


def test_a_closed_case_is_never_looked_at() -> None:
    row = closed(case(provider()), MONDAY)
    assert tick(ADR_DAY).cases == 0
    assert letters(row) == [("acknowledgement", "sent")]


def test_one_poison_case_raises_an_alarm_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    at = provider()
    rows = [case(at, customer={**ANN, "email": f"a{number}@example.org"}) for number in range(25)]
    poison = rows[7]
    real = ticker._unlocked

    def breaks(chosen: list[int]) -> list[int]:
        if poison.pk in chosen:
            raise ArithmeticError("Ann Archer owes 12 pounds")
        return real(chosen)

    with monkeypatch.context() as patch:
        patch.setattr(ticker, "_unlocked", breaks)
        done = tick(ADR_DAY)
    assert (done.cases, done.poisoned) == (24, 1)
    assert [len(letters(row)) for row in rows] == [2] * 7 + [1] + [2] * 17
    alarm = Alarm.objects.get(kind="poison case", cleared=None)
    assert poison.reference in alarm.text
    assert "ArithmeticError at amends/desk/ticker.py, line " in alarm.text
    assert "Archer" not in alarm.text, "a fault may quote a customer, and alarms leave the house"
    assert tick(ADR_DAY).cases == 1
    assert not Alarm.objects.filter(kind="poison case", cleared=None).exists(), "it is mended"


def test_a_tick_always_ends_even_when_a_case_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    case(provider())
    monkeypatch.setattr(ticker, "_work", lambda *_arguments: None)
    assert tick(ADR_DAY).cases == 1


def test_a_new_version_of_the_program_hints_every_open_case_again_before_nothing_is_due() -> None:
    rows = [case(provider(), customer={**ANN, "email": f"a{number}@example.org"}) for number in range(3)]
    CaseRow.objects.filter(pk=rows[0].pk).update(due_hint=None, hint_made_by="older")
    CaseRow.objects.filter(pk=rows[1].pk).update(hint_made_by="zzz, newer by name")
    done = tick(MONDAY)
    assert done.hinted == 2
    assert set(CaseRow.objects.values_list("hint_made_by", flat=True)) == {books.current_versions()}
    rows[0].refresh_from_db()
    assert rows[0].due_hint == ADR_DAY
    assert tick(MONDAY).hinted == 0


def test_a_date_that_moves_with_a_new_version_is_told_on_its_case() -> None:
    row = case(provider())
    CaseRow.objects.update(hint_made_by="older", due_hint=ADR_DAY + days(14))
    tick(MONDAY)
    (moved,) = [x for x in ledger.load([row.pk])[row.pk] if isinstance(x, f.DatesReplanned)]
    assert moved.moved == "next letter: 2026-12-28T00:00+00:00 -> 2026-12-14T00:00+00:00"
    assert "older" in moved.because


def test_a_message_that_was_kept_and_not_filed_is_filed() -> None:
    keep(provider(), mail(), MONDAY, now=MONDAY)
    assert tick(MONDAY + timedelta(minutes=2)).filed == 1
    assert CaseRow.objects.get().first_received == MONDAY


def test_the_sweep_sets_a_late_hint_right_and_says_so() -> None:
    row = case(provider())
    tick(MONDAY)
    CaseRow.objects.update(due_hint=ADR_DAY + days(100))
    assert tick(london("2026-11-03 01:59")).swept == 0
    assert tick(london("2026-11-03 05:30")).swept == 1
    row.refresh_from_db()
    assert row.due_hint == ADR_DAY
    alarm = Alarm.objects.get(kind="late hint")
    assert (alarm.runbook, alarm.provider_id) == ("A late hint", row.provider_id)
    assert tick(london("2026-11-03 05:50")).swept == 0, "once a night"


def test_a_desk_that_is_asleep_at_night_sweeps_by_day() -> None:
    case(provider())
    tick(MONDAY)
    assert tick(MONDAY + timedelta(hours=31)).swept == 1


def test_every_hour_the_counts_of_strangers_and_the_sessions_that_are_over_go() -> None:
    """Each try of a stranger makes a row, and a session names the address of whoever opened a case."""
    at = provider("example")
    for reference in ("LB-0000-0000", "LB-0000-0001"):
        with pytest.raises(access.NotYours):
            access.case_for_customer(at.pk, reference, "WRONGWRO", network="192.0.2.1/32", now=MONDAY)
    for ends in (-1, 3600):
        there = SessionStore()
        there["customer"] = {"address": "ann@example.org"}
        there.set_expiry(ends)
        there.save()
    tick(MONDAY + timedelta(hours=2))
    assert PortalAttempt.objects.count() == 5, "they still count"
    assert Session.objects.count() == 1
    tick(MONDAY + days(3))
    assert not PortalAttempt.objects.exists()


def test_every_hour_new_facts_are_covered_by_a_checkpoint() -> None:
    case(provider())
    assert tick(MONDAY).checkpointed == 1
    assert tick(MONDAY + timedelta(minutes=59)).checkpointed == 0
    case(provider())
    assert tick(MONDAY + timedelta(minutes=60)).checkpointed == 1
    assert Checkpoint.objects.count() == 2


def test_a_tick_with_nothing_due_asks_a_few_indexes_and_writes_nothing() -> None:
    case(provider())
    tick(MONDAY)
    with CaptureQueriesContext(connection) as asked:
        assert tick(MONDAY) == Ticked()
    statements = [query["sql"] for query in asked.captured_queries]
    assert len(statements) <= 10, statements
    assert all(sql.startswith("SELECT") for sql in statements)


def test_whatever_a_tick_did_is_told_in_words() -> None:
    """Chats that a tick filed once ended the command with an error of its own."""
    assert set(TICKED) == set(Ticked().counts())


@pytest.mark.parametrize("many", [1, 400])
def test_a_tick_with_nothing_due_asks_no_more_when_more_is_open(many: int) -> None:
    row = case(provider())
    CaseRow.objects.bulk_create(
        CaseRow(
            provider=row.provider, reference=f"R{number}", due_hint=ADR_DAY, hint_made_by=row.hint_made_by
        )
        for number in range(many)
    )
    tick(MONDAY)
    with CaptureQueriesContext(connection) as asked:
        tick(MONDAY)
    assert len(asked) <= 10


def test_each_question_of_an_idle_tick_takes_an_index() -> None:
    case(provider())
    tick(MONDAY)
    with CaptureQueriesContext(connection) as asked:
        tick(MONDAY)
    # Heartbeats and the ways of alarms are a handful of rows however many cases there are.
    few = ("desk_heartbeat", "desk_alarmway")
    questions = [q["sql"] for q in asked.captured_queries if not any(table in q["sql"] for table in few)]
    assert len(questions) > 4
    assert [sql for sql in questions if not takes_an_index(sql)] == []


def takes_an_index(sql: str) -> bool:
    if connection.vendor == "sqlite":
        return not any(step.startswith("SCAN") and "INDEX" not in step for step in steps(sql))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is read whole otherwise
        cursor.execute(f"EXPLAIN {sql}")
        return not any("Seq Scan" in str(line[0]) for line in cursor.fetchall())


def test_the_heart_beats_but_not_at_every_tick() -> None:
    tick(MONDAY)
    tick(MONDAY + timedelta(seconds=14))
    assert Heartbeat.objects.get(name="ticker").at == MONDAY
    tick(MONDAY + timedelta(seconds=15))
    assert Heartbeat.objects.get(name="ticker").at == MONDAY + timedelta(seconds=15)


@pytest.mark.django_db(transaction=True)
def test_many_tickers_at_once_decide_each_letter_once() -> None:
    at = provider()
    rows = [case(at, customer={**ANN, "email": f"a{number}@example.org"}) for number in range(30)]
    together = 3 if connection.vendor == "postgresql" else 1  # SQLite in memory serves one thread at a time

    def work() -> None:
        tick(ADR_DAY, rounds=False)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(together)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    tick(ADR_DAY, rounds=False)
    assert {tuple(letters(row)) for row in rows} == {(("acknowledgement", "held"), ("adr-letter", "held"))}


def test_a_worker_goes_on_after_a_fault_and_ends_when_it_is_told(caplog: pytest.LogCaptureFixture) -> None:
    worker, rounds = Worker(pause=0.001, after_a_fault=0.001), list[int]()

    def fails_once() -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise ConnectionError("the database was away")
        worker.stop.set()

    thread = threading.Thread(target=worker._keep_doing, args=("ticker", fails_once))
    thread.start()
    thread.join(10)
    assert len(rounds) == 2
    assert "the database was away" in caplog.text

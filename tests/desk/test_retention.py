"""How long words are kept: announced, held, erased on the day, counted as before, and not brought back by a restore.

N-gdpr, DP-04, CH-17, R-11, AD-03, L28.
"""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.case import fold
from amends.core.kinds import CaseKind
from amends.core.may import Refusal
from amends.desk import erased_list
from amends.desk.customers.book import keep_customer
from amends.desk.erasure import erase_customer, erase_private
from amends.desk.evidence import verify
from amends.desk.models import (
    Alarm,
    AuditEntry,
    CaseRow,
    CaseTally,
    CustomerRow,
    Keeping,
    KeptMessage,
    PrivateWords,
    Provider,
    Retention,
    RetentionRule,
)
from amends.desk.now import set_now
from amends.desk.record import docket
from amends.desk.refold import refold
from amends.desk.retention import again, holding, rounds
from amends.desk.retention import rule as period
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, case, closed, london, provider, tell
from tests.desk.office import NOON, Office, clock

pytestmark = pytest.mark.django_db

OVER = london("2028-11-03 09:00")
"""The first day after the 24 months of a case that closed on 2 November 2026."""
GOES = london("2028-12-03 09:00")


def ended(at: Provider, **customer: Any) -> CaseRow:
    """A complaint that was received and closed on Monday 2 November 2026."""
    row = case(at, MONDAY, {"name": "Ann Archer", "email": "ann@example.org", **customer})
    tell(row, NOON, f.ComplaintDecided, contact="first", complaint=True)
    return closed(row, NOON)


def has_words(row: CaseRow) -> bool:
    return PrivateWords.objects.filter(case=row, words__isnull=False).exists()


def stands(row: CaseRow) -> tuple[str, date | None]:
    found = Retention.objects.get(case=row)
    return found.state, found.day


@pytest.fixture
def at() -> Provider:
    return provider("netfuse", scheme="communications-ombudsman")


def on(at: Provider, months: int = 24) -> None:
    assert period.set_rule(at, months, by="7", now=NOON) is None


def test_words_go_after_their_months_announced_thirty_days_before_and_every_figure_stays(
    at: Provider, settings: Settings
) -> None:
    """N-gdpr: the story from the switch to the proof, played by the worker's own tick."""
    row = ended(at)
    before = CaseTally.objects.values().get(case=row)
    on(at)
    clock(settings, OVER - timedelta(days=2))
    tick(OVER - timedelta(days=2))
    assert not Retention.objects.exists(), "nothing is looked at before its months are over"
    set_now(OVER.isoformat())
    tick(OVER)
    assert stands(row) == (Keeping.ANNOUNCED, GOES.date())
    set_now((GOES - timedelta(days=1)).isoformat())
    assert tick(GOES - timedelta(days=1)).erased == 0
    assert has_words(row)
    set_now(GOES.isoformat())
    assert tick(GOES).erased == 1
    assert not has_words(row)
    row.refresh_from_db()
    assert (row.customer_name, row.customer_email, row.subject) == ("", "", "")
    after = CaseTally.objects.values().get(case=row)
    assert after == before, "a report counts it as before"
    assert stands(row) == (Keeping.ERASED, GOES.date())
    entry = AuditEntry.objects.get(what="private words erased")
    assert (entry.by, entry.detail["case"]) == (rounds.BY, row.reference)
    assert "24 months" in entry.detail["why"]
    assert verify().whole
    assert refold(check=True, now=GOES).wrong == []
    assert rounds.work(GOES + timedelta(days=2)) == (0, 0, 0), "it is looked at no more"


def test_nothing_is_erased_by_itself_while_nobody_chose_a_period(at: Provider) -> None:
    row = ended(at)
    for day in range(0, 4000, 500):
        rounds.work(OVER + timedelta(days=day))
    assert has_words(row)
    assert not Retention.objects.exists()


@pytest.mark.parametrize(("months", "said"), [(11, "between 12 and 120"), (0, "between"), (121, "between")])
def test_a_period_is_at_least_what_the_law_asks_for(at: Provider, months: int, said: str) -> None:
    """R-11."""
    refused = period.set_rule(at, months, by="7", now=NOON)
    assert isinstance(refused, Refusal)
    assert said in refused.what
    assert not RetentionRule.objects.exists()


def test_what_is_said_beforehand_is_what_happens(at: Provider) -> None:
    rows = [ended(at) for _ in range(3)]
    open_ = case(at)
    told = period.preview(at.pk, 24, OVER)
    assert (told.at_once, told.in_a_year, told.first_erased) == (3, 0, GOES.date())
    later = period.preview(at.pk, 30, OVER)
    assert (later.at_once, later.in_a_year, later.first_erased) == (0, 3, None)
    assert not Retention.objects.exists()
    on(at)
    rounds.work(OVER)
    rounds.work(GOES)
    assert [has_words(row) for row in rows] == [False] * 3
    assert has_words(open_)


def test_the_time_to_go_to_the_scheme_is_waited_for(at: Provider) -> None:
    """AD-03: with the shortest period, an ADR letter that left late keeps the words for its twelve months."""
    row = case(at)
    tell(row, NOON, f.ComplaintDecided, contact="first", complaint=True)
    tell(row, NOON, f.DeadlockDeclared, position="No agreement.")
    with docket(row.pk, now=NOON + timedelta(days=60)) as d:
        hand = d.cases[row.pk]
        later = NOON + timedelta(days=60)
        hand.add(f.CaseClosed(at=NOON, logged=later, by="7", evidence="customer confirmed", how="portal"))
        for letter in hand.case.letters:
            hand.add(f.LetterFate(at=later, logged=later, key=letter.key, fate="sent"))
    on(at, 12)
    due = london("2027-11-03 09:00")
    rounds.work(due)
    state, day = stands(row)
    assert state == Keeping.KEPT
    assert Retention.objects.get(case=row).why == "AD-03"
    assert day is not None
    assert day > london_date(due)
    back = london(f"{day.isoformat()} 09:00")
    rounds.work(back - timedelta(days=1))
    assert stands(row)[0] == Keeping.KEPT
    rounds.work(back)
    assert stands(row)[0] == Keeping.ANNOUNCED


def test_a_case_on_which_something_is_owed_is_not_announced_before_it_was_given(at: Provider) -> None:
    row = ended(at)
    tell(
        row, NOON, f.AwardPrepared, award="1", award_kind="credit", basis="scheme decision", clause="AD-10", pence=900,
        words="",
    )  # fmt: skip
    on(at)
    rounds.work(OVER)
    assert not Retention.objects.filter(state=Keeping.ANNOUNCED).exists()
    tell(row, OVER, f.AwardFate, award="1", fate="given", why="On bill 7.")
    rounds.work(OVER + rounds.ASK_AGAIN)
    assert stands(row)[0] == Keeping.ANNOUNCED


def test_whoever_asked_for_their_data_is_answered_first(at: Provider) -> None:
    """DP-03: what somebody asked to see is not erased while they wait."""
    row = ended(at)
    asks = case(at, OVER, {"name": "Ann Archer", "email": "Ann@example.org"})
    on(at)
    CaseTally.objects.filter(case=asks).update(kind=str(CaseKind.DATA_ACCESS))
    rounds.work(OVER)
    assert "personal data" in Retention.objects.get(case=row).why
    CaseTally.objects.filter(case=asks).update(is_open=False)
    rounds.work(OVER + rounds.ASK_AGAIN)
    assert stands(row)[0] == Keeping.ANNOUNCED


def test_a_held_case_stays_whoever_presses_until_somebody_lets_it_go(at: Provider) -> None:
    row = ended(at)
    on(at)
    rounds.work(OVER)
    why = "Her solicitor wrote on 3 November; the claim is not settled."
    refused = holding.hold(row, why=" ", until=date(2029, 1, 1), by="7", now=OVER)
    assert isinstance(refused, Refusal)
    refused = holding.hold(row, why=why, until=OVER.date(), by="7", now=OVER)
    assert isinstance(refused, Refusal)
    assert holding.hold(row, why=why, until=date(2029, 6, 1), by="7", now=OVER) is None
    rounds.work(GOES)
    rounds.work(london("2030-01-01 09:00"))
    pressed = erase_private(row, why="its period", by="7", now=GOES)
    assert isinstance(pressed, Refusal)
    assert why in pressed.what
    assert has_words(row)
    assert "Her solicitor" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert holding.let_go(row, by="8", now=GOES) is None
    rounds.work(GOES)
    assert stands(row) == (Keeping.ANNOUNCED, date(2029, 1, 2)), "announced anew before anything goes"
    assert isinstance(holding.let_go(row, by="8", now=GOES), Refusal)


def test_a_hold_whose_day_has_come_raises_an_alarm_and_stays(at: Provider, settings: Settings) -> None:
    row = ended(at)
    assert holding.hold(row, why="A court.", until=date(2026, 12, 1), by="7", now=NOON) is None
    clock(settings, london("2026-12-01 09:00"))
    tick(london("2026-12-01 09:00"))
    alarm = Alarm.objects.get(kind="holds wait", cleared=None)
    assert (alarm.runbook, "A court" in alarm.text) == ("Held cases wait to be looked at", False)
    assert stands(row)[0] == Keeping.HELD


def test_a_case_that_opens_again_is_off_the_list_and_begins_anew(at: Provider) -> None:
    row = ended(at)
    on(at)
    rounds.work(OVER)
    tell(row, OVER, f.CaseReopened, why="It came back.")
    rounds.work(GOES)
    assert has_words(row)
    assert not Retention.objects.filter(case=row).exists()
    closed(row, GOES)
    rounds.work(GOES + timedelta(days=40))
    assert has_words(row)
    assert not Retention.objects.filter(case=row).exists(), "its months run from the second closing"
    rounds.work(london("2030-12-04 09:00"))
    assert stands(row)[0] == Keeping.ANNOUNCED


def test_a_change_of_the_period_announces_anew_and_off_takes_back(at: Provider) -> None:
    row = ended(at)
    on(at)
    rounds.work(OVER)
    on(at, 36)
    rounds.work(GOES)
    assert has_words(row)
    assert not Retention.objects.filter(state=Keeping.ANNOUNCED).exists()
    on(at, 12)
    rounds.work(GOES)
    assert stands(row) == (Keeping.ANNOUNCED, date(2029, 1, 2))
    assert period.set_rule(at, None, by="7", now=GOES) is None
    rounds.work(london("2031-01-01 09:00"))
    assert has_words(row)
    said = [entry.detail for entry in AuditEntry.objects.filter(what="retention changed").order_by("pk")]
    assert said == [
        {"was": None, "is": 24},
        {"was": 24, "is": 36},
        {"was": 36, "is": 12},
        {"was": 12, "is": None},
    ]


def test_one_case_that_fails_stops_no_other_and_is_tried_again(
    at: Provider, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    bad, good = ended(at), ended(at)
    on(at)
    rounds.work(OVER)
    real = erase_private

    def failing(row: CaseRow, **more: Any) -> Any:
        if row.pk == bad.pk:
            raise ValueError("no such thing")
        return real(row, **more)

    monkeypatch.setattr(rounds, "erase_private", failing)
    clock(settings, GOES)
    assert rounds.work(GOES) == (0, 1, 1)
    assert (has_words(bad), has_words(good)) == (True, False)
    tick(GOES)
    said = Alarm.objects.get(kind="not erased", cleared=None).text
    assert ("ValueError" in said, "no such thing" in said) == (True, False), (
        "a fault's own words may quote a case"
    )
    monkeypatch.undo()
    tomorrow = GOES + timedelta(days=1)
    assert rounds.work(tomorrow).erased == 1
    set_now((tomorrow + timedelta(minutes=2)).isoformat())
    tick(tomorrow + timedelta(minutes=2))
    assert not Alarm.objects.filter(kind="not erased", cleared=None).exists()


def test_what_a_fault_kept_from_being_looked_at_is_announced_before_it_goes(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept for a reason, and on whose day the program failed: nobody was told yet that its words would go."""
    row = ended(at)
    asks = case(at, OVER, {"name": "Ann Archer", "email": "ann@example.org"})
    on(at)
    CaseTally.objects.filter(case=asks).update(kind=str(CaseKind.DATA_ACCESS))
    rounds.work(OVER)
    assert stands(row)[0] == Keeping.KEPT
    CaseTally.objects.filter(case=asks).update(is_open=False)
    later = OVER + rounds.ASK_AGAIN

    def failing(*_each: object) -> str:
        raise ValueError("no such thing")

    with monkeypatch.context() as broken:
        broken.setattr(rounds, "holds", failing)
        assert rounds.work(later).failed == 1
    tomorrow = later + timedelta(days=1)
    assert rounds.work(tomorrow) == (1, 0, 0)
    assert has_words(row)
    assert stands(row) == (Keeping.ANNOUNCED, london_date(tomorrow) + timedelta(days=30))


@pytest.mark.django_db(transaction=True)
def test_a_hold_of_the_moment_in_which_its_case_is_announced_stands(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ended(at)
    on(at)
    held: list[Refusal | None] = []

    def hold() -> None:
        held.append(holding.hold(row, why="A court.", until=date(2029, 6, 1), by="7", now=OVER))
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()

    if connection.vendor == "postgresql":
        person = threading.Thread(target=hold)

        def meanwhile(facts: Any) -> Any:
            if not person.ident:
                person.start()
                person.join(1)
            return fold(facts)

        monkeypatch.setattr(rounds, "fold", meanwhile)
        rounds.work(OVER)
        person.join(30)
    else:  # SQLite has one writer at a time: whoever holds it comes before the round, or after it
        rounds.work(OVER)
        hold()
    assert held == [None]
    assert (stands(row), Retention.objects.get(case=row).why) == (
        (Keeping.HELD, date(2029, 6, 1)),
        "A court.",
    )


def test_more_than_one_round_holds_are_seen_to_a_round_at_a_time(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "SLICE", 2)
    rows = [ended(at) for _ in range(5)]
    on(at)
    assert [rounds.work(OVER).announced for _ in range(4)] == [2, 2, 1, 0]
    assert [rounds.work(GOES).erased for _ in range(4)] == [2, 2, 1, 0]
    assert not any(map(has_words, rows))


def test_what_was_erased_is_found_by_no_search_after_the_round(at: Provider) -> None:
    """The index of words forgets once a round, and not once a case: at 100,000 cases that takes a fifth of a second."""
    rows = [ended(at) for _ in range(4)]
    on(at)
    rounds.work(OVER)
    assert CaseRow.objects.filter(name_key="ann archer").count() == 4
    with CaptureQueriesContext(connection) as asked:
        assert rounds.work(GOES).erased == 4
    forgets = [q for q in asked.captured_queries if "'optimize'" in q["sql"]]
    assert len(forgets) == (1 if connection.vendor == "sqlite" else 0)
    assert not CaseRow.objects.filter(pk__in=[row.pk for row in rows]).exclude(name_key="").exists()


def test_another_provider_is_not_touched(at: Provider) -> None:
    theirs = ended(provider("opus"))
    mine = ended(at)
    on(at)
    rounds.work(OVER)
    rounds.work(GOES)
    assert (has_words(mine), has_words(theirs)) == (False, True)


def test_more_mail_of_no_case_than_one_round_takes_goes_on_the_same_day(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house in which machines write more often than a round takes comes to the end of it."""
    monkeypatch.setattr(rounds, "SLICE", 2)
    for number in range(5):
        KeptMessage.objects.create(
            provider=at, kept_at=MONDAY, received=MONDAY, content_hash=f"{number}", size=3, raw=b"abc", state="machine"
        )  # fmt: skip
    on(at)
    left = []
    for _ in range(4):
        rounds.work(OVER)
        left.append(KeptMessage.objects.exclude(raw=b"").count())
    assert left == [3, 1, 0, 0]


def test_mail_of_no_case_goes_after_the_same_months_and_what_waits_for_a_person_stays(at: Provider) -> None:
    for state in ("machine", "duplicate", "set aside", "held", "quarantined"):
        KeptMessage.objects.create(
            provider=at, kept_at=MONDAY, received=MONDAY, content_hash=state, sender="ann@example.org", size=3,
            raw=b"abc", state=state,
        )  # fmt: skip
    on(at)
    rounds.work(OVER - timedelta(days=3))
    assert not KeptMessage.objects.filter(raw=b"").exists()
    rounds.work(OVER)
    gone = set(KeptMessage.objects.filter(raw=b"", sender="").values_list("state", flat=True))
    assert gone == {"machine", "duplicate", "set aside"}
    assert KeptMessage.objects.exclude(raw=b"").count() == 2


# --- after a restore -----------------------------------------------------------------------------------------


def copied(row: CaseRow) -> list[PrivateWords]:
    """The words of a case as a copy of the database holds them."""
    return list(PrivateWords.objects.filter(case=row))


def restored(row: CaseRow, copy: list[PrivateWords]) -> None:
    """The case after a copy from before its erasing was put back."""
    PrivateWords.objects.bulk_update(copy, ["words", "salt", "erased_at"])
    Retention.objects.filter(case=row).delete()
    AuditEntry.objects.filter(what="private words erased").delete()


@pytest.mark.django_db(transaction=True)
def test_what_a_restore_brings_back_is_told_and_erased_once_more(at: Provider) -> None:
    row, other = ended(at), ended(at)
    copy = copied(row)
    assert not isinstance(erase_private(row, why="its period", by="7", now=OVER), Refusal)
    assert "Ann" not in erased_list.path().read_text(encoding="utf-8")
    assert again.look(OVER) == 0
    restored(row, copy)
    assert again.look(OVER) == 1
    assert Alarm.objects.get(kind=again.ALARM, cleared=None).runbook == again.RUNBOOK
    assert [(x.which, x.refused) for x in again.again(by="7", now=OVER)] == [(row.reference, "")]
    assert (has_words(row), has_words(other)) == (False, True)
    assert again.look(OVER) == 0
    assert not Alarm.objects.filter(kind=again.ALARM, cleared=None).exists()


@pytest.mark.django_db(transaction=True)
def test_words_that_came_after_the_erasing_were_not_brought_back_by_a_restore(at: Provider) -> None:
    row = ended(at)
    assert not isinstance(erase_private(row, why="its period", by="7", now=OVER), Refusal)
    tell(row, OVER, f.CaseReopened, why="She wrote again.")
    tell(row, OVER, f.CaseReopened, why="And again.")
    assert has_words(row)
    assert again.look(OVER) == 0


@pytest.mark.django_db(transaction=True)
def test_a_case_that_the_restored_copy_holds_open_is_named_and_stays_on_the_list(at: Provider) -> None:
    row = ended(at)
    copy = copied(row)
    assert not isinstance(erase_private(row, why="its period", by="7", now=OVER), Refusal)
    restored(row, copy)
    tell(row, OVER, f.CaseReopened, why="As the copy has it.")
    (found,) = again.again(by="7", now=OVER)
    assert "open" in found.refused
    assert again.look(OVER) == 1


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_was_erased_comes_back_with_no_restore(at: Provider) -> None:
    made = keep_customer(at, {"name": "Ann Archer"}, by="7", now=NOON)
    assert isinstance(made[0] if isinstance(made, tuple) else made, CustomerRow)
    row = CustomerRow.objects.get(provider=at)
    assert erase_customer(row, why="her request", by="7", now=OVER) is None
    CustomerRow.objects.filter(pk=row.pk).update(name="Ann Archer", erased_at=None)
    assert again.look(OVER) == 1
    assert [x.what for x in again.again(by="7", now=OVER)] == ["customer"]
    row.refresh_from_db()
    assert (row.name, again.look(OVER)) == ("", 0)


@pytest.mark.django_db(transaction=True)
def test_a_new_customer_who_has_the_number_of_one_erased_before_the_restore_is_let_be(at: Provider) -> None:
    """The restored copy may be older than the customer who was erased: their number is then given to somebody else."""
    keep_customer(at, {"name": "Ann Archer"}, by="7", now=NOON)
    row = CustomerRow.objects.get(provider=at)
    assert erase_customer(row, why="her request", by="7", now=OVER) is None
    CustomerRow.objects.filter(pk=row.pk).update(
        name="Bea Brown", erased_at=None, made=OVER + timedelta(days=1)
    )
    assert again.look(OVER + timedelta(days=2)) == 0
    assert list(again.again(by="7", now=OVER + timedelta(days=2))) == []
    row.refresh_from_db()
    assert row.name == "Bea Brown"


@pytest.mark.django_db(transaction=True)
def test_a_line_that_was_lost_is_written_down_again_from_the_audit(at: Provider) -> None:
    row = ended(at)
    assert not isinstance(erase_private(row, why="its period", by="7", now=OVER), Refusal)
    kept = erased_list.path().read_text(encoding="utf-8")
    erased_list.path().write_text('{"torn', encoding="utf-8")
    again.look(OVER)
    lines = erased_list.path().read_text(encoding="utf-8")
    assert json.loads(kept)["which"] == row.reference
    assert row.reference in lines
    again.look(OVER)
    assert erased_list.path().read_text(encoding="utf-8") == lines


# --- on the pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def office(settings: Settings) -> Office:
    clock(settings)
    return Office()


def test_the_compliance_officer_switches_it_on_having_read_what_it_would_reach(office: Office) -> None:
    tell(office.row, NOON, f.ComplaintDecided, contact="first", complaint=True)
    closed(office.row, NOON)
    set_now(OVER.isoformat())
    cora = office.visitor("compliance")
    page = cora.get(office.at("provider/retention"))
    assert "Nothing is erased by itself" in page.main
    assert "1 case is past its day now" in page.words
    page = cora.press(page, "Put it in force", erases="on", months="3")
    assert page.status == 422
    assert "from 12" in " ".join(page.mistakes)
    page = cora.press(page, "Put it in force", erases="on", months="24")
    assert "Words go 24 months after a case closed" in page.words
    tick(OVER)
    page = cora.get(office.at("provider/retention"))
    assert office.row.reference in page.main
    assert "3 December" in page.words
    mia = office.visitor("manager")
    shown = mia.get(office.at("provider/retention"))
    assert "Put it in force" not in shown.main
    page = mia.press(
        mia.get(office.case_at("keeping")), "Hold it", why="Her solicitor wrote.", until="2029-03-01"
    )
    assert "It is held" in page.words
    assert "Let it go" not in page.main, "who may not erase does not let go either"
    assert "Her solicitor wrote." in cora.get(office.at("provider/retention?state=held")).main
    refused = cora.press(cora.get(office.case_at("erase")), "Erase the words for good", why="Its period.")
    assert "is held" in " ".join(refused.mistakes)
    page = cora.press(cora.get(office.case_at("keeping")), "Let it go")
    assert "announced before anything goes" in page.words


def test_an_auditor_reads_the_list_and_presses_nothing(office: Office) -> None:
    tess = office.visitor("auditor")
    assert "Put it in force" not in tess.get(office.at("provider/retention")).main
    assert (
        tess.client.post(office.at("provider/retention"), {"erases": "on", "months": "24"}).status_code == 403
    )
    assert (
        tess.client.post(
            office.case_at("keeping"), {"doing": "hold", "why": "x", "until": "2030-01-01"}
        ).status_code
        == 403
    )
    assert tess.client.post(office.case_at("keeping"), {"doing": "let go"}).status_code == 403
    assert not RetentionRule.objects.exists()
    assert not Retention.objects.exists()


def test_the_list_leaves_as_csv(office: Office) -> None:
    tell(office.row, NOON, f.ComplaintDecided, contact="first", complaint=True)
    closed(office.row, NOON)
    assert holding.hold(office.fresh(), why="=cmd", until=date(2027, 1, 1), by="7", now=NOON) is None
    cora = office.visitor("compliance")
    got = cora.client.get(office.at("export/retention/csv?state=held")).getvalue().decode("utf-8-sig")
    assert office.row.reference in got
    assert "=cmd" in got
    assert ",=cmd" not in got, "a spreadsheet would work it out"

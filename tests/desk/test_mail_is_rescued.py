"""What was taken for a machine's, for a list's or for a report, and what the database refuses, still reaches a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, DataError, OperationalError
from pytest_django import Settings

from amends.desk import inbox
from amends.desk.imap import NotHeard, compare, internal_date
from amends.desk.inbox import TRIES, UNDATED, NotWaiting, file_waiting, set_aside, take_in
from amends.desk.joining import ANSWERED_A_DAY
from amends.desk.mail_room import keep
from amends.desk.message import Message
from amends.desk.models import Alarm, CaseRow, KeptMessage, Mail, Mailbox, Outgoing, Provider
from amends.desk.providers import release
from amends.desk.ticker import tick
from amends.desk.worker import look_into
from tests.desk.made import MONDAY, case, days, provider
from tests.desk.mailbox_server import Box, mailbox_server
from tests.desk.mails import LATER, answer_to, case_of, kept, mail, take
from tests.desk.office import Office, clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
GROUP: dict[str, Any] = {"List_Id": "Complaints <complaints.opus.example>", "Precedence": "list"}


# --- a person's mail that looked like a machine's ----------------------------------------------------------


def test_what_was_taken_for_a_machines_can_be_put_on_a_case_from_when_it_came() -> None:
    received = take(provider(), mail(X_Auto_Response_Suppress="OOF, AutoReply"))
    assert received.state == "machine"
    row = take_in(kept(received).pk, by="7", now=LATER)
    assert (row.first_received, kept(received).state) == (MONDAY, "filed")
    with pytest.raises(NotWaiting):
        take_in(kept(received).pk, by="7", now=LATER)


def test_what_was_taken_for_a_machines_can_be_set_aside() -> None:
    received = take(provider(), mail(Auto_Submitted="auto-replied"))
    set_aside(kept(received).pk, by="7", now=LATER, why="an absence note")
    assert kept(received).state == "set aside"


def test_what_a_machine_wrote_to_a_case_stays_there() -> None:
    at = provider()
    row = case_of(take(at), at)
    received = take(at, mail(to=answer_to(row), Auto_Submitted="auto-replied"))
    assert kept(received).case_id == row.pk
    with pytest.raises(NotWaiting):
        take_in(kept(received).pk, by="7", now=LATER)


def test_the_console_asks_where_a_machines_message_belongs(settings: Settings) -> None:
    clock(settings)
    office = Office()
    received = take(office.provider, mail("A person after all.", X_Auto_Response_Suppress="All"))
    visitor = office.visitor()
    page = visitor.get(office.at(f"mail/{received.message}"))
    visitor.press(page, "Put it there", what="open")
    assert kept(received).state == "filed"


# --- groups ------------------------------------------------------------------------------------------------


def with_mailbox(**more: object) -> Provider:
    at = provider()
    Mailbox.objects.create(provider=at, address="complaints@example.net", **more)
    return at


def test_mail_through_a_group_of_our_own_opens_a_case() -> None:
    at = with_mailbox(own_lists=["complaints.opus.example"])
    assert take(at, mail(**GROUP)).state == "filed"


@pytest.mark.parametrize(
    "headers",
    [
        {"to": "complaints@example.net"},
        {"to": "group@opus.example", "Cc": "Complaints+abc@example.net"},
        {"to": "group@opus.example", "Delivered_To": "complaints@example.net"},
    ],
)
@pytest.mark.parametrize("listed", [GROUP, {"Precedence": "list"}])
def test_a_lists_mail_to_a_mailbox_of_ours_waits_for_a_person(
    headers: dict[str, Any], listed: dict[str, Any]
) -> None:
    received = take(with_mailbox(), mail(**headers, **listed))
    assert (received.state, "complaints@example.net" in received.reason) == ("held", True)
    assert Outgoing.objects.count() == 0


def test_a_lists_mail_to_somebody_else_is_a_machines() -> None:
    assert take(with_mailbox(), mail(to="news@other.example", **GROUP)).state == "machine"


# --- delivery reports --------------------------------------------------------------------------------------


def with_report(action: str, kind: str = "mixed", more: str = "", blocks: tuple[str, ...] = ()) -> bytes:
    recipients = blocks or (
        f"Final-Recipient: rfc822; complaints@example.net\nAction: {action}\nStatus: 4.0.0\n",
    )
    status = "\n".join(("Reporting-MTA: dns; mx\n", *recipients))
    return (
        f"From: Ann <ann@example.org>\nTo: complaints@example.net\nSubject: My complaint\n{more}"
        f"Message-ID: <{action}@e.org>\nDate: Mon, 02 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
        f"Content-Type: multipart/{kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        f"I complain: my first mail did not reach you.\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    ).encode()


@pytest.mark.parametrize("action", ["delayed", "failed", "delivered"])
def test_a_complaint_with_a_delivery_report_attached_opens_a_case(action: str) -> None:
    at = provider()
    received = take(at, with_report(action))
    assert (received.state, received.new) == ("filed", True)


def test_a_complaint_that_carries_the_field_of_old_reports_opens_a_case() -> None:
    assert take(provider(), mail(X_Failed_Recipients="complaints@example.net")).state == "filed"


def test_a_report_whose_second_recipient_is_lost_waits_for_a_person() -> None:
    blocks = tuple(
        f"Final-Recipient: rfc822; {who}@example.org\nAction: {action}\n"
        for who, action in (("ann", "delayed"), ("bob", "failed"))
    )
    received = take(provider(), with_report("two", 'report; report-type="delivery-status"', blocks=blocks))
    assert received.state == "held"
    assert "bob@example.org" in received.reason


# --- what the database refuses -----------------------------------------------------------------------------


@pytest.fixture
def two_kept() -> tuple[KeptMessage, KeptMessage]:
    at = provider()
    return (
        keep(at, mail("poison"), MONDAY, now=MONDAY),
        keep(at, mail("good"), MONDAY, now=MONDAY + timedelta(seconds=1)),
    )


def refusing(monkeypatch: pytest.MonkeyPatch, bad: KeptMessage, fault: DatabaseError) -> None:
    real = inbox._read

    def read(kept: KeptMessage) -> Message:
        if kept.pk == bad.pk:
            raise fault
        return real(kept)

    monkeypatch.setattr(inbox, "_read", read)


def test_what_the_database_cannot_hold_is_quarantined_and_the_next_is_filed(
    two_kept: tuple[KeptMessage, KeptMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, two_kept[0], DataError("value too long\0"))
    assert tick(LATER).filed == 2
    assert sorted(KeptMessage.objects.values_list("state", flat=True)) == ["filed", "quarantined"]
    assert Alarm.objects.filter(kind="quarantine", cleared=None).count() == 1


def test_what_the_database_refuses_again_and_again_stops_nothing_and_reaches_a_person(
    two_kept: tuple[KeptMessage, KeptMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = two_kept[0]
    refusing(monkeypatch, bad, OperationalError("disk I/O error"))
    tries, now = 0, LATER
    while KeptMessage.objects.get(pk=bad.pk).state == "kept" and tries < 50:
        done = tick(now)
        assert done.filed == (1 if tries == 0 else 0)
        tries, now = tries + 1, now + timedelta(hours=6)
    assert (tries, KeptMessage.objects.get(pk=bad.pk).state) == (TRIES, "quarantined")


def test_a_moment_of_trouble_puts_nothing_into_quarantine(
    two_kept: tuple[KeptMessage, KeptMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as trouble:
        refusing(trouble, two_kept[0], OperationalError("database is locked"))
        for second in range(30):
            file_waiting(LATER + timedelta(seconds=second))
    file_waiting(LATER + 5 * MINUTE)
    assert set(KeptMessage.objects.values_list("state", flat=True)) == {"filed"}


# --- mailboxes ---------------------------------------------------------------------------------------------


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    monkeypatch.setenv("BOX_PASSWORD", "secret")
    with mailbox_server(Box()) as served:
        yield served


def mailbox(box: Box, **more: object) -> Mailbox:
    return Mailbox.objects.create(
        **{
            "provider": provider(), "address": "complaints@opus.example", "imap_host": "127.0.0.1",
            "imap_port": box.port, "imap_tls": False, "imap_user": "complaints", "imap_password": "env:BOX_PASSWORD",
            "last_uid": "since:2026-10-01", **more,
        }
    )  # fmt: skip


def test_a_server_that_numbers_anew_while_nobody_polled_loses_nothing(box: Box) -> None:
    box.put(mail("one"), MONDAY)
    look_into(mailbox(box), MONDAY)
    box.put(mail("while the worker was off"), MONDAY + days(2))
    box.validity = 99
    look_into(Mailbox.objects.get(), MONDAY + days(10))
    assert CaseRow.objects.count() == 2


def test_mail_that_came_by_another_door_is_no_poll(box: Box) -> None:
    box.put(mail("one"), MONDAY)
    look_into(mailbox(box), MONDAY)
    box.put(mail("missed"), MONDAY + days(2))
    Mailbox.objects.update(last_heard=MONDAY + days(10))
    box.validity = 99
    look_into(Mailbox.objects.get(), MONDAY + days(10))
    assert CaseRow.objects.count() == 2


def test_a_mailbox_numbered_anew_before_its_first_whole_poll_is_fetched_from_its_first_day(box: Box) -> None:
    box.put(mail("years ago"), MONDAY - days(900))
    box.put(mail("in its first days"), MONDAY - days(20))
    at = mailbox(box, last_uid="6:900", fetch_from=date(2026, 10, 1))
    look_into(at, MONDAY)
    assert str(CaseRow.objects.get().first_received).startswith("2026-10-13")


def test_the_comparison_after_a_pause_looks_over_all_of_it_and_not_before_the_first_day(box: Box) -> None:
    slipped = box.put(mail("slipped through"), MONDAY + days(2))
    box.put(mail("before the first day"), MONDAY - days(40))
    at = mailbox(box, last_uid="7:2", polled=MONDAY, fetch_from=date(2026, 11, 1))
    look_into(at, MONDAY + days(10))
    assert [bytes(raw) for raw in KeptMessage.objects.values_list("raw", flat=True)] == [
        box.messages[slipped][1]
    ]
    assert compare(at, lambda _message: None, MONDAY + days(10)) == 0


def test_a_message_without_a_readable_date_counts_from_now_says_so_and_stops_nothing(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amends.desk.worker.now", lambda: LATER)
    real = internal_date

    def unreadable(words: str) -> object:
        if words.strip().startswith("1-Nov"):
            raise NotHeard(f"{words!r} is no date of a mail server")
        return real(words)

    monkeypatch.setattr("amends.desk.imap.internal_date", unreadable)
    box.put(mail("undated"), MONDAY - days(1))
    box.put(mail("dated"), MONDAY)
    assert look_into(mailbox(box), LATER) == 2
    found = dict(KeptMessage.objects.values_list("received", "reason"))
    assert found == {LATER: UNDATED, MONDAY: ""}


@pytest.mark.parametrize("said", ["31-Dec-9999 23:59:59 -2300", "31-Feb-2026 00:00:00 +0000", "", "x"])
def test_no_date_of_a_server_raises_anything_else(said: str) -> None:
    with pytest.raises(NotHeard):
        internal_date(said)


# --- one address on many cases -----------------------------------------------------------------------------


def test_beyond_so_many_cases_a_day_an_acknowledgement_waits_for_a_person_whatever_the_channel() -> None:
    at = provider(mail=Mail.FOLDER)
    for _ in range(ANSWERED_A_DAY):
        case(at, channel="form")
    last = case(at, channel="form")
    assert set(Outgoing.objects.exclude(case=last).values_list("state", flat=True)) == {"ready"}
    held = Outgoing.objects.get(case=last)
    assert (last.is_open, held.state, "20 other cases" in held.last_error) == (True, "held", True)
    tick(MONDAY + MINUTE)
    assert "let go or drop what waits" in Alarm.objects.get(kind="letters held", cleared=None).text
    assert Outgoing.objects.get(pk=held.pk).state == "held"
    assert not hasattr(release(at, {"acknowledgement": "drop"}, why="a flood", by="7", now=LATER), "clause")
    tick(LATER + days(1))
    assert set(Outgoing.objects.filter(case=last).values_list("state", flat=True)) == {"withdrawn"}


def test_the_next_day_and_another_address_are_answered() -> None:
    at = provider(mail=Mail.FOLDER)
    for _ in range(ANSWERED_A_DAY):
        case(at, channel="form")
    other = case(at, customer={"name": "Bob", "email": "bob@example.org"}, channel="form")
    tomorrow = case(at, MONDAY + days(1), channel="form")
    assert set(Outgoing.objects.filter(case__in=(other, tomorrow)).values_list("state", flat=True)) == {
        "ready"
    }

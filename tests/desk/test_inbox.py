"""No mail is lost, answered wrongly, or stops the next one (L16 to L20; the issue's "Bad input")."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from amends.core import facts as f
from amends.core.case import Case, fold
from amends.core.duties import duties
from amends.desk import inbox, ledger, message, tokens
from amends.desk.books import book_for
from amends.desk.inbox import NotWaiting, Received, file_waiting, receive, set_aside, take_in
from amends.desk.mail_room import keep
from amends.desk.message import read_message
from amends.desk.models import (
    Alarm,
    CaseRow,
    KeptMessage,
    Mail,
    Mailbox,
    Outgoing,
    Provider,
    RoleName,
    Upload,
)
from amends.desk.ticker import tick
from tests.desk.made import MONDAY, closed, person, provider
from tests.desk.mails import LATER, answer_to, case_of, kept, last_letter, mail, take
from tests.test_mail_corpus import MAILS, OTHERS, OWN

pytestmark = pytest.mark.django_db


def own(name: str) -> bytes:
    return (OWN / f"{name}.eml").read_bytes()


def folded(row: CaseRow) -> Case:
    return fold(ledger.load([row.pk])[row.pk])


def owed(row: CaseRow) -> list[str]:
    return [duty.id for duty in duties(folded(row), book_for(row), LATER)]


# --- kept, whatever it is ----------------------------------------------------------------------------------


def fate(at: Provider, raw: bytes) -> str:
    """What became of a mail; says what is wrong with that, "" for nothing."""
    letters = Outgoing.objects.count()
    received = take(at, raw)
    state, answered = received.state, Outgoing.objects.count() > letters
    if state == "quarantined" and "there is nothing in it" in received.reason:
        return "" if received.case is None and not answered else f"{state}, with a case or a letter"
    if state not in ("filed", "machine", "held", "duplicate") or (state != "filed" and not received.reason):
        return f"{state}: {received.reason}"
    if state != "filed" and answered:
        return f"{state}, and answered"
    return "" if received.new == (state == "filed") else f"{state}, new: {received.new}"


def test_every_ugly_mail_is_kept_byte_for_byte_has_a_fate_and_never_stops_the_next() -> None:
    at = provider()
    mails = [path.read_bytes() for path in MAILS]
    wrong = {path.name: said for path, raw in zip(MAILS, mails, strict=True) if (said := fate(at, raw))}
    assert wrong == {}
    assert sorted(bytes(raw) for raw in KeptMessage.objects.values_list("raw", flat=True)) == sorted(mails)
    assert KeptMessage.objects.filter(state="filed").count() > 30


@pytest.mark.skipif(
    not OTHERS.is_dir(), reason="the other people's mails are not here: set AMENDS_MAIL_CORPUS"
)
def test_one_message_id_with_many_bodies_loses_none_of_them() -> None:
    bodies: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in MAILS:
        read = read_message(path.read_bytes())
        if read.message_id:
            bodies[read.message_id].setdefault(read.content_hash, path)
    worst = max(bodies.values(), key=len)
    assert len(worst) >= 14
    at = provider()
    received = [take(at, path.read_bytes()) for path in worst.values()]
    assert {r.state for r in received} <= {"filed", "machine", "held"}
    assert "duplicate" not in {r.state for r in received}
    again = [take(at, path.read_bytes(), LATER) for path in worst.values()]
    assert {r.state for r in again} == {"duplicate"}


def test_a_complaint_of_25_megabytes_is_taken_in() -> None:
    at = provider()
    raw = mail("It is down.\n") + b"x" * 25_000_000
    received = take(at, raw)
    assert received.state == "filed"
    assert kept(received).size == len(raw)
    assert len(folded(case_of(received, at)).contacts[0].words) < 60_000


def test_a_moment_ahead_of_ours_counts_as_now() -> None:
    at = provider()
    received = receive(at, mail(), MONDAY + timedelta(hours=3), now=MONDAY)
    assert case_of(received, at).first_received == MONDAY


def test_the_receipt_counts_from_the_servers_record_not_from_the_date_header() -> None:
    at = provider()
    received = receive(at, mail(date=MONDAY - timedelta(days=90)), MONDAY - timedelta(days=2), now=MONDAY)
    row = case_of(received, at)
    assert row.first_received == MONDAY - timedelta(days=2)
    assert row.opened == MONDAY


def test_files_are_kept_apart_from_the_words() -> None:
    at = provider()
    received = take(at, own("file-names"))
    assert Upload.objects.filter(case=case_of(received, at), contact=received.message).count() >= 2


# --- the same message twice --------------------------------------------------------------------------------


def test_the_same_message_twice_is_one_contact() -> None:
    at = provider()
    raw = mail()
    first = take(at, raw)
    again = take(at, b"Received: from elsewhere by mx2; Mon, 2 Nov 2026 09:05:00 +0000\r\n" + raw, LATER)
    assert (again.case, again.new, again.state, again.message) == (
        first.case,
        False,
        "duplicate",
        first.message,
    )
    assert len(folded(case_of(first, at)).contacts) == 1
    assert KeptMessage.objects.count() == 2, "the second copy is kept too"


def test_the_same_message_id_with_other_words_is_another_contact() -> None:
    at = provider()
    first = take(at, mail("One.", message_id="same@example.org"))
    second = take(at, mail("Two.", message_id="same@example.org"), LATER)
    assert second.new
    assert second.case != first.case


def test_without_a_message_id_the_same_bytes_are_one_and_the_same_words_another_day_are_two() -> None:
    at = provider()
    raw = mail(message_id="")
    assert take(at, raw).new
    assert take(at, raw, LATER).state == "duplicate"
    assert take(at, mail(message_id="", date=LATER), LATER).new


def test_without_message_id_and_date_only_the_very_same_bytes_are_one() -> None:
    at = provider()
    raw = mail(message_id="", date=None)
    assert take(at, raw).new
    assert take(at, raw, LATER).state == "duplicate"
    assert take(at, b"Received: by mx; Wed, 4 Nov 2026 10:00:00 +0000\r\n" + raw, LATER).new


def test_a_held_message_that_comes_again_is_one() -> None:
    at = provider()
    raw = mail(to=f"complaints+{'a' * 24}@example.net")
    assert take(at, raw).state == "held"
    assert take(at, raw, LATER).state == "duplicate"


def test_two_providers_each_have_their_own_copy() -> None:
    raw = mail()
    assert take(provider("opus"), raw).new
    assert take(provider("netfuse"), raw).new


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_many_doors_at_once_is_one_contact() -> None:
    at = provider()
    raw, start = mail(), threading.Barrier(4)

    def door() -> None:
        start.wait()
        with contextlib.suppress(OperationalError):  # SQLite in memory turns some away while another writes
            receive(at, raw, MONDAY, now=MONDAY)
        connection.close()

    doors = [threading.Thread(target=door) for _ in range(4)]
    for each in doors:
        each.start()
    for each in doors:
        each.join()
    file_waiting(LATER)
    states = list(KeptMessage.objects.values_list("state", flat=True))
    assert states.count("filed") == 1
    assert states.count("duplicate") == len(states) - 1
    assert len(folded(CaseRow.objects.get()).contacts) == 1
    assert connection.vendor == "sqlite" or len(states) == 4


# --- who wrote it ------------------------------------------------------------------------------------------


def test_a_mail_from_a_person_opens_a_case_that_is_acknowledged() -> None:
    at = provider(mail=Mail.LIVE)
    received = take(at, mail(sender="Ann Archer <ann@example.org>"))
    row = case_of(received, at)
    assert (row.customer_name, row.customer_email, row.subject) == (
        "Ann Archer",
        "ann@example.org",
        "No internet",
    )
    assert list(Outgoing.objects.values_list("letter", "to", "state")) == [
        ("acknowledgement", "ann@example.org", "ready")
    ]
    assert KeptMessage.objects.get().contact == folded(row).contacts[0].id


@pytest.mark.parametrize("name", ["out-of-office", "out-of-office-welsh", "mailing-list", "read-receipt"])
def test_a_machine_is_logged_with_its_reason_and_never_answered(name: str) -> None:
    received = take(provider(mail=Mail.LIVE), own(name))
    assert (received.case, received.state) == (None, "machine")
    assert received.reason
    assert not CaseRow.objects.exists()
    assert not Outgoing.objects.exists()


def test_an_out_of_office_answer_is_logged_with_its_case_and_starts_nothing() -> None:
    at = provider()
    row = case_of(take(at), at)
    before = owed(row)
    received = take(at, mail("I am away.", to=answer_to(row), Auto_Submitted="auto-replied"), LATER)
    assert (received.case, received.state) == (row.reference, "machine")
    assert folded(row).contacts[-1].machine == "auto-submitted: auto-replied"
    assert owed(row) == before
    assert Outgoing.objects.count() == 1


def test_our_own_letter_that_comes_back_is_a_machine() -> None:
    at = provider()
    ours = last_letter(case_of(take(at), at)).message_id.strip("<>")
    received = take(at, mail(sender="ann@example.org", message_id=ours), LATER)
    assert (received.state, received.reason) == ("machine", "our own letter came back")


@pytest.mark.parametrize("name", ["two-from", "from-without-address", "address-inside-encoded-word"])
def test_whoever_cannot_be_told_is_not_answered_but_the_clock_runs(name: str) -> None:
    at = provider(mail=Mail.LIVE)
    received = take(at, own(name))
    row = case_of(received, at)
    assert row.customer_email == ""
    assert row.first_received == MONDAY
    assert not Outgoing.objects.exists()
    assert "reach:acknowledgement" in owed(row)
    assert "From" in kept(received).reason


def test_a_known_web_form_writes_for_the_customer() -> None:
    at = provider(mail=Mail.LIVE)
    at.mailboxes.create(address="complaints@opus.example", form_relays=["noreply@www.opus.example"])
    received = take(at, own("web-form"))
    row = case_of(received, at)
    assert (row.customer_email, folded(row).first_channel) == ("huw@example.net", "form")
    assert last_letter(row).to == "huw@example.net"


def test_a_web_form_that_nobody_told_us_of_is_not_answered() -> None:
    at = provider(mail=Mail.LIVE)
    take(at, mail(sender="noreply@www.opus.example", Reply_To="huw@example.net"))
    row = CaseRow.objects.get()
    assert row.customer_email == ""
    assert not Outgoing.objects.exists()


# --- reports of deliveries ---------------------------------------------------------------------------------


def report(on: Outgoing, action: str = "failed", *, names_letter: bool = True, **headers: str) -> bytes:
    original = f"Message-ID: {on.message_id}" if names_letter else "Subject: something"
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.org\r\n"
        f"{extra}Message-ID: <report-{on.pk}-{action}@mx>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="e"\r\n\r\n'
        "--e\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {on.to}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--e\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n--e--\r\n"
    ).encode()


def sent_letter(at: Provider) -> Outgoing:
    take(at)
    tick(MONDAY)
    letter = Outgoing.objects.get()
    assert letter.state == "sent"
    return letter


def test_a_letter_that_bounces_is_known_on_its_case_and_another_way_is_looked_for() -> None:
    letter = sent_letter(provider(mail=Mail.FOLDER))
    received = take(letter.provider, report(letter), LATER)
    assert (received.case, received.state) == (letter.case.reference, "machine")
    letter.refresh_from_db()
    assert letter.state == "bounced"
    assert folded(letter.case).letters[0].fate_why.startswith("failed 5.1.1 ann@example.org")
    assert "reach:acknowledgement" in owed(letter.case)
    assert Outgoing.objects.count() == 1, "nothing goes to the mailbox that is gone"


def test_a_report_without_the_letters_id_counts_when_it_came_to_the_signed_address() -> None:
    letter = sent_letter(provider(mail=Mail.FOLDER))
    take(letter.provider, report(letter, names_letter=False, To=answer_to(letter.case)), LATER)
    letter.refresh_from_db()
    assert letter.state == "bounced"


def test_a_delay_is_no_loss() -> None:
    letter = sent_letter(provider(mail=Mail.FOLDER))
    received = take(letter.provider, report(letter, "delayed"), LATER)
    assert (received.state, received.case) == ("machine", None)
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize("forged", [False, True])
def test_a_report_that_proves_no_letter_of_ours_waits_and_changes_nothing(forged: bool) -> None:
    letter = sent_letter(provider(mail=Mail.FOLDER))
    claim = tokens.reply_address("complaints@example.net", "elsewhere", letter.case_id, "ann@example.org")
    headers = {"To": claim} if forged else {}
    received = take(letter.provider, report(letter, names_letter=False, **headers), LATER)
    assert (received.state, received.case) == ("held", None)
    letter.refresh_from_db()
    assert letter.state == "sent"


# --- our own faults ----------------------------------------------------------------------------------------


def test_a_mail_that_cannot_be_read_is_in_quarantine_with_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RecursionError("too deep")

    at = provider()
    with monkeypatch.context() as patch:
        patch.setattr(message, "_read", broken)
        received = take(at)
    assert received.state == "quarantined"
    assert "too deep" in received.reason
    assert Alarm.objects.get(kind="quarantine", cleared=None).runbook == "Messages in quarantine"
    assert take(at).state == "filed", "the next one"


def test_a_fault_of_ours_while_filing_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise ZeroDivisionError("our mistake")

    at = provider()
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "_keep_beside", broken)
        received = take(at)
    assert (received.state, received.case) == ("quarantined", None)
    assert not CaseRow.objects.exists()
    row = take_in(kept(received).pk, by="7", now=LATER)
    assert row.first_received == MONDAY, "its receipt counts from when it came"
    assert not Alarm.objects.filter(kind="quarantine", cleared=None).exists()


def test_a_database_that_goes_away_while_filing_leaves_the_message_for_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("gone")

    at = provider()
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "_filed", away)
        received = take(at)
    assert (received.state, kept(received).state) == ("kept", "kept")
    assert file_waiting(MONDAY + timedelta(seconds=10)) == 0, "its own door may still be at it"
    assert tick(LATER).filed == 1
    assert CaseRow.objects.get().first_received == MONDAY


def test_a_message_that_was_kept_by_a_process_that_died_is_filed() -> None:
    at = provider()
    keep(at, mail(), MONDAY, now=MONDAY)
    assert not CaseRow.objects.exists()
    assert file_waiting(LATER) == 1
    assert CaseRow.objects.get().first_received == MONDAY


@pytest.mark.django_db(transaction=True)
def test_the_raw_bytes_are_on_disk_before_anybody_looks_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    at = provider()
    raw, seen = mail(), list[int]()

    def look_from_elsewhere() -> None:
        seen.append(KeptMessage.objects.filter(size=len(raw)).count())
        connection.close()

    def reading(*_arguments: object, **_more: object) -> None:
        other = threading.Thread(target=look_from_elsewhere)
        other.start()
        other.join()
        raise SystemExit("the process dies while reading")

    monkeypatch.setattr(inbox, "read_message", reading)
    with pytest.raises(SystemExit):
        receive(at, raw, MONDAY, now=MONDAY)
    assert seen == [1]


# --- what people do with what waits ------------------------------------------------------------------------


def held_answer(at: Provider) -> tuple[CaseRow, Received]:
    row = case_of(take(at), at)
    return row, take(at, mail("It is me, from work.", sender="ann@work.example", to=answer_to(row)), LATER)


def test_a_person_puts_a_message_that_waits_on_its_case() -> None:
    """A-any-channel, by a person."""
    row, received = held_answer(provider())
    much_later = LATER + timedelta(days=2)
    assert take_in(kept(received).pk, by="7", now=much_later, case=row.pk) == row
    contact = folded(row).contacts[-1]
    assert (contact.at, contact.logged, contact.by) == (LATER, much_later, "7")
    assert kept(received).state == "filed"
    with pytest.raises(NotWaiting):
        take_in(kept(received).pk, by="8", now=much_later)


def test_a_person_opens_a_case_with_it_and_its_clock_runs_from_when_it_came() -> None:
    at = provider()
    _, received = held_answer(at)
    row = take_in(kept(received).pk, by="7", now=LATER + timedelta(days=3))
    assert (row.first_received, row.customer_email) == (LATER, "ann@work.example")


def test_a_forwarded_message_can_count_from_its_original_date() -> None:
    _, received = held_answer(provider())
    row = take_in(kept(received).pk, by="7", now=LATER, received=MONDAY - timedelta(days=5))
    assert row.first_received == MONDAY - timedelta(days=5)
    contact = next(x for x in ledger.load([row.pk])[row.pk] if isinstance(x, f.ContactReceived))
    assert (contact.at, contact.received) == (MONDAY - timedelta(days=5), LATER)
    assert "forwarded" in contact.backdated_why, "back-dating has its reason"


def test_a_colleague_who_forwards_is_not_the_customer_and_gets_no_letter() -> None:
    at = provider(mail=Mail.LIVE)
    person(at, RoleName.AGENT)
    received = take(at, mail("FYI", sender=f"agent@{at.pk}.example"))
    row = take_in(kept(received).pk, by="7", now=LATER)
    assert row.customer_email == ""
    assert not Outgoing.objects.exists()
    assert "reach:acknowledgement" in owed(row)


def test_a_person_sets_a_message_aside_with_a_reason() -> None:
    _, received = held_answer(provider())
    set_aside(kept(received).pk, by="7", now=LATER, why="an advertisement")
    assert kept(received).state == "set aside"
    assert "an advertisement" in kept(received).reason
    with pytest.raises(NotWaiting):
        set_aside(kept(received).pk, by="7", now=LATER, why="again")


def test_the_mailbox_says_when_it_last_brought_something() -> None:
    box = Mailbox.objects.create(provider=provider(), address="complaints@opus.example")
    receive(box.provider, mail(), MONDAY, now=MONDAY, mailbox=box)
    box.refresh_from_db()
    assert box.last_heard == MONDAY


def test_a_reply_to_a_closed_case_is_a_contact_with_three_times() -> None:
    at = provider()
    row = closed(case_of(take(at), at), MONDAY)
    receive(at, mail("It broke again.", to=answer_to(row)), LATER, now=LATER + timedelta(hours=2))
    contact = [x for x in ledger.load([row.pk])[row.pk] if isinstance(x, f.ContactReceived)][-1]
    assert (contact.received, contact.at, contact.logged) == (LATER, LATER, LATER + timedelta(hours=2))

"""A letter leaves once, or again with the same Message-ID, and its case always knows what became of it (C16, L16, L22)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import connection

from amends.core import facts as f
from amends.core.case import fold
from amends.desk import documents, home, ledger, outbox
from amends.desk.actions import Actor, write
from amends.desk.claims import LEASE, Claims, expired, give_back
from amends.desk.models import Alarm, CaseRow, Document, Lane, Mail, Outgoing, Provider
from amends.desk.outbox import Outbox, recover, send_again, settle
from amends.desk.providers import release, switch_mail
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import ANN, MONDAY, case, days, look, provider
from tests.desk.mails import LATER, answer_to, case_of, last_letter, mail, take
from tests.desk.peer import Peer, Taken, peer

pytestmark = pytest.mark.django_db

ADR_DAY = MONDAY + days(42)


@pytest.fixture
def server() -> Iterator[Peer]:
    with peer() as listening:
        yield listening


def live(server: Peer, name: str = "example") -> Provider:
    """A provider whose letters leave through this server."""
    at = provider(name, mail=Mail.LIVE)
    at.mailboxes.create(
        address=f"complaints@{name}.example", from_name="Customer care", smtp_host="127.0.0.1",
        smtp_port=server.port, smtp_tls="none",
    )  # fmt: skip
    return at


def run(now: datetime = MONDAY, box: Outbox | None = None) -> outbox.Counts:
    used = box or Outbox(lambda: now)
    used.clock = lambda: now
    return used.run()


def fates(row: CaseRow) -> list[tuple[str, str]]:
    facts = ledger.load([row.pk])[row.pk]
    return [(x.key.split("/")[1], x.fate) for x in facts if isinstance(x, f.LetterFate)]


def states() -> list[str]:
    return list(Outgoing.objects.order_by("pk").values_list("state", flat=True))


def bulk(row: CaseRow, count: int, lane: Lane = Lane.BULK, now: datetime = MONDAY) -> None:
    """So many letters of one lane, ready since a while."""
    Outgoing.objects.bulk_create(
        Outgoing(
            provider=row.provider, case=row, key=f"{row.reference}/notice/{lane}-{number}", letter="notice",
            channel="email", to="ann@example.org", subject="Notice", words={}, text="Notice", digest="",
            message_id=f"<{row.pk}-{lane}-{number}@example.net>", lane=lane, state="ready",
            not_before=now - timedelta(hours=1), decided_at=now - timedelta(hours=1),
        )
        for number in range(count)
    )  # fmt: skip


# --- what a letter looks like ------------------------------------------------------------------------------


def test_the_acknowledgement_leaves_on_the_customers_thread_as_an_automatic_answer(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at, mail(message_id="theirs@example.org")), at)
    assert run().sent == 1
    sent = server.taken[0]
    letter = last_letter(row)
    home_address = answer_to(row).replace("example.net", "example.example")
    assert (sent.sender, sent.recipient) == (home_address, "ann@example.org")
    assert str(sent.mail["From"]) == "Customer care <complaints@example.example>"
    assert sent.mail["Reply-To"] == home_address
    assert sent.mail["Message-ID"] == letter.message_id
    assert sent.mail["In-Reply-To"] == sent.mail["References"] == "<theirs@example.org>"
    assert sent.mail["Auto-Submitted"] == "auto-replied"
    assert row.reference in sent.mail["Subject"]
    words = cast("EmailMessage", sent.mail.get_body(("plain",))).get_content()
    assert words.split() == letter.text.split()
    assert (letter.state, letter.settled_at, fates(row)) == ("sent", MONDAY, [("acknowledgement", "sent")])


def test_an_answer_to_the_letter_that_left_joins_its_case(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    run()
    sent = server.taken[0].mail
    answer = mail("Thank you.", to=str(sent["Reply-To"]), subject=f"Re: {sent['Subject']}")
    assert take(at, answer, LATER).case == row.reference


def test_the_adr_letter_carries_its_pdf_and_needs_no_asking(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    run()
    look(row, ADR_DAY)
    assert run(ADR_DAY).sent == 1
    sent = server.taken[-1].mail
    files = [(part.get_content_type(), part.get_filename()) for part in sent.iter_attachments()]
    assert files == [("application/pdf", f"adr-letter-{row.reference}.pdf")]
    pdf = next(sent.iter_attachments()).get_content()
    assert pdf.startswith(b"%PDF")
    assert bytes(Document.objects.get(outgoing=last_letter(row)).content) == pdf
    assert sent["Auto-Submitted"] == "auto-generated"
    row.refresh_from_db()
    assert row.state == "ADR letter sent"


def test_a_letter_that_a_person_wrote_is_no_automatic_one(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    with docket(row.pk, now=MONDAY) as taken:
        write(taken, taken.cases[row.pk], Actor("7"), MONDAY, purpose="reply", words="We sent an engineer.")
    run()
    reply = server.taken[-1].mail
    assert "We sent an engineer." in cast("EmailMessage", reply.get_body(("plain",))).get_content()
    assert reply["Auto-Submitted"] is None


def test_no_words_of_a_customer_can_become_a_header(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    at.mailboxes.update(from_name="Care\r\nBcc: all@example.org")
    Outgoing.objects.update(subject="Hello\r\nBcc: all@example.org\r\n\r\nBody")
    run()
    sent = server.taken[0]
    assert sent.mail["Bcc"] is None
    assert sent.mail["Subject"] == "Hello Bcc: all@example.org Body"
    assert fates(row) == [("acknowledgement", "sent")]


@pytest.mark.parametrize("to", ["not an address", "a@b.example, c@d.example", ""])
def test_what_is_addressed_to_no_one_address_fails_and_says_so(server: Peer, to: str) -> None:
    at = live(server)
    row = case_of(take(at), at)
    Outgoing.objects.update(to=to)
    assert run().failed == 1
    assert server.taken == []
    assert fates(row)[0] == ("acknowledgement", "failed")


def test_a_folder_takes_the_mail_of_a_provider_that_plays() -> None:
    at = provider(mail=Mail.FOLDER)
    row = case_of(take(at), at)
    assert run().sent == 1
    files = list((home.home() / "outgoing" / at.pk).glob(f"{row.reference}*"))
    assert [path.name for path in files] == [f"{row.reference}-acknowledgement-1.eml"]
    written = BytesParser(policy=default).parsebytes(files[0].read_bytes())
    assert written["Message-ID"] == last_letter(row).message_id


# --- off until somebody switches it on ---------------------------------------------------------------------


def test_nothing_leaves_while_mail_is_off(server: Peer) -> None:
    at = live(server)
    Provider.objects.update(mail=Mail.OFF)
    at.refresh_from_db()
    take(at)
    assert run().total() == 0
    assert states() == ["held"]
    assert server.taken == []


def test_held_letters_leave_when_a_person_releases_them(server: Peer) -> None:
    at = live(server)
    Provider.objects.update(mail=Mail.OFF)
    at.refresh_from_db()
    take(at)
    assert switch_mail(at, Mail.LIVE, by="7", now=LATER) is None
    assert run(LATER).total() == 0, "switching on sends nothing old"
    release(at, {"acknowledgement": "send"}, why="", by="7", now=LATER)
    assert run(LATER).sent == 1


def test_switching_off_stops_what_was_ready(server: Peer) -> None:
    at = live(server)
    take(at)
    switch_mail(at, Mail.OFF, by="7", now=MONDAY)
    run()
    assert (states(), server.taken) == (["held"], [])


def test_a_played_clock_writes_to_nobody_outside(server: Peer, settings: Any) -> None:
    at = live(server)
    at.mailboxes.update(smtp_host="mail.example.org")
    settings.MANUAL_CLOCK = True
    row = case_of(take(at), at)
    assert run().put_off == 1
    assert "clock is set by hand" in last_letter(row).last_error


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("localhost", True), ("[::1]", True), ("::1", True), ("LOCALHOST", True),
     ("localhost.evil.example", False), ("127.evil.example", False), ("10.0.0.1", False), ("", False)],
)  # fmt: skip
def test_only_this_machine_is_this_machine(host: str, here: bool) -> None:
    assert outbox.is_loopback(host) is here


# --- refused, put off --------------------------------------------------------------------------------------


def test_a_mailbox_that_is_gone_fails_the_letter_and_the_case_looks_for_another_way(server: Peer) -> None:
    at = live(server)
    server.recipient = "550 5.1.1 no such user"
    row = case(at, MONDAY, {**ANN, "address": "1 High Street\nLeeds LS1 1AA"})
    assert run().failed == 1
    row.refresh_from_db()
    assert fates(row) == [("acknowledgement", "failed")]
    assert list(Outgoing.objects.order_by("pk").values_list("channel", "state")) == [
        ("email", "failed"),
        ("letter", "to post"),
    ]


def test_a_server_that_cannot_be_reached_puts_letters_off_for_longer_and_longer() -> None:
    with peer() as gone:
        pass
    row = case_of(take(live(gone)), Provider.objects.get())
    waits, now = [], MONDAY
    for _ in range(8):
        assert run(now).put_off == 1
        letter = last_letter(row)
        waits.append(int((letter.not_before - now).total_seconds() // 60))
        now = letter.not_before
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert f"127.0.0.1:{gone.port}" in last_letter(row).last_error
    assert fates(row) == []


def test_after_a_day_of_tries_the_letter_has_failed() -> None:
    with peer() as gone:
        pass
    row = case_of(take(live(gone)), Provider.objects.get())
    Outgoing.objects.update(attempts=outbox.TRIES - 1)
    assert run().failed == 1
    assert fates(row) == [("acknowledgement", "failed")]


def test_one_dead_server_costs_one_try_and_leaves_others_alone(server: Peer) -> None:
    with peer() as gone:
        pass
    dead, well = live(gone, "opus"), live(server, "netfuse")
    for number in range(5):
        take(dead, mail(sender=f"a{number}@example.org"))
    take(well)
    box = Outbox(lambda: MONDAY)
    counts = run(box=box)
    assert (counts.put_off, counts.sent) == (1, 1)
    assert sorted(Outgoing.objects.filter(provider=dead).values_list("attempts", flat=True)) == [
        0,
        0,
        0,
        0,
        1,
    ]
    assert run(MONDAY + timedelta(seconds=59), box).total() == 0
    assert run(MONDAY + timedelta(seconds=61), box).put_off == 1


def test_greylisting_of_one_customer_does_not_hold_up_the_next(server: Peer) -> None:
    at = live(server)
    server.recipient = "451 4.7.1 greylisted"
    take(at, mail(sender="ann@example.org"))
    take(at, mail(sender="fine@example.org"))
    counts = run()
    assert (counts.put_off, counts.sent) == (1, 1)
    server.recipient = ""
    assert run(MONDAY + timedelta(minutes=2)).sent == 1


# --- in doubt ----------------------------------------------------------------------------------------------


def test_an_acknowledgement_in_doubt_goes_again_with_the_same_message_id(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    server.breaks = "at the end"
    assert run().in_doubt == 1
    assert fates(row) == [("acknowledgement", "in doubt")]
    assert refold(check=True, now=MONDAY).wrong == [], (
        "ready to go again, and its fact says in doubt: both are true"
    )
    server.breaks = ""
    assert run(MONDAY + timedelta(minutes=2)).sent == 1
    first, second = (taken.mail["Message-ID"] for taken in server.taken)
    assert first == second == last_letter(row).message_id
    assert fates(row) == [("acknowledgement", "in doubt"), ("acknowledgement", "sent")]


def test_a_reply_in_doubt_waits_for_a_person_who_lets_it_go_again(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    run()
    with docket(row.pk, now=MONDAY) as taken:
        write(taken, taken.cases[row.pk], Actor("7"), MONDAY, purpose="reply", words="We credit £20.")
    server.breaks = "at the end"
    run()
    server.breaks = ""
    assert run(LATER).total() == 0, "it may hold money: nobody sends it twice unasked"
    assert last_letter(row).state == "in doubt"
    assert send_again(last_letter(row), LATER)
    assert not send_again(last_letter(row), LATER), "it is ready already"
    assert run(LATER).sent == 1
    assert server.taken[-1].mail["Message-ID"] == server.taken[-2].mail["Message-ID"]
    assert last_letter(row).state == "sent"


def test_a_sender_that_died_gives_its_letters_back_as_in_doubt(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    (claimed,) = Claims().take(MONDAY)
    assert run(MONDAY + LEASE - timedelta(seconds=1)).total() == 0
    assert recover(MONDAY + LEASE) == 1
    assert fates(row) == [("acknowledgement", "in doubt")]
    assert run(MONDAY + LEASE + timedelta(minutes=1)).sent == 1
    assert not settle(claimed, "failed", "late word of the dead", LATER)
    assert fates(row)[-1] == ("acknowledgement", "sent")


def test_a_sender_that_was_only_slow_is_believed_that_it_sent(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    (claimed,) = Claims().take(MONDAY)
    recover(MONDAY + LEASE)
    assert settle(claimed, "sent", "", MONDAY + LEASE)
    assert run(LATER).total() == 0, "it left: it need not go again"
    assert fates(row) == [("acknowledgement", "in doubt"), ("acknowledgement", "sent")]


KILLED = """
import sys
from amends.desk.start import ready
ready()
from amends.desk.models import Provider, Mail
from amends.desk.ticker import tick
from amends.desk.now import now
from tests.desk import made, mails, test_outbox
if sys.argv[1] == "begin":
    at = made.provider(mail=Mail.LIVE)
    at.mailboxes.create(address="us@example.net", smtp_host="127.0.0.1", smtp_port=int(sys.argv[2]), smtp_tls="none")
    mails.take(at)
tick(made.MONDAY + made.timedelta(minutes=int(sys.argv[3])), rounds=False)
"""


def test_a_sender_killed_while_it_sends_loses_nothing(tmp_path: Path) -> None:
    """A real process, a real database file, a real server that has heard the whole mail, and kill -9."""
    environment = {**os.environ, "AMENDS_HOME": str(tmp_path), "AMENDS_CLOCK": "manual"}
    environment.pop("AMENDS_DATABASE_URL", None)

    def sender(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", KILLED, *arguments], env=environment, cwd=Path(__file__).parents[2]
        )

    with peer(hangs=True) as server:
        first = sender("begin", str(server.port), "0")
        wait_for(server.taken, first)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        server.hangs = False
        assert sender("go on", "0", "1").wait() == 0
        assert len(server.taken) == 1, "its lease has not run out yet"
        assert sender("go on", "0", "20").wait() == 0
        assert sender("go on", "0", "30").wait() == 0
    assert len(server.taken) == 2
    first_id, second_id = (taken.mail["Message-ID"] for taken in server.taken)
    assert first_id == second_id
    assert server.taken[1].mail["Auto-Submitted"] == "auto-replied"


def wait_for(taken: list[Taken], process: subprocess.Popen[bytes]) -> None:
    """Until the server has heard a mail; fails when the sender ends before."""
    for _ in range(2400):  # two minutes: a crowded machine takes one to start a program
        if taken:
            return
        assert process.poll() is None, "the sender ended before it sent"
        threading.Event().wait(0.05)
    process.kill()
    process.wait()
    raise AssertionError("the sender never sent")


# --- who goes first ----------------------------------------------------------------------------------------


def test_a_thousand_notices_never_hold_up_an_adr_letter(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    bulk(row, 1000, now=ADR_DAY)
    look(row, ADR_DAY)
    outbox.make_documents(ADR_DAY)
    order = [Claims().take(ADR_DAY) for _ in range(3)]
    assert [letter.letter for letter in order[0]] == ["adr-letter"]
    assert [letter.letter for letter in order[1]] == ["acknowledgement"]
    assert len(order[2]) == 20


def test_an_adr_letter_decided_while_notices_leave_goes_within_one_batch(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    run()
    bulk(row, 100, now=ADR_DAY)
    box = Outbox(lambda: ADR_DAY)
    box.run(batches=1)
    look(row, ADR_DAY)
    box.run(batches=1)
    assert Outgoing.objects.get(letter="adr-letter").state == "sent"
    assert Outgoing.objects.filter(letter="notice", state="sent").count() == 20


def test_a_batch_is_dealt_out_among_providers(server: Peer) -> None:
    big, small, other = (case(live(server, name)) for name in ("opus", "netfuse", "infinity"))
    Outgoing.objects.all().delete()
    bulk(big, 500)
    bulk(small, 3, now=LATER)
    bulk(other, 30, now=LATER)
    claims, shares = Claims(), dict[str, int]()
    for letter in claims.take(LATER):
        shares[letter.provider_id] = shares.get(letter.provider_id, 0) + 1
    assert shares == {big.provider_id: 7, small.provider_id: 3, other.provider_id: 7}


def test_more_providers_than_a_batch_holds_are_all_served_in_turn() -> None:
    rows = []
    for number in range(25):
        at = Provider.objects.create(slug=f"p{number:02}", name=f"P {number}", created=MONDAY)
        rows.append(case(at))
    Outgoing.objects.all().delete()
    for row in rows:
        bulk(row, 4)
    claims = Claims()
    served = {letter.provider_id for _ in range(2) for letter in claims.take(MONDAY)}
    assert len(served) == 25


def test_two_senders_never_hold_the_same_letter() -> None:
    row = case(provider())
    bulk(row, 50)
    first, second = Claims().take(MONDAY), Claims().take(MONDAY)
    assert len({letter.pk for letter in (*first, *second)}) == 40


@pytest.mark.django_db(transaction=True)
def test_senders_in_many_threads_send_each_letter_once(server: Peer) -> None:
    at = live(server)
    row = case(at)
    bulk(row, 40)
    senders = 4 if connection.vendor == "postgresql" else 1  # SQLite in memory serves one thread at a time

    def send() -> None:
        Outbox(lambda: MONDAY).run()
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    ids = [taken.mail["Message-ID"] for taken in server.taken]
    assert sorted(ids) == sorted(Outgoing.objects.values_list("message_id", flat=True))
    assert set(states()) == {"sent"}


def test_a_claim_given_back_untouched_counts_as_no_try() -> None:
    row = case(provider(mail=Mail.LIVE))
    (letter,) = Claims().take(MONDAY)
    assert letter.attempts == 1
    assert give_back(letter)
    assert not give_back(letter), "it is ours no longer"
    assert (last_letter(row).attempts, last_letter(row).state) == (0, "ready")
    assert expired(LATER) == []


# --- the PDF -----------------------------------------------------------------------------------------------


def test_an_adr_letter_whose_pdf_cannot_be_made_waits_then_leaves_without_it(
    server: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_letter: Outgoing, _kind: documents.Kind) -> None:
        raise RuntimeError("no fonts")

    at = live(server)
    row = case_of(take(at), at)
    run()
    look(row, ADR_DAY)
    monkeypatch.setattr(documents, "document", broken)
    assert run(ADR_DAY).sent == 0
    assert Alarm.objects.get(kind="no PDF").runbook == "A letter without its PDF"
    assert run(ADR_DAY + timedelta(minutes=1)).sent == 0
    assert run(ADR_DAY + timedelta(minutes=5)).sent == 1
    assert list(server.taken[-1].mail.iter_attachments()) == []
    assert fates(row)[-1] == ("adr-letter", "sent")


def test_the_desks_own_facts_tell_the_whole_story(server: Peer) -> None:
    at = live(server)
    row = case_of(take(at), at)
    run()
    folded = fold(ledger.load([row.pk])[row.pk])
    assert [(x.letter, x.fate, x.left) for x in folded.letters] == [("acknowledgement", "sent", True)]

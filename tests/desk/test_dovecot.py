"""The desk and a real Dovecot: every mail comes once, from every folder that is read, whatever happens meanwhile."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from amends.desk import actions, worker
from amends.desk.actions import Actor
from amends.desk.imap import NotHeard, compare, poll
from amends.desk.imap_session import Session
from amends.desk.mail_services import OTHER, Service
from amends.desk.mail_sign_on import Application, as_application
from amends.desk.mailbox_trial import try_mailbox
from amends.desk.models import CaseRow, Heartbeat, KeptMessage, Mail, Mailbox, MailFolder, MailGrant, Outgoing
from amends.desk.outbox import Outbox
from amends.desk.record import docket
from amends.desk.smtp import Line, NotReached, Server
from amends.desk.worker import look_into
from tests.desk.dovecot import PASSWORD, USER, Dovecot, dovecot, needs_dovecot
from tests.desk.made import MONDAY, provider
from tests.desk.mails import answer_to, mail
from tests.desk.peer import peer
from tests.desk.token_server import APPLICATION, SCOPE, SECRET, TokenServer, token_server

pytestmark = [pytest.mark.django_db, needs_dovecot]


@pytest.fixture(scope="module")
def house() -> Iterator[TokenServer]:
    with token_server(user=USER) as served:
        yield served


@pytest.fixture(scope="module")
def _served(house: TokenServer) -> Iterator[Dovecot]:
    with dovecot(introspects=f"{house.at}/introspect") as server:
        yield server


@pytest.fixture
def server(_served: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """The Dovecot of this module, its mailbox emptied, at noon of a Monday."""
    monkeypatch.setenv("BOX_PASSWORD", PASSWORD)
    monkeypatch.setenv("APP_SECRET", SECRET)
    monkeypatch.setattr(worker, "now", lambda: MONDAY)
    with signed_in(_served) as imap:
        for name in ("INBOX", *(f'"{each}"' for each in ("Unwanted", "Moved", "R&-D &IBM- &AOQ-rger"))):
            imap.select(name)
            imap.uid("STORE", "1:*", "+FLAGS.SILENT", "\\Deleted")
            imap.expunge()
    return _served


def signed_in(server: Dovecot) -> imaplib.IMAP4:
    imap = imaplib.IMAP4("127.0.0.1", server.imap)
    imap.login(f'"{USER}"', f"{PASSWORD}")
    return imap


def put(server: Dovecot, raw: bytes, at: datetime = MONDAY, folder: str = "INBOX") -> None:
    with signed_in(server) as imap:
        day = imaplib.Time2Internaldate(at)
        status, said = imap.append(folder, "", day, raw)
        assert status == "OK", said


def held(server: Dovecot, folder: str = "INBOX") -> list[bytes]:
    """The flags of all messages of a folder."""
    with signed_in(server) as imap:
        imap.select(folder, readonly=True)
        return [line for line in imap.fetch("1:*", "(FLAGS)")[1] if isinstance(line, bytes)]


def mailbox(server: Dovecot, **more: object) -> Mailbox:
    return Mailbox.objects.create(
        **{
            "provider": provider(), "address": USER, "imap_host": "127.0.0.1", "imap_port": server.imap, "imap_tls": False,
            "imap_user": USER, "imap_password": "env:BOX_PASSWORD", "last_uid": "since:2026-10-01", **more,
        }
    )  # fmt: skip


def with_token(box: Mailbox, house: TokenServer) -> Mailbox:
    service = Service(OTHER, house.token_url, application_scope=SCOPE)
    as_application(Application(service, APPLICATION, "env:APP_SECRET"), box, by="test", now=MONDAY)
    return box


def again(box: Mailbox) -> Mailbox:
    return Mailbox.objects.select_related("provider").get(pk=box.pk)


def test_new_mail_is_fetched_once_and_stays_unread_where_it_is(server: Dovecot) -> None:
    box = mailbox(server)
    put(server, mail("It is down."))
    put(server, mail("Years ago."), MONDAY - timedelta(days=900))
    assert look_into(box, MONDAY) == 1
    assert look_into(again(box), MONDAY) == 0
    assert CaseRow.objects.get().first_received == MONDAY
    put(server, mail("And still."))
    assert look_into(again(box), MONDAY) == 1
    assert len(held(server)) == 3
    assert not any(b"Seen" in flags or b"Deleted" in flags for flags in held(server))


def test_a_mailbox_that_is_numbered_anew_gives_nothing_twice(server: Dovecot) -> None:
    box = mailbox(server, imap_folder="Moved", reads_junk=False)
    raw = mail("It is down.")
    put(server, raw, folder="Moved")
    assert look_into(box, MONDAY) == 1
    before = again(box).last_uid
    time.sleep(1.1)  # Dovecot numbers a folder by the second in which it was made
    with signed_in(server) as imap:
        assert imap.delete("Moved")[0] == "OK"
        imap.create("Moved")
    put(server, raw, folder="Moved")
    put(server, mail("New."), folder="Moved")
    look_into(again(box), MONDAY)
    assert again(box).last_uid.partition(":")[0] != before.partition(":")[0]
    assert CaseRow.objects.count() == 2
    assert sorted(KeptMessage.objects.values_list("state", flat=True)) == ["duplicate", "filed", "filed"]


def test_mail_that_is_removed_while_it_is_fetched_keeps_no_other_from_coming(server: Dovecot) -> None:
    for words in ("One.", "Two.", "Three."):
        put(server, mail(words))
    found: list[int] = []

    def take_and_remove_the_next(message: object) -> None:
        found.append(message.uid)  # type: ignore[attr-defined] # a Fetched
        if len(found) == 1:
            with signed_in(server) as imap:
                imap.select("INBOX")
                imap.uid("STORE", str(found[0] + 1), "+FLAGS.SILENT", "\\Deleted")
                imap.expunge()

    assert poll(mailbox(server), take_and_remove_the_next, MONDAY) == 2
    assert found[1] == found[0] + 2


def test_mail_that_moves_into_another_folder_that_is_read_is_one_contact(server: Dovecot) -> None:
    box = mailbox(server, more_folders=["Moved", "R&D – ärger"])
    put(server, mail("It is down."))
    assert look_into(box, MONDAY) == 1
    with signed_in(server) as imap:
        imap.select("INBOX")
        imap.copy("1", '"R&-D &IBM- &AOQ-rger"')
        imap.store("1", "+FLAGS.SILENT", "\\Deleted")
        imap.expunge()
    put(server, mail("In a folder from the start."), folder="Moved")
    assert look_into(again(box), MONDAY) == 2
    assert CaseRow.objects.count() == 2
    assert sorted(KeptMessage.objects.values_list("state", flat=True)) == ["duplicate", "filed", "filed"]


def test_a_folder_that_is_not_there_is_told_and_keeps_no_other_from_being_read(server: Dovecot) -> None:
    box = mailbox(server, more_folders=["Nowhere", "Moved"])
    put(server, mail("In the main folder."))
    put(server, mail("Behind the missing one."), folder="Moved")
    look_into(box, MONDAY)
    assert CaseRow.objects.count() == 2
    assert "Nowhere" in again(box).last_error


def test_the_junk_folder_is_found_by_its_mark_and_its_mail_carries_one(server: Dovecot) -> None:
    box = mailbox(server)
    put(server, mail("Taken for junk."), folder="Unwanted")
    assert look_into(box, MONDAY) == 1
    kept = KeptMessage.objects.get()
    assert (kept.junk, kept.state) == (True, "filed")
    assert MailFolder.objects.get().name == "Unwanted"
    assert CaseRow.objects.get().first_received == MONDAY


def test_what_lay_in_the_junk_folder_is_answered_once_a_person_calls_it_a_complaint(server: Dovecot) -> None:
    box = mailbox(server)
    put(server, mail("Taken for junk."), folder="Unwanted")
    look_into(box, MONDAY)
    row = CaseRow.objects.get()
    assert not Outgoing.objects.exists(), "an answer would go to whoever the junk names"
    with docket(row.pk, now=MONDAY) as d:
        hand = d.cases[row.pk]
        by = Actor("7", "Amy", "agent")
        contact = hand.case.contacts[0].id
        assert actions.decide_complaint(hand, by, MONDAY, contact=contact, complaint=True, why="") is None
    assert Outgoing.objects.get().letter == "acknowledgement"


def test_an_answer_with_our_token_joins_its_case_from_the_junk_folder_too(server: Dovecot) -> None:
    box = mailbox(server)
    put(server, mail("It is down."))
    look_into(box, MONDAY)
    row = CaseRow.objects.get()
    put(server, mail("And again.", to=answer_to(row)), folder="Unwanted")
    look_into(again(box), MONDAY)
    assert CaseRow.objects.count() == 1
    assert KeptMessage.objects.filter(case=row, junk=True).count() == 1


def test_old_junk_of_a_mailbox_that_has_long_been_read_stays_where_it_is(server: Dovecot) -> None:
    box = mailbox(server, reads_junk=False)
    look_into(box, MONDAY)
    Mailbox.objects.update(reads_junk=True)
    put(server, mail("Last month's."), MONDAY - timedelta(days=20), folder="Unwanted")
    put(server, mail("Yesterday's."), MONDAY - timedelta(days=1), folder="Unwanted")
    assert look_into(again(box), MONDAY + timedelta(minutes=2)) == 1


def test_a_named_junk_folder_is_read_and_none_is_where_none_is_wanted(server: Dovecot) -> None:
    put(server, mail("Here."), folder="Moved")
    assert look_into(mailbox(server, reads_junk=False), MONDAY) == 0
    Mailbox.objects.all().delete()
    assert look_into(mailbox(server, junk_folder="Moved"), MONDAY) == 1
    assert KeptMessage.objects.get().junk


def test_a_server_that_dies_loses_nothing_and_is_read_again_when_it_is_back(server: Dovecot) -> None:
    box = mailbox(server)
    put(server, mail("Before."))
    assert look_into(box, MONDAY) == 1
    put(server, mail("Just before."))
    server.stop()
    try:
        assert look_into(again(box), MONDAY) == 0
        assert "127.0.0.1" in again(box).last_error
    finally:
        server.start()
    assert look_into(again(box), MONDAY) == 1
    assert again(box).last_error == ""


def test_a_server_that_dies_between_two_messages_gives_the_rest_later(server: Dovecot) -> None:
    for words in ("One.", "Two.", "Three."):
        put(server, mail(words))
    box, found = mailbox(server), list[object]()

    def take(message: object) -> None:
        found.append(message)
        if len(found) == 1:
            server.stop()

    try:
        with pytest.raises(NotHeard):
            poll(box, take, MONDAY)
    finally:
        server.start()
    assert len(found) == 1
    poll(again(box), found.append, MONDAY)
    assert len(found) == 3


def test_a_mail_of_25_megabytes_comes_whole(server: Dovecot) -> None:
    large = mail("With a recording.") + b"A line of a very large mail, again and again.\r\n" * 550_000
    assert len(large) > 25_000_000
    put(server, large)
    found: list[bytes] = []
    poll(mailbox(server), lambda message: found.append(message.raw), MONDAY)
    assert found == [large.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")]


def test_what_slipped_through_is_found_in_every_folder(server: Dovecot) -> None:
    box = mailbox(server, more_folders=["Moved"])
    put(server, mail("Seen."))
    look_into(box, MONDAY)
    put(server, mail("Slipped through."))
    put(server, mail("And here."), folder="Moved")
    with Session(box) as session:
        for name, place in (("INBOX", Mailbox.objects), ("Moved", MailFolder.objects.filter(name="Moved"))):
            session.open(name)
            place.update(last_uid=f"{session.validity}:{session.newest}")
    assert look_into(again(box), MONDAY) == 0
    found: list[object] = []
    assert compare(again(box), found.append, MONDAY) == 2
    assert Heartbeat.objects.exists()


# --- signing in by tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_mail_is_read_and_sent_with_a_token_by_whichever_way_the_server_has(
    house: TokenServer, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    monkeypatch.setenv("APP_SECRET", SECRET)
    monkeypatch.setattr(worker, "now", lambda: MONDAY)
    with (
        peer() as relay,
        dovecot(introspects=f"{house.at}/introspect", relay=relay.port, mechanisms=f"plain {mechanism.lower()}"
        ) as server,
    ):  # fmt: skip
        box = with_token(
            mailbox(server, smtp_host="127.0.0.1", smtp_port=server.smtp, smtp_tls="none"), house
        )
        put(server, mail("It is down."))
        reads, sends = try_mailbox(box)
        assert (reads.well, sends.well) == (True, True), (reads, sends)
        assert f"with a token ({mechanism})" in reads.words
        assert f"with a token ({mechanism})" in sends.words
        assert look_into(box, MONDAY) == 1
        type(box.provider).objects.update(mail=Mail.LIVE)
        Outgoing.objects.filter(state="held").update(state="ready")
        counts = Outbox(lambda: MONDAY).run()
        assert (counts.sent, counts.not_reached) == (1, {})
        (taken,) = relay.taken
        assert taken.recipient == "ann@example.org"
        assert taken.sender.endswith("@opus.example")
    assert house.inspected[-1] in house.good


def test_a_token_that_the_mail_server_refuses_is_replaced_at_once(
    server: Dovecot, house: TokenServer
) -> None:
    box = with_token(mailbox(server, smtp_host="127.0.0.1", smtp_port=server.smtp, smtp_tls="none"), house)
    put(server, mail())
    house.good.clear()  # withdrawn, hours before its end
    assert look_into(box, MONDAY) == 1
    house.good.clear()
    with Session(box) as session:
        assert session.way == "XOAUTH2"


def test_a_token_for_somebody_else_is_refused_and_the_words_say_so(
    server: Dovecot, house: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = with_token(mailbox(server), house)
    monkeypatch.setattr(house, "user", "somebody.else@opus.example")
    look_into(box, MONDAY)
    assert "token was refused" in again(box).last_error


def test_a_refused_token_sends_nothing_and_says_so(server: Dovecot) -> None:
    line = Line(Server("127.0.0.1", server.smtp, "none", USER, token=lambda _anew: "bad"))
    with pytest.raises(NotReached, match="the token was refused"):
        line.open()


def test_a_server_that_takes_no_tokens_is_named(house: TokenServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_SECRET", SECRET)
    with dovecot(mechanisms="plain") as server:
        box = with_token(
            mailbox(server, smtp_host="127.0.0.1", smtp_port=server.smtp, smtp_tls="none"), house
        )
        for trial in try_mailbox(box):
            assert not trial.well
            assert "neither XOAUTH2 nor OAUTHBEARER" in trial.words


def test_a_mailbox_without_a_token_says_why_it_has_none(server: Dovecot, house: TokenServer) -> None:
    box = with_token(mailbox(server), house)
    MailGrant.objects.update(access_token="")
    house.fault = "unauthorized_client"
    try:
        look_into(box, MONDAY)
    finally:
        house.fault = ""
    assert "unauthorized_client" in again(box).last_error

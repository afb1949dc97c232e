"""Everything in a mailbox is taken in once, nothing in it is touched, and a broken line loses nothing (L17, L18, L22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from amends.desk import imap, worker
from amends.desk.imap import Fetched, NotHeard, compare, internal_date, poll
from amends.desk.models import CaseRow, Heartbeat, KeptMessage, Mailbox
from amends.desk.worker import look_into
from tests.desk.made import MONDAY, provider
from tests.desk.mailbox_server import Box, mailbox_server
from tests.desk.mails import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def box() -> Iterator[Box]:
    with mailbox_server(Box()) as served:
        yield served


def mailbox(box: Box, since: str = "2026-10-01", **more: object) -> Mailbox:
    return Mailbox.objects.create(
        **{
            "provider": provider(), "address": "complaints@opus.example", "imap_host": "127.0.0.1",
            "imap_port": box.port, "imap_tls": False, "imap_user": "complaints", "imap_password": "env:BOX_PASSWORD",
            "last_uid": f"since:{since}", **more,
        }
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_PASSWORD", "secret")


def gather(at: Mailbox) -> list[Fetched]:
    found: list[Fetched] = []
    poll(at, found.append, MONDAY)
    return found


@pytest.mark.parametrize("date_first", [True, False])
def test_each_message_comes_once_with_its_bytes_and_the_servers_own_date(box: Box, date_first: bool) -> None:
    box.date_first = date_first
    raw = mail("It is down.") + b"\x00\xff)\r\n* 1 FETCH (UID 9)\r\n"
    box.put(raw, MONDAY)
    at = mailbox(box)
    (first,) = gather(at)
    assert (first.uid, first.received, first.raw) == (1, MONDAY, raw)
    assert gather(at) == []
    box.put(mail(), MONDAY)
    assert [m.uid for m in gather(at)] == [2]
    at.refresh_from_db()
    assert at.last_uid == "7:2"


def test_nothing_in_the_mailbox_is_marked_moved_or_deleted(box: Box) -> None:
    box.put(mail(), MONDAY)
    gather(mailbox(box))
    words = {command.split()[0] for command in box.commands}
    assert words <= {"CAPABILITY", "LOGIN", "EXAMINE", "LIST", "UID", "LOGOUT"}
    assert all("PEEK" in command for command in box.commands if command.startswith("UID FETCH"))


def test_an_old_mailbox_does_not_become_a_thousand_new_complaints(box: Box) -> None:
    box.put(mail("Years ago."), MONDAY - timedelta(days=900))
    box.put(mail("Last month."), MONDAY - timedelta(days=20))
    assert [m.uid for m in gather(mailbox(box))] == [2]


def test_an_empty_mailbox_is_remembered_and_its_next_message_comes(box: Box) -> None:
    at = mailbox(box)
    assert gather(at) == []
    box.put(mail(), MONDAY)
    assert len(gather(at)) == 1


def test_a_line_that_breaks_loses_nothing_and_repeats_nothing(box: Box) -> None:
    for _ in range(3):
        box.put(mail(), MONDAY)
    box.dies_at = 2
    at = mailbox(box)
    found: list[Fetched] = []
    with pytest.raises(NotHeard):
        poll(at, found.append, MONDAY)
    at.refresh_from_db()
    assert [m.uid for m in found] == [1]
    box.dies_at = 0
    assert [m.uid for m in gather(at)] == [2, 3]


def test_a_message_that_cannot_be_kept_is_fetched_again(box: Box) -> None:
    box.put(mail(), MONDAY)
    at = mailbox(box)

    def full(_message: Fetched) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        poll(at, full, MONDAY)
    at.refresh_from_db()
    assert len(gather(at)) == 1


def test_a_server_that_numbers_anew_gives_nothing_twice_to_a_case(box: Box) -> None:
    raw = mail()
    box.put(raw, MONDAY)
    at = mailbox(box)
    look_into(at, MONDAY)
    box.validity, box.messages = 8, {}
    box.put(raw, MONDAY)
    box.put(mail("New."), MONDAY)
    look_into(at, MONDAY)
    assert CaseRow.objects.count() == 2
    assert sorted(KeptMessage.objects.values_list("state", flat=True)) == ["duplicate", "filed", "filed"]


def test_what_slipped_through_is_found_by_comparing(box: Box) -> None:
    box.put(mail(), MONDAY)
    at = mailbox(box)
    look_into(at, MONDAY)
    slipped = box.put(mail("I was below the last number."), MONDAY)
    Mailbox.objects.update(last_uid=f"7:{slipped}")
    found: list[Fetched] = []
    assert compare(at, found.append, MONDAY) == 1
    assert found[0].uid == slipped


def test_a_wrong_password_is_an_error_of_the_mailbox_that_clears_when_it_is_right(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = mailbox(box)
    monkeypatch.setenv("BOX_PASSWORD", "wrong")
    assert look_into(at, MONDAY) == 0
    at.refresh_from_db()
    assert "127.0.0.1" in at.last_error
    monkeypatch.setenv("BOX_PASSWORD", "secret")
    look_into(at, MONDAY)
    at.refresh_from_db()
    assert at.last_error == ""


def test_a_password_that_is_not_there_is_an_error_of_the_mailbox(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOX_PASSWORD")
    with pytest.raises(NotHeard, match="env:BOX_PASSWORD"):
        gather(mailbox(box))


def test_mail_that_was_fetched_counts_from_the_servers_record(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "now", lambda: MONDAY + timedelta(days=3))
    box.put(mail(date=MONDAY - timedelta(days=50)), MONDAY)
    assert look_into(mailbox(box), MONDAY + timedelta(days=3)) == 1
    assert CaseRow.objects.get().first_received == MONDAY


def test_of_two_workers_one_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [MONDAY]
    monkeypatch.setattr(worker, "now", lambda: moment[0])
    assert worker._turn("poll 1", timedelta(minutes=1))
    assert not worker._turn("poll 1", timedelta(minutes=1))
    moment[0] += timedelta(minutes=1)
    assert worker._turn("poll 1", timedelta(minutes=1))
    assert Heartbeat.objects.get(name="poll 1").at == moment[0]


@pytest.mark.parametrize(
    ("said", "means"),
    [
        (" 2-Nov-2026 09:00:00 +0000", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
    ],
)
def test_a_servers_date_is_read(said: str, means: datetime) -> None:
    assert internal_date(said) == means


def test_a_servers_nonsense_is_no_date() -> None:
    with pytest.raises(NotHeard):
        internal_date("yesterday")


def test_a_folder_name_cannot_break_out_of_its_quotes(box: Box) -> None:
    gather(mailbox(box, imap_folder='Complaints "new" \\ 2026'))
    assert 'EXAMINE "Complaints \\"new\\" \\\\ 2026"' in box.commands


assert timedelta(days=2) <= imap.OVERLAP, "a poll that slept over a weekend must still look back far enough"

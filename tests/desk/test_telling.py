"""Alarms leave the house: once each and daily while they stand, together, by real servers, without anybody's words."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from amends.desk import alarms, telling
from amends.desk.digest import NAMED, due
from amends.desk.models import Alarm, AlarmTold, AlarmWay, By, Heartbeat, Mail, Mailbox, Provider
from amends.desk.telling import tell
from amends.desk.ticker import tick
from amends.desk.watch import watch
from tests.desk.hook import Hook, hook
from tests.desk.made import MONDAY, case, days, london, provider
from tests.desk.peer import Peer, peer

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SECRET = "sixteen characters and more"
TO = "it@it.example"

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Provider:
    return provider(mail=Mail.OFF, scheme="cisas")


def raised(at: Provider | None, about: str, now: datetime = MONDAY, kind: str = "letter in doubt") -> Alarm:
    words = f"{about}: ann@example.org said that the line broke"
    made = alarms.alarm(kind, about, words, "A letter in doubt", now, at.pk if at else None)
    alarms.raise_all([made])
    return Alarm.objects.get(key=made.key)


def by_mail(at: Provider, server: Peer) -> AlarmWay:
    Mailbox.objects.create(
        provider=at, address=f"complaints@{at.pk}.example", from_name="Larkfield", smtp_host="127.0.0.1",
        smtp_port=server.port, smtp_tls="none", created=MONDAY, last_heard=MONDAY,
    )  # fmt: skip
    return AlarmWay.objects.create(provider=at, by=By.MAIL, target=TO, created=MONDAY)


def by_hook(at: Provider, heard: Hook, monkeypatch: pytest.MonkeyPatch) -> AlarmWay:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    return AlarmWay.objects.create(
        provider=at, by=By.WEBHOOK, target=f"http://127.0.0.1:{heard.port}/hook", secret="env:HOOK_SECRET", created=MONDAY,
    )  # fmt: skip


@pytest.fixture
def server() -> Iterator[Peer]:
    with peer() as listening:
        yield listening


# --- when ---------------------------------------------------------------------------------------------------


def test_an_alarm_is_told_once_and_again_each_day_while_it_stands(at: Provider, server: Peer) -> None:
    by_mail(at, server)
    assert tell(MONDAY) == 0, "nothing stands, nothing is said"
    raised(at, "one")
    assert tell(MONDAY) == 1
    for hours in range(1, 24):
        assert tell(MONDAY + hours * HOUR) == 0
    assert tell(MONDAY + days(1)) == 1
    assert tell(MONDAY + days(1) + 23 * HOUR) == 0
    assert tell(MONDAY + days(2)) == 1
    alarms.clear("letter in doubt", ["one"], MONDAY + days(2) + HOUR)
    assert tell(MONDAY + days(3)) == 0
    assert len(server.taken) == 3
    assert "They still stand" in str(server.taken[1].mail.get_content())


def test_many_at_once_are_one_digest_and_what_follows_waits_for_the_next(at: Provider, server: Peer) -> None:
    by_mail(at, server)
    for n in range(40):
        raised(at, f"letter {n}")
    assert tell(MONDAY) == 1
    for minutes in range(1, 15):
        raised(at, f"later {minutes}", MONDAY + minutes * MINUTE)
        assert tell(MONDAY + minutes * MINUTE) == 0
    assert tell(MONDAY + 15 * MINUTE) == 1
    first, second = (str(taken.mail.get_content()) for taken in server.taken)
    assert first.count("A letter in doubt") == 1
    assert f"{40 - NAMED} more" in first
    assert "40 more alarms told in the last day." in second
    assert "14 alarms at" in server.taken[1].mail["Subject"]


def test_those_told_at_different_hours_come_together_from_the_second_day_on(
    at: Provider, server: Peer
) -> None:
    by_mail(at, server)
    for hour in range(6):
        raised(at, f"letter {hour}", MONDAY + hour * HOUR)
        assert tell(MONDAY + hour * HOUR) == 1
    assert [tell(MONDAY + days(1) + hour * HOUR) for hour in range(24)] == [1] + [0] * 23


def test_one_that_comes_and_goes_is_told_again_only_after_an_hour(at: Provider, server: Peer) -> None:
    by_mail(at, server)
    for minute in range(0, 60, 5):
        now = MONDAY + minute * MINUTE
        raised(at, "one", now)
        tell(now)
        alarms.clear("letter in doubt", ["one"], now + MINUTE)
    assert len(server.taken) == 1
    raised(at, "one", MONDAY + HOUR)
    assert tell(MONDAY + HOUR) == 1


def test_alarms_of_the_whole_desk_go_to_everybody_and_a_providers_to_its_own(
    at: Provider, server: Peer
) -> None:
    by_mail(at, server)
    other = provider("opus", scheme="cisas")
    raised(other, "theirs")
    assert tell(MONDAY) == 0
    raised(None, "ticker", kind="worker asleep")
    assert tell(MONDAY) == 1
    words = str(server.taken[0].mail.get_content())
    assert "ticker" in words
    assert "theirs" not in words


def test_of_two_workers_one_tells(at: Provider, server: Peer) -> None:
    way = by_mail(at, server)
    raised(at, "one")
    digest = due(way, MONDAY)
    assert digest is not None
    AlarmWay.objects.filter(pk=way.pk).update(not_before=MONDAY + telling.LEASE)  # the other one has it
    assert not telling._tell(way, MONDAY)
    assert tell(MONDAY + telling.LEASE) == 1, "and gives it back when it dies"
    assert len(server.taken) == 1


# --- mail ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mail", [Mail.OFF, Mail.FOLDER, Mail.LIVE])
def test_it_leaves_whatever_becomes_of_customers_mail_and_is_no_letter_of_a_case(
    at: Provider, server: Peer, mail: Mail
) -> None:
    Provider.objects.update(mail=mail)
    by_mail(at, server)
    raised(at, "larkfield/LB-0000-0000/reply/1")
    assert tell(MONDAY) == 1
    (taken,) = server.taken
    assert (taken.sender, taken.recipient) == ("complaints@larkfield.example", TO)
    assert taken.mail["Reply-To"] == TO, "an answer must not become a complaint"
    assert taken.mail["Auto-Submitted"] == "auto-generated"
    assert taken.mail["From"] == "Larkfield <complaints@larkfield.example>"
    words = str(taken.mail.get_content())
    assert "larkfield/LB-0000-0000/reply/1" in words
    assert "since Monday 2 November 2026, 9 am" in words
    assert "on the page Alarms of the desk (AMENDS_SITE gives a link)" in words
    assert "http" not in words, "no link leads to a guess"


def test_it_gives_the_address_of_the_alarms_where_somebody_said_it(
    at: Provider, server: Peer, settings: Settings
) -> None:
    settings.SITE_SAID, settings.DESK_SITE = True, "https://desk.larkfield.example"
    by_mail(at, server)
    raised(at, "larkfield/LB-0000-0000/reply/1")
    assert tell(MONDAY) == 1
    assert "https://desk.larkfield.example/desk/larkfield/alarms" in str(server.taken[0].mail.get_content())


def test_nobodys_words_leave_the_house(at: Provider, server: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    by_mail(at, server)
    with hook() as heard:
        by_hook(at, heard, monkeypatch)
        raised(at, "larkfield/LB-0000-0000/reply/1")
        assert tell(MONDAY) == 2
    for content in (server.taken[0].content, heard.calls[0].body):
        assert b"ann@" not in content
        assert b"line broke" not in content


def test_a_mail_that_goes_again_is_the_same_mail(at: Provider) -> None:
    with peer(breaks="at the end") as server:
        way = by_mail(at, server)
        raised(at, "one")
        assert tell(MONDAY) == 0
        way.refresh_from_db()
        assert way.tries == 1
        server.breaks = ""
        assert tell(MONDAY + MINUTE) == 1
    first, second = (taken.mail["Message-ID"] for taken in server.taken)
    assert first == second


def test_without_a_mailbox_that_sends_it_says_so(at: Provider) -> None:
    AlarmWay.objects.create(provider=at, by=By.MAIL, target=TO, created=MONDAY)
    raised(at, "one")
    assert tell(MONDAY) == 0
    assert "amends mail set" in AlarmWay.objects.get().last_error


# --- webhook -------------------------------------------------------------------------------------------------


def test_a_webhook_gets_signed_json(at: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as heard:
        by_hook(at, heard, monkeypatch)
        raised(at, "larkfield/LB-0000-0000/reply/1")
        assert tell(MONDAY) == 1
    (came,) = heard.calls
    assert (came.method, came.path) == ("POST", "/hook")
    said = json.loads(came.body)
    assert said["provider"] == "larkfield"
    assert said["again"] == []
    (item,) = said["new"]
    assert item == {
        "kind": "letter in doubt", "about": "larkfield/LB-0000-0000/reply/1", "provider": "larkfield",
        "runbook": "A letter in doubt", "raised": "2026-11-02T09:00:00+00:00",
    }  # fmt: skip
    stamp, seal = (part.partition("=")[2] for part in came.headers["Amends-Signature"].split(","))
    assert int(stamp) == int(MONDAY.timestamp())
    assert seal == hmac.new(SECRET.encode(), f"{stamp}.".encode() + came.body, "sha256").hexdigest()
    assert came.headers["Amends-Delivery"] == said["id"]


def test_a_webhook_that_fails_is_tried_again_with_back_off_and_is_an_alarm_after_half_an_hour(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook(status=503) as heard:
        way = by_hook(at, heard, monkeypatch)
        raised(at, "one")
        tried = [minute for minute in range(121) if _calls(heard, MONDAY + minute * MINUTE)]
        assert tried == [0, 1, 3, 7, 15, 31, 63]
        way.refresh_from_db()
        assert (way.last_error, way.failing_since) == ("it answered 503", MONDAY)
        ids = {call.headers["Amends-Delivery"] for call in heard.calls}
        assert len(ids) == 1, "one digest, whoever asks"
        watch(MONDAY + 29 * MINUTE)
        assert not Alarm.objects.filter(kind="alarms untold").exists()
        watch(MONDAY + 30 * MINUTE)
        untold = Alarm.objects.get(kind="alarms untold")
        assert "by webhook" in untold.text
        heard.status = 204
        assert tell(MONDAY + 123 * MINUTE) == 1
        way.refresh_from_db()
        assert (way.tries, way.last_error, way.failing_since) == (0, "", None)
        watch(MONDAY + 124 * MINUTE)
        assert Alarm.objects.get(kind="alarms untold").cleared


def _calls(heard: Hook, now: datetime) -> bool:
    before = len(heard.calls)
    tell(now)
    return len(heard.calls) > before


def test_a_fault_of_ours_on_one_way_keeps_no_other_from_telling(
    at: Provider, server: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as heard:
        by_hook(at, heard, monkeypatch)
        by_mail(at, server)
        raised(at, "one")
        monkeypatch.setattr(telling, "signature", lambda *_: 1 / 0)
        assert tell(MONDAY) == 1
    assert len(server.taken) == 1
    assert AlarmWay.objects.get(by=By.WEBHOOK).last_error == "a fault of ours: ZeroDivisionError"


def test_a_secret_that_is_not_there_is_told_and_nothing_leaves_unsigned(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as heard:
        by_hook(at, heard, monkeypatch)
        monkeypatch.delenv("HOOK_SECRET")
        raised(at, "one")
        assert tell(MONDAY) == 0
    assert heard.calls == []
    assert "HOOK_SECRET is not set" in AlarmWay.objects.get().last_error


def test_a_played_clock_calls_nobody_elsewhere(at: Provider, settings: Any) -> None:
    settings.MANUAL_CLOCK = True
    AlarmWay.objects.create(provider=at, by=By.PING, target="https://ping.example.net/x", created=MONDAY)
    Heartbeat.objects.create(name="ticker", at=MONDAY)
    assert tell(MONDAY) == 0
    assert "AMENDS_CLOCK=manual" in AlarmWay.objects.get().last_error


# --- ping ----------------------------------------------------------------------------------------------------


def test_a_ping_comes_while_the_desk_lives_and_stops_when_its_ticker_does(
    at: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as heard:
        monkeypatch.setenv("PING", f"http://127.0.0.1:{heard.port}/uuid")
        AlarmWay.objects.create(provider=at, by=By.PING, target="env:PING", created=MONDAY)
        assert tell(MONDAY) == 0, "no ticker has ever lived here"
        for minute in range(20):
            tick(MONDAY + minute * MINUTE)
        assert [(call.method, call.path) for call in heard.calls] == [("GET", "/uuid")] * 4
        for minute in range(20, 60):
            tell(MONDAY + minute * MINUTE)
        assert len(heard.calls) == 5, "a thread that lives on alone falls silent within five minutes"
        Heartbeat.objects.update(at=MONDAY + HOUR)
        assert tell(MONDAY + HOUR, ping=False) == 0, (
            "whoever looks from outside does not pretend to be the worker"
        )
        assert tell(MONDAY + HOUR) == 1


# --- about to break --------------------------------------------------------------------------------------------


def test_what_is_about_to_break_is_told_as_early_as_the_provider_wants(at: Provider) -> None:
    row = case(at)
    assert row.next_due is not None
    eve = row.next_due - 4 * HOUR
    watch(eve)
    assert not Alarm.objects.filter(kind="promises soon").exists(), "nobody asked to be warned"
    Provider.objects.update(warn_before_hours=4)
    watch(eve - MINUTE)
    assert not Alarm.objects.filter(kind="promises soon").exists()
    watch(eve)
    soon = Alarm.objects.get(kind="promises soon", cleared=None)
    assert soon.text.startswith("1 case has something due by ")
    assert row.reference in soon.text
    watch(row.next_due)
    assert not Alarm.objects.filter(kind="promises soon", cleared=None).exists()


def test_each_day_warns_of_its_own(at: Provider, server: Peer) -> None:
    by_mail(at, server)
    Provider.objects.update(warn_before_hours=240)
    case(at)
    for day in range(2):
        now = london(f"2026-11-0{2 + day} 09:05")
        watch(now)
        assert tell(now) == 1
    assert [AlarmTold.objects.filter(alarm__kind="promises soon").count(), len(server.taken)] == [2, 2]

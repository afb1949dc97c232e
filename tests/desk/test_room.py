"""Promises of how much strangers may leave here: a flood fills no disk, a crowd gets through, everybody has a way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db.models import Sum
from pytest_django import Settings

from amends.desk import alarms, copying, room
from amends.desk.models import Alarm, BegunComplaint, BegunFile, CaseRow, Upload
from amends.desk.runbook import sections_of_runbook
from tests.desk.office import NOON, Office, clock
from tests.desk.test_portal import COMPLAINT, ONE_PAGE, complain, followed
from tests.desk.test_uploads import PDF, file
from tests.desk.visitor import Page, Visitor

MB = PDF + b"0" * (1024 * 1024 - len(PDF) - 1)


def sends(office: Office, jo: Visitor, number: int, content: bytes = MB) -> Page:
    """The page after somebody has put one file to a complaint that they have begun."""
    page = jo.get(office.portal("complain/files"))
    return jo.press(page, "Go on", enclosed=[file(f"{number}.pdf", content + bytes([number]))])


def at_network(address: str) -> Visitor:
    found = Visitor()
    found.client.defaults["REMOTE_ADDR"] = address
    return found


def kept() -> int:
    return BegunFile.objects.aggregate(all=Sum("size"))["all"] or 0


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three megabytes of files for a network, five for all."""
    monkeypatch.setattr(room, "FILES_OF_A_NETWORK", 3 * 1024)
    monkeypatch.setattr(room, "FILES_OF_ALL", 5 * 1024)


def begin(office: Office, networks: Iterable[str]) -> list[Page]:
    return [sends(office, at_network(each), number) for number, each in enumerate(networks)]


def test_a_flood_from_one_network_fills_no_disk_whatever_browser_it_says_it_is(
    office: Office, little: None
) -> None:
    pages = begin(office, ["198.51.100.7"] * 9)
    assert [page.status for page in pages] == [200] * 3 + [422] * 6
    assert pages[-1].mistakes == [str(room.NO_FILES)]
    assert kept() < 4 * 1024 * 1024
    assert sends(office, at_network("198.51.100.8"), 20).status == 200, "nobody else is kept out"


def test_whoever_presses_on_without_a_file_leaves_no_row(office: Office) -> None:
    for _ in range(3):
        jo = Visitor()
        page = jo.press(jo.get(office.portal("complain/files")), "Go on")
        assert page.h1 == "What is your name?"
    assert not BegunComplaint.objects.exists()


def test_one_household_is_one_network_however_many_addresses_it_has(office: Office, little: None) -> None:
    pages = begin(office, [f"2001:db8:1:2::{n}" for n in range(1, 6)])
    assert [page.status for page in pages] == [200] * 3 + [422] * 2


def test_many_networks_fill_it_no_more_than_all_may_and_somebody_is_told(
    office: Office, little: None
) -> None:
    pages = begin(office, [f"198.51.100.{n}" for n in range(1, 9)])
    assert [page.status for page in pages] == [200] * 5 + [422] * 3
    alarm = Alarm.objects.get(provider=office.provider, kind=room.ALARM)
    assert "without files" in alarm.text
    assert alarm.runbook in {section.heading for section in sections_of_runbook()}


@pytest.mark.parametrize("kind", [room.ALARM, copying.ALARM])
def test_what_is_over_by_itself_is_cleared_by_whoever_has_seen_to_it(office: Office, kind: str) -> None:
    alarms.raise_all([alarms.alarm(kind, office.slug, "Very much.", room.RUNBOOK, NOON, office.slug)])
    ada = office.visitor("manager")
    ada.press(ada.get(office.at("alarms")), "It is dealt with")
    assert Alarm.objects.get(kind=kind).cleared


def test_whoever_may_send_no_file_sends_the_complaint_without_one(office: Office, little: None) -> None:
    begin(office, ["127.0.0.1"] * 3)
    jo = Visitor()
    page = jo.get(office.portal(ONE_PAGE))
    page = jo.press(page, "Send my complaint", **COMPLAINT, enclosed=[file("a.pdf", MB)])
    assert (page.status, page.mistakes) == (422, [str(room.NO_FILES)])
    assert jo.press(page, "Send my complaint").h1 == "Thank you. We have your complaint"
    assert not Upload.objects.exists()


def test_a_case_that_is_open_is_no_way_around_it(office: Office, little: None) -> None:
    jo, page = followed(office)
    for number in range(5):
        page = jo.press(
            page, "Send the message", words=f"Look {number}", enclosed=[file("a.pdf", MB + bytes([number]))]
        )
    assert page.mistakes == [str(room.NO_FILES)]
    assert Upload.objects.count() == 3
    assert "Look 4" in jo.press(page, "Send the message", words="Look 4").main


def test_a_day_later_there_is_room_again(office: Office, little: None, settings: Settings) -> None:
    assert begin(office, ["127.0.0.1"] * 4)[-1].status == 422
    clock(settings, NOON + timedelta(days=1, minutes=1))
    assert sends(office, Visitor(), 9).status == 200


def test_whoever_cannot_be_kept_is_led_to_the_page_that_keeps_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "WORDS_OF_A_NETWORK", 4)
    for number in range(9):
        jo = Visitor()
        page = jo.press(jo.get(office.portal("complain/what")), "Go on", words=f"My line is dead {number}.")
    assert (page.status, page.mistakes) == (422, [str(room.NO_WORDS)])
    assert "My line is dead 8." in page.doc.xpath("//textarea")[0].text
    assert BegunComplaint.objects.count() == 2
    assert office.portal(ONE_PAGE) in page.links
    before = CaseRow.objects.count()
    complain(office, jo)
    assert CaseRow.objects.count() == before + 1


def test_a_crowd_behind_one_address_gets_through(office: Office) -> None:
    pages = [sends(office, at_network("198.51.100.7"), number) for number in range(40)]
    assert {page.status for page in pages} == {200}
    people_with_photos = 5 * 1024
    assert people_with_photos * 100 < room.FILES_OF_A_NETWORK

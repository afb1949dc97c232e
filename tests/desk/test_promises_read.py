"""Promises of what can be read and reached: the page, its hours, its files, the chat, each on its provider's own code."""

from __future__ import annotations

import json

import pytest
from pytest_django import Settings

from amends.core.duties import Action
from amends.desk import rules
from amends.desk.models import CodeComment
from amends.desk.people import person_id
from amends.desk.rules import NewRule
from amends.desk.ticker import tick
from tests.desk.made import london
from tests.desk.mails import mail, take
from tests.desk.office import NOON, Office, clock
from tests.desk.test_promises import folded, newest, of, owed
from tests.desk.visitor import Visitor

pytestmark = pytest.mark.django_db


def front(at: Office, settings: Settings, moment: str) -> list[str]:
    """What stands beside each way of reaching the provider at this London time: open, closed or nothing."""
    clock(settings, london(moment))
    return [" ".join(dd.text_content().split()) for dd in Visitor().get(at.portal()).within("about", "dd")]


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("netfuse", "For small businesses and larger businesses."),
        ("netservers", "For customers at home and small businesses."),
    ],
    indirect=["at"],
)
def test_a_code_says_whom_it_is_for_on_its_page_and_in_its_files(at: Office, says: str) -> None:
    """N-scope, S-scope."""
    page = Visitor().get(at.portal("code"))
    assert says in page.main
    (file,) = [link for link in page.links if link.endswith(".json")]
    kinds = json.loads(Visitor().get(file).content)["serves"]
    assert kinds == (
        ["small-business", "larger-business"] if at.slug == "netfuse" else ["residential", "small-business"]
    )


@of("netfuse")
def test_support_is_reached_in_its_hours_on_working_days(at: Office, settings: Settings) -> None:
    """N-contact: by phone, email, post and website; on Mondays to Fridays from half past nine to half past five."""
    words = " ".join(front(at, settings, "2026-11-03 09:30"))
    for way in ("020 3322 5050", "support@netfuse.org", "www.netfuse.net", "1 Sydney Street"):
        assert way in words
    assert "Open now" in words
    for shut in ("2026-11-03 17:31", "2026-11-04 09:29", "2026-11-07 11:59"):
        assert "Open now" not in " ".join(front(at, settings, shut)), shut
    assert "Opens Monday 9 November, 9:30 am" in " ".join(front(at, settings, "2026-11-07 12:00"))


@of("netservers")
def test_saturday_has_hours_of_its_own_and_sunday_has_none(at: Office, settings: Settings) -> None:
    """S-contact: to six on weekdays, ten to four on Saturdays; what comes outside goes to whoever is on call."""
    page = Visitor().get(at.portal("code"))
    assert "Saturday from 10:00 to 16:00" in page.main
    on_call = person_id(at.people["handler"])
    rules.add(at.provider, NewRule(people=(on_call,), hours="out"), by="7", now=NOON)
    for moment, outside in (
        ("2026-11-06 17:59", False), ("2026-11-06 18:01", True), ("2026-11-07 09:59", True), ("2026-11-07 10:01", False),
        ("2026-11-07 15:59", False), ("2026-11-07 16:01", True), ("2026-11-08 12:00", True),
    ):  # fmt: skip
        clock(settings, london(moment))
        take(
            at.provider,
            mail(f"It is {moment}.", sender=f"bo@{moment[8:10]}{moment[11:13]}.example"),
            london(moment),
        )
        assert (newest().handler == on_call) is outside, moment


@of("opus")
def test_phone_and_fax_keep_office_hours_and_bank_holidays(at: Office, settings: Settings) -> None:
    """O-contact: half past eight to half past five, and never on Christmas Day, a Friday."""
    words = " ".join(front(at, settings, "2026-11-03 08:30"))
    for way in ("020 8545 8200", "020 8545 8215", "customerservice@opus-telecoms.co.uk", "50 Windsor Avenue"):
        assert way in words
    assert words.count("Open now") >= 2, "phone and fax"
    assert "Open now" not in " ".join(front(at, settings, "2026-11-03 17:31"))
    words = " ".join(front(at, settings, "2026-12-25 10:00"))
    assert "Open now" not in words
    assert "Opens Tuesday 29 December, 8:30 am" in words, (
        "the 28th is a bank holiday in the place of the 26th"
    )


@of("opus")
def test_the_people_to_turn_to_stand_on_the_page_as_cases_go_through_them(at: Office) -> None:
    """O-escalation-path: the page is made from the stages, and a case that climbs goes where it says."""
    role = "Customer Service Manager or Head of Professional Services"
    page = Visitor().get(at.portal("code"))
    assert role in page.main
    at.give_to("handler")
    at.do("escalate", "Escalate", channel="phone", why="she asks for it")
    assert folded(at.row).stage_role == role


@of("opus")
def test_the_chat_opens_and_closes_with_the_office(at: Office, settings: Settings) -> None:
    """O-webchat: on Friday to half past five, then not before Monday."""
    for moment, open_ in (
        ("2026-11-06 17:29", True), ("2026-11-06 17:30", False), ("2026-11-07 12:00", False),
        ("2026-11-09 08:29", False), ("2026-11-09 08:30", True),
    ):  # fmt: skip
        clock(settings, london(moment))
        agent = at.visitor("agent")
        board = agent.get(at.at("chats"))
        if "You are away" in board.main or "I am here for chats" in board.main:
            agent.press(board, "I am here for chats")
        page = Visitor().get(at.portal("chat"))
        assert (page.h1 == "Chat with us") is open_, (moment, page.main)


@of("opus")
def test_what_is_written_in_the_chat_goes_to_the_team_at_once_and_the_team_makes_contact(
    at: Office, settings: Settings
) -> None:
    """O-webchat-forward: nobody answers the chat; it is a case by itself, a reply is owed, and writing it settles that."""
    agent = at.visitor("agent")
    agent.press(agent.get(at.at("chats")), "I am here for chats")
    jo = Visitor()
    jo.press(
        jo.get(at.portal("chat")),
        "Start the chat",
        words="My line crackles.",
        name="Jo",
        email="jo@example.com",
    )
    assert "Somebody waits in the chat" in at.visitor("manager").get(at.at()).main
    for minutes in (5, 10, 15):
        now = NOON.replace(minute=minutes)
        clock(settings, now)
        jo.client.get(at.portal("chat/news"))
        tick(now)
    row = newest()
    assert row.customer_email == "jo@example.com"
    assert [c.channel for c in folded(row).contacts if c.inbound] == ["webchat"]
    assert owed(row, "O-webchat-forward") == [Action.REPLY]
    handler = at.visitor("handler")
    page = handler.get(at.at(f"cases/{row.reference}/call"))
    handler.press(page, "Log the call", purpose="reply", reached="yes", words="We changed her filter.")
    assert owed(row, "O-webchat-forward") == []


@of("opus")
def test_a_reader_says_what_a_later_edition_should_change(at: Office) -> None:
    """O-review: it waits by its clause for whoever reviews the code, and what was decided stands beside it."""
    reader = Visitor()
    reader.press(
        reader.get(at.portal("comment")),
        "Send my comment",
        words="Say when the chat is open.",
        clause="O-webchat",
    )
    kept = CodeComment.objects.get()
    assert kept.clause == "O-webchat"
    officer = at.visitor("compliance")
    assert "Say when the chat is open." in officer.get(at.at("provider/comments")).main
    page = officer.get(at.at(f"provider/comments/{kept.pk}"))
    officer.press(page, "Mark as considered", decision="The hours go in.")
    assert "The hours go in." in officer.get(at.at("provider/comments?state=considered")).main


@of("infinity")
def test_the_code_is_downloaded_as_it_stands_in_its_dated_version(at: Office) -> None:
    """I-download, I-version: every file that the page offers comes, and names the version that it is."""
    page = Visitor().get(at.portal("code"))
    assert "Version: February 2016" in page.main
    base = at.portal("code") + "/"
    files = [link for link in page.links if link.startswith(base) and "." in link.rsplit("/", 1)[1]]
    assert {link.rsplit(".", 1)[1] for link in files} >= {"pdf", "txt", "json"}
    for link in files:
        answer = Visitor().client.get(link)
        assert answer.status_code == 200, link
        assert "february-2016" in answer.headers["Content-Disposition"]
    for text in (link for link in files if link.endswith((".txt", ".json"))):
        assert b"February 2016" in Visitor().get(text).content, text


@pytest.mark.parametrize(
    ("at", "title", "says"),
    [
        ("focus-group", "Customer Complaints Code", "Complaints have a code of their own"),
        ("infinity", "Code of Practice", "This complaints code is a part of our Code of Practice."),
    ],
    indirect=["at"],
)
def test_a_code_names_the_other_that_it_belongs_with(at: Office, title: str, says: str) -> None:
    """F-complaints-code, I-part-of-code: on its page under other documents, and in its data."""
    page = Visitor().get(at.portal("code"))
    assert "Other documents" in page.main
    assert says in page.main
    (file,) = [link for link in page.links if link.endswith(".json")]
    assert title in Visitor().get(file).content.decode()

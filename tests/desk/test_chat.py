"""Promises of the chat: open in its hours, every line kept, nothing lost when a browser or a server goes away."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from amends.core import facts as f
from amends.core.calendar import LONDON
from amends.desk import chat_filing, chats, ledger
from amends.desk.access import make_link
from amends.desk.actions import Actor
from amends.desk.chat_door import AWAY_AFTER, WAITING_AT_MOST
from amends.desk.chats import A_MINUTE, Came
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.houses import access_code
from amends.desk.models import (
    Alarm,
    CaseRow,
    Chat,
    ChatLine,
    ChatPresence,
    Mail,
    Outgoing,
    RoleName,
    Writer,
)
from amends.desk.opened import read
from amends.desk.people import person_id
from amends.desk.ticker import tick
from amends.desk.views.chats import BEGINS
from amends.desk.views.here import WORK
from amends.desk.views.portal.chat import BEGUN
from amends.desk.watch import CHAT_WAITS_AT_MOST, watch
from tests.desk.made import CODES, closed, london, person, provider
from tests.desk.office import NOON, Office, clock
from tests.desk.plans import steps
from tests.desk.test_portal import followed
from tests.desk.visitor import Page, Visitor

ANN = {"words": "My line drops each evening.", "name": "Ann Archer", "email": "ann.archer@example.com"}
BEN = {"words": "Where is my router?", "name": "Ben Bell", "email": ""}


class Desk:
    """An office whose agent is there for chats, and the clock in hand."""

    def __init__(self, office: Office, settings: Settings) -> None:
        self.office, self.settings, self.now = office, settings, NOON
        self.amy = office.visitor("agent")
        self.come(self.amy)

    def later(self, **by: float) -> datetime:
        """The clock some time later, each agent's browser having given its signs meanwhile."""
        self.now += timedelta(**by)
        clock(self.settings, self.now)
        ChatPresence.objects.filter(here=True).update(seen=self.now)
        if timedelta(**by) > timedelta(minutes=30):
            self.amy = self.office.visitor("agent")  # whoever opens nothing for an hour is signed out
        return self.now

    def board(self, who: Visitor | None = None) -> Page:
        """The page of the chats."""
        return (who or self.amy).get(self.office.at("chats"))

    def come(self, who: Visitor) -> Page:
        """The page after somebody said that they are there."""
        return who.press(self.board(who), "I am here for chats")

    def begin(self, said: dict[str, str], visitor: Visitor | None = None) -> Visitor:
        """A customer who has begun a chat."""
        visitor = visitor or Visitor()
        page = visitor.press(visitor.get(self.office.portal("chat")), "Start the chat", **said)
        assert page.h1 == "Our chat", page.main
        return visitor

    def chat(self, name: str) -> Chat:
        """The chat of this customer as it stands."""
        return Chat.objects.get(name=name)

    def press(self, what: str, name: str, who: Visitor | None = None, **filled: str) -> Page:
        """The page after a deed on one chat: the button of `what` in the one form of the page."""
        who, chat = who or self.amy, self.chat(name)
        page = self.board(who)
        form = page.doc.xpath("//form[@data-board]")[0]
        buttons = [b.get("value") for b in form.xpath(".//button")]
        assert f"{what}:{chat.pk}" in buttons, (what, buttons)
        said: dict[str, Any] = dict(form.form_values())
        said |= {f"{box}-{chat.pk}": words for box, words in filled.items()}
        return who.send("POST", page.address, {**said, "do": f"{what}:{chat.pk}"})

    def end(self, name: str, who: Visitor | None = None, **filled: str) -> Page:
        """The page after an agent has ended a chat."""
        visitor = who or self.amy
        page = visitor.get(self.office.at(f"chats/{self.chat(name).pk}/end"))
        return visitor.press(page, "End the chat", **{"complaint": "yes", **filled})


@pytest.fixture
def desk(office: Office, settings: Settings) -> Desk:
    return Desk(office, settings)


def write(customer: Visitor, desk: Desk, words: str) -> Page:
    """The page after a customer has written one line."""
    return customer.press(customer.get(desk.office.portal("chat")), "Send", words=words)


def facts_of(row: CaseRow) -> list[f.Fact]:
    return ledger.load([row.pk])[row.pk]


def contact_of(chat: Chat) -> f.ContactReceived:
    """The contact that a chat has become."""
    assert chat.case is not None
    found = [x for x in facts_of(chat.case) if isinstance(x, f.ContactReceived) and x.contact == chat.contact]
    assert len(found) == 1
    return found[0]


# --- open and shut ------------------------------------------------------------------------------------------


def test_the_chat_is_open_in_its_hours_while_somebody_is_there(desk: Desk) -> None:
    jo, at = Visitor(), desk.office.portal("chat")
    assert "Open now until 8 pm" in jo.get(desk.office.portal()).main
    assert jo.get(at).h1 == "Chat with us"
    desk.amy.press(desk.board(), "I go away")
    assert "Nobody is free to chat" in jo.get(at).main
    desk.come(desk.amy)
    assert jo.get(at).h1 == "Chat with us"
    desk.later(hours=7, minutes=59)
    assert jo.get(at).h1 == "Chat with us"
    desk.later(minutes=1)
    page = jo.get(at)
    assert "The chat is closed now. It opens Tuesday 3 November, 8 am" in page.main
    assert "Closed now. Opens Tuesday 3 November, 8 am" in jo.get(desk.office.portal()).main


def test_an_agent_whose_browser_went_away_keeps_no_chat_open(desk: Desk, settings: Settings) -> None:
    clock(settings, NOON + AWAY_AFTER + timedelta(seconds=1))
    jo = Visitor()
    assert "Nobody is free to chat" in jo.get(desk.office.portal("chat")).main
    page = desk.board()
    assert "You are away" in page.main, "an empty chair is not filled by a browser that wakes up"
    assert "Nobody is free to chat" in jo.get(desk.office.portal("chat")).main


def test_a_message_takes_the_place_of_a_closed_chat_and_opens_a_case(desk: Desk) -> None:
    desk.later(hours=8)
    jo = Visitor()
    page = jo.press(
        jo.get(desk.office.portal("chat")), "Send my message", words="No line.", name="Jo", prefers="email",
        email="jo@example.com",
    )  # fmt: skip
    assert page.h1.startswith("Thank you")
    case = read(CaseRow.objects.get(customer_email="jo@example.com")).case
    assert [c.channel for c in case.contacts] == ["form"]


def test_words_typed_as_the_chat_closes_stand_in_the_message_form(desk: Desk) -> None:
    jo = Visitor()
    page = jo.get(desk.office.portal("chat"))
    desk.later(hours=8)
    page = jo.press(page, "Start the chat", **ANN)
    assert page.h1 == "Leave us a message"
    assert page.doc.xpath("//textarea[@name='words']")[0].text.strip() == ANN["words"]
    assert not Chat.objects.exists()


def test_a_code_without_a_chat_offers_none(office: Office) -> None:
    without = [p.stem for p in CODES.glob("*.yaml") if "webchat" not in p.read_text(encoding="utf-8")]
    at = provider(without[0])
    assert at != office.provider
    jo = Visitor()
    assert jo.get(f"/portal/{at.pk}/chat").address == f"/portal/{at.pk}/complain"
    assert f"/portal/{at.pk}/chat" not in jo.get(f"/portal/{at.pk}/").links


def test_the_recording_notice_stands_before_the_first_word(settings: Settings, office: Office) -> None:
    """S-recording: wherever calls and chats are offered."""
    there = provider("netservers", mail=Mail(office.provider.mail))
    agent = person(there, RoleName.AGENT, "agent of netservers")
    nia = Visitor().signed_in(agent)
    nia.press(nia.get(f"/desk/{there.pk}/chats"), "I am here for chats")
    jo = Visitor()
    page = jo.get(f"/portal/{there.pk}/chat")
    notice = "Chats with our support and sales teams may be monitored or recorded."
    assert notice in page.main
    assert page.main.index(notice) < page.main.index("What can we help you with?")
    page = jo.press(page, "Start the chat", **BEN)
    first, second = page.within("chat-lines", "li")
    assert notice in first.text_content()
    assert BEN["words"] in second.text_content()
    front = jo.get(f"/portal/{there.pk}/").main
    assert notice in front
    assert "Calls to our support and sales teams may be monitored or recorded." in front


# --- two customers and one agent ----------------------------------------------------------------------------


def test_the_board_shows_how_the_first_words_of_whoever_waits_begin(desk: Desk) -> None:
    """ "Ann Archer, three minutes": nobody could see that her alarm line was dead before they had taken the chat."""
    ann = desk.begin(ANN | {"words": "<b>The alarm</b> of my mother\n\nis dead.\u202e " + "She is 90. " * 40})
    for n in range(3):
        ann.press(ann.get(desk.office.portal("chat")), "Send", words=f"Hello? {n}")
    desk.begin(BEN)
    line, bens = desk.board().within("begins")
    assert line.text_content().startswith("They wrote: <b>The alarm</b> of my mother is dead. She is 90.")
    assert not line.xpath(".//b"), "hostile words are only words"
    assert "\u202e" not in line.text_content()
    assert len(line.text_content().removeprefix("They wrote: ")) <= BEGINS
    assert line.text_content().endswith("…")
    assert bens.text_content() == "They wrote: Where is my router?"
    assert "Hello?" not in desk.board().main
    assert line.xpath("string(ancestor::section/@aria-labelledby)") == "waiting-title"
    for role in ("auditor", "compliance", "administrator"):
        page = desk.office.visitor(role).get(desk.office.at("chats"))
        assert (page.status == 200) == (RoleName(role) in WORK), role
        assert ("The alarm" in page.words) is (RoleName(role) in WORK), role
    desk.press("take", "Ann Archer")
    [bens] = desk.board(desk.office.visitor("handler")).within("begins")
    assert "router" in bens.text_content(), "what a colleague holds is not told"


def test_one_agent_holds_two_chats_and_each_customer_sees_their_own(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.later(minutes=3)
    ben = desk.begin(BEN)
    page = desk.board()
    waiting = [
        " ".join(li.text_content().split()) for li in page.doc.xpath("//section[@data-part='waiting']//li")
    ]
    assert [("Ann" in w, "Ben" in w) for w in waiting] == [(True, False), (False, True)]
    assert "3 minutes ago" in waiting[0]
    assert "since 12 noon" in waiting[0] or "since 12 pm" in waiting[0] or "since midday" in waiting[0], (
        waiting[0]
    )
    assert "Somebody waits in the chat" in desk.office.visitor("manager").get(desk.office.at()).main
    desk.press("take", "Ann Archer")
    page = desk.press("take", "Ben Bell", words="")
    assert "Somebody waits in the chat" not in desk.amy.get(desk.office.at()).main
    assert len(page.within("one-chat")) == 2
    page = desk.press("send", "Ann Archer", words="Good afternoon, Ann.")
    assert "Good afternoon, Ann." in page.within("one-chat")[0].text_content()
    assert "Good afternoon, Ann." in ann.get(desk.office.portal("chat")).main
    bens = ben.get(desk.office.portal("chat")).main
    assert "Ann" not in bens
    assert "Agent is with you" in bens
    write(ben, desk, "Ordered in October.")
    assert "Ordered in October." in desk.board().within("one-chat")[1].text_content()
    assert "Ordered in October." not in desk.board().within("one-chat")[0].text_content()


def test_what_is_half_typed_in_one_chat_survives_what_is_done_in_another(desk: Desk) -> None:
    desk.begin(ANN)
    desk.begin(BEN)
    desk.press("take", "Ann Archer")
    desk.press("take", "Ben Bell")
    ann, ben = desk.chat("Ann Archer").pk, desk.chat("Ben Bell").pk
    page = desk.board()
    form = page.doc.xpath("//form[@data-board]")[0]
    said = dict(form.form_values()) | {
        f"words-{ann}": "I am looking at you",
        f"words-{ben}": "Your router left.",
    }
    page = desk.amy.send("POST", page.address, {**said, "do": f"send:{ben}"})
    boxes = {b.get("name"): (b.text or "").strip() for b in page.doc.xpath("//textarea")}
    assert boxes == {f"words-{ann}": "I am looking at you", f"words-{ben}": ""}
    elsewhere = desk.office.visitor("agent")  # another browser of the same person
    assert "I am looking at you" in desk.board(elsewhere).main


def test_a_chat_becomes_a_contact_received_with_its_first_words(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.later(minutes=2)
    desk.press("take", "Ann Archer")
    desk.press("send", "Ann Archer", words="I have reset your line.")
    desk.later(minutes=5)
    write(ann, desk, "It works.")
    desk.later(minutes=1)
    page = desk.end("Ann Archer", answered="on")
    chat = desk.chat("Ann Archer")
    assert chat.case is not None
    assert page.address == desk.office.at(f"cases/{chat.case.reference}")
    contact = contact_of(chat)
    assert contact.channel == "webchat"
    assert contact.at == contact.received == NOON
    assert contact.logged == desk.now
    assert contact.words.splitlines() == [
        "Monday 2 November 2026",
        "12:00 Ann Archer (customer): My line drops each evening.",
        "12:02 Larkfield Broadband: Agent is here now.",
        "12:02 Agent (Larkfield Broadband): I have reset your line.",
        "12:07 Ann Archer (customer): It works.",
    ]
    case = read(chat.case).case
    assert case.complaint is True
    assert case.first_received == NOON
    made = [c for c in case.contacts if not c.inbound]
    assert [(c.channel, c.purpose, c.at) for c in made] == [("webchat", "reply", NOON + timedelta(minutes=2))]
    seen = ann.get(desk.office.portal("chat"))
    assert seen.h1 == "The chat is over"
    assert chat.case.reference in seen.main
    sent = Outgoing.objects.get(case=chat.case, letter="chat-transcript")
    assert sent.to == "ann.archer@example.com"
    assert chat.case.reference in sent.text
    assert "I have reset your line." in sent.text
    page = ann.press(seen, "See your complaint")
    assert page.h1 == "Your complaint"
    assert verify().whole


def test_was_it_a_complaint_is_answered_before_a_chat_ends(desk: Desk) -> None:
    desk.begin(ANN)
    desk.press("take", "Ann Archer")
    page = desk.end("Ann Archer", complaint="")
    assert "Say whether it was a complaint." in page.mistakes
    page = desk.end("Ann Archer", complaint="no")
    assert any("Write why" in m for m in page.mistakes)
    assert desk.chat("Ann Archer").case is None
    desk.end(
        "Ann Archer",
        complaint="no",
        why_not="They asked for our address.",
        ends="settled",
        settled_words="Thanks!",
    )
    case = desk.chat("Ann Archer").case
    assert case is not None
    assert case.complaint is False
    assert case.state == "closed"


def test_a_chat_that_was_ended_twice_is_one_contact(desk: Desk) -> None:
    desk.begin(ANN)
    desk.press("take", "Ann Archer")
    page = desk.amy.get(desk.office.at(f"chats/{desk.chat('Ann Archer').pk}/end"))
    first = desk.amy.press(page, "End the chat", complaint="yes")
    again = desk.amy.press(page, "End the chat", complaint="yes")
    assert first.address == again.address
    assert CaseRow.objects.filter(customer_email=ANN["email"]).count() == 1


# --- taking, handing, going away ----------------------------------------------------------------------------


def test_nobody_takes_a_chat_from_a_colleague_who_is_there(desk: Desk) -> None:
    hana = desk.office.visitor("handler")
    desk.come(hana)
    desk.begin(ANN)
    desk.press("take", "Ann Archer")
    chat = desk.chat("Ann Archer").pk
    token = {"csrfmiddlewaretoken": hana.client.cookies["csrftoken"].value}
    page = hana.send("POST", desk.office.at("chats"), {**token, "do": f"take:{chat}"})
    assert "Agent holds this chat" in page.main
    said = {**token, "do": f"send:{chat}", f"words-{chat}": "Hello"}
    page = hana.send("POST", desk.office.at("chats"), said)
    assert "A colleague holds this chat now" in page.main
    page = hana.get(desk.office.at(f"chats/{chat}/end"))
    page = hana.press(page, "End the chat", complaint="yes")
    assert any("Agent holds this chat" in m for m in page.mistakes)
    assert desk.chat("Ann Archer").person == person_id(desk.office.people["agent"])


def test_a_chat_is_handed_to_a_colleague_who_is_there(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    assert "Hand it to a colleague" not in desk.board().main, "nobody else is there"
    hana = desk.office.visitor("handler")
    desk.come(hana)
    to = person_id(desk.office.people["handler"])
    page = desk.press("hand", "Ann Archer", to=to)
    assert "You hold no chat" in page.main
    assert "Agent has handed you to Handler." in ann.get(desk.office.portal("chat")).main
    page = desk.press("send", "Ann Archer", hana, words="I am Hana.")
    assert "I am Hana." in page.main
    page = desk.press("hand", "Ann Archer", hana, to=person_id(desk.office.people["auditor"]))
    assert "is not there for chats" in page.main


def test_when_the_agents_browser_goes_away_a_colleague_goes_on(desk: Desk, settings: Settings) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.press("send", "Ann Archer", words="One moment.")
    later = NOON + AWAY_AFTER + timedelta(seconds=30)
    clock(settings, later)
    hana = desk.office.visitor("handler")
    page = desk.come(hana)
    assert "Agent is away" in page.main
    page = desk.press("take", "Ann Archer", hana)
    assert "One moment." in page.main, "she reads what was written before"
    desk.press("send", "Ann Archer", hana, words="I go on here.")
    assert "I go on here." in ann.get(desk.office.portal("chat")).main


# --- nothing is lost ----------------------------------------------------------------------------------------


def test_a_customer_comes_back_after_a_reload_and_a_new_server_knows_all(desk: Desk) -> None:
    ann = desk.begin(ANN)
    back = Visitor()  # nothing but its cookies: no page, no connection, no handler of before
    back.client.cookies["chat"] = ann.client.cookies["chat"].value
    assert ANN["words"] in back.get(desk.office.portal("chat")).main
    write(back, desk, "Are you there?")
    assert "Are you there?" in ann.get(desk.office.portal("chat")).main


def test_a_line_that_a_browser_sends_twice_is_one_line(desk: Desk) -> None:
    ann = desk.begin(ANN)
    page = ann.get(desk.office.portal("chat"))
    ann.press(page, "Send", words="Twice?")
    ann.press(page, "Send", words="Twice?")
    assert ChatLine.objects.filter(words="Twice?").count() == 1
    desk.press("take", "Ann Archer")
    chat = desk.chat("Ann Archer").pk
    page = desk.board()
    said = dict(page.doc.xpath("//form[@data-board]")[0].form_values()) | {f"words-{chat}": "Once."}
    for _ in range(2):
        page = desk.amy.send("POST", page.address, {**said, "do": f"send:{chat}"})
    assert ChatLine.objects.filter(words="Once.").count() == 1
    assert desk.chat("Ann Archer").draft == ""


def test_looking_for_new_words_keeps_what_is_typed(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    page = ann.get(desk.office.portal("chat"))
    desk.press("send", "Ann Archer", words="Which evenings?")
    page = ann.press(page, "Look for new words", words="Mostly on")
    assert "Which evenings?" in page.main
    assert page.doc.xpath("//textarea")[0].text.strip() == "Mostly on"


def test_a_chat_that_nobody_answers_becomes_a_complaint_by_itself(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.later(minutes=6)
    watch(desk.now)
    assert Alarm.objects.filter(kind="chats wait", cleared__isnull=True).count() == 1
    assert CHAT_WAITS_AT_MOST < chat_filing.UNANSWERED_AFTER
    ann.client.get(desk.office.portal("chat/news"))
    desk.later(minutes=8, seconds=59)
    assert tick(desk.now).chats == 0
    desk.later(seconds=1)
    assert tick(desk.now).chats == 1
    chat = desk.chat("Ann Archer")
    assert contact_of(chat).at == NOON
    assert chat.case is not None
    case = read(chat.case).case
    assert case.complaint is None, "undecided is a duty"
    assert {x.letter for x in case.letters} == {"acknowledgement"}, (
        "a stranger's words alone are mailed to nobody"
    )
    assert chat.case.reference in ann.get(desk.office.portal("chat")).main
    assert tick(desk.now).chats == 0
    watch(desk.now)
    assert not Alarm.objects.filter(kind="chats wait", cleared__isnull=True).exists()


def test_a_chat_whose_agent_vanished_for_good_is_filed_with_all_its_words(
    desk: Desk, settings: Settings
) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.press("send", "Ann Archer", words="Which evenings?")
    write(ann, desk, "All of them.")
    clock(settings, NOON + timedelta(minutes=15))
    assert tick(NOON + timedelta(minutes=15)).chats == 1
    assert "All of them." in contact_of(desk.chat("Ann Archer")).words


def test_a_chat_whose_customer_went_away_is_filed_after_a_while(desk: Desk) -> None:
    desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.press("send", "Ann Archer", words="Are you there?")
    desk.later(minutes=9)
    assert tick(desk.now).chats == 0
    desk.later(minutes=1)
    assert tick(desk.now).chats == 1
    assert desk.chat("Ann Archer").ended_why == "gone"
    assert "You hold no chat" in desk.board().main


def test_a_chat_in_which_both_are_there_and_nobody_writes_ends_after_half_an_hour(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.press("send", "Ann Archer", words="Please restart it.")
    desk.later(minutes=29)
    ann.client.get(desk.office.portal("chat/news"))
    assert tick(desk.now).chats == 0
    desk.later(minutes=1)
    assert tick(desk.now).chats == 1
    assert desk.chat("Ann Archer").ended_why == "silent"


def test_one_chat_that_cannot_be_filed_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.begin(ANN)
    desk.begin(BEN)
    poison, real = desk.chat("Ann Archer").pk, chat_filing.file

    def failing(chat: int, *rest: Any) -> Any:
        if chat == poison:
            raise ValueError("broken")
        return real(chat, *rest)

    monkeypatch.setattr(chat_filing, "file", failing)
    desk.later(minutes=15)
    assert tick(desk.now).chats == 1
    assert desk.chat("Ben Bell").over
    assert Alarm.objects.filter(kind=chat_filing.FAULT, cleared__isnull=True).count() == 1
    monkeypatch.undo()
    assert tick(desk.now).chats == 1
    assert not Alarm.objects.filter(kind=chat_filing.FAULT, cleared__isnull=True).exists()


def test_closing_time_ends_no_chat_and_begins_none(desk: Desk) -> None:
    desk.later(hours=7, minutes=55)
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.later(minutes=10)
    assert Visitor().get(desk.office.portal("chat")).h1 == "Leave us a message"
    page = write(ann, desk, "Still here.")
    assert page.h1 == "Our chat"
    page = desk.press("send", "Ann Archer", words="So am I.")
    assert "Finish what has begun" in page.main
    assert "So am I." in ann.get(desk.office.portal("chat")).main
    desk.end("Ann Archer")
    assert contact_of(desk.chat("Ann Archer")).words.count("So am I.") == 1


def test_a_customer_ends_a_chat_themselves(desk: Desk) -> None:
    ann = desk.begin(ANN)
    page = ann.press(ann.get(desk.office.portal("chat")), "End the chat")
    assert page.h1 == "The chat is over"
    assert desk.chat("Ann Archer").case is not None, "nobody held it: it is filed at once"
    ann.press(page, "Begin another chat")
    ben = desk.begin(BEN, ann)
    desk.press("take", "Ben Bell")
    page = ben.press(ben.get(desk.office.portal("chat")), "End the chat")
    assert "You have ended this chat" in page.main
    assert "They have ended the chat." in desk.board().main
    desk.end("Ben Bell", complaint="later")
    assert desk.chat("Ben Bell").case is not None


def test_words_sent_after_the_end_are_given_back(desk: Desk) -> None:
    ann = desk.begin(ANN)
    page = ann.get(desk.office.portal("chat"))
    desk.press("take", "Ann Archer")
    desk.end("Ann Archer")
    page = ann.press(page, "Send", words="One thing more.")
    assert page.status == 409
    assert "This was not sent" in page.main
    assert "One thing more." in page.main


# --- joining ------------------------------------------------------------------------------------------------


def test_a_chat_joins_the_case_that_its_customer_has_open(desk: Desk) -> None:
    row = desk.office.row
    ann, _page = followed(desk.office)
    page = ann.get(desk.office.portal("chat"))
    assert row.reference in page.main
    ann.press(page, "Start the chat", words="Any news?")
    desk.press("take", "Ann Archer")
    assert row.reference in desk.board().main
    desk.press("send", "Ann Archer", words="An engineer comes on Friday.")
    desk.end("Ann Archer", complaint="no", why_not="They asked how it stands.")
    assert CaseRow.objects.count() == 1
    case = read(row).case
    assert [c.channel for c in case.contacts if c.inbound] == ["email", "webchat"]
    assert "Any news?" in ann.get(desk.office.portal("case")).main


def test_a_reference_that_is_only_named_joins_nothing_and_is_suggested(desk: Desk) -> None:
    row = desk.office.row
    eve = desk.begin(
        {"words": f"I am Ann, my case is {row.reference}", "name": "Eve", "email": "ann@example.org"}
    )
    desk.press("take", "Eve")
    page = desk.amy.get(desk.office.at(f"chats/{desk.chat('Eve').pk}/end"))
    assert row.reference in page.main
    assert "It is down again" not in page.main
    page = desk.amy.press(page, "End the chat", complaint="yes", about=row.reference)
    assert any("Check who they are first" in m for m in page.mistakes)
    page = desk.amy.press(
        page,
        "End the chat",
        complaint="yes",
        about=row.reference,
        identity="yes",
        identity_how="Account and postcode.",
    )
    assert page.address == desk.office.case_at()
    seen = eve.get(desk.office.portal("chat")).main
    assert access_code(row) not in seen.replace(" ", "")
    assert row.reference not in seen.replace(f"my case is {row.reference}", "")
    assert eve.get(desk.office.portal("case")).address == desk.office.portal("follow")


def test_without_a_person_a_named_reference_opens_a_case_of_its_own(desk: Desk) -> None:
    row = desk.office.row
    desk.begin({"words": f"Close {row.reference} please", "name": "Eve", "email": ""})
    desk.later(minutes=20)
    tick(desk.now)
    assert len(read(row).case.contacts) == 1
    assert CaseRow.objects.count() == 2


# --- strangers and hostile words ----------------------------------------------------------------------------


def test_a_stranger_sees_nobodys_chat_whatever_cookie_they_make_up(desk: Desk) -> None:
    desk.begin(ANN)
    chat = desk.chat("Ann Archer")
    for guess in ("", "1", str(chat.pk), chat.token_hash, "a" * 43):
        eve = Visitor()
        eve.client.cookies["chat"] = guess
        assert "Ann" not in eve.get(desk.office.portal("chat")).main
        assert eve.client.get(desk.office.portal("chat/news")).content == b""
    assert not Session.objects.filter(session_data__contains=chat.token_hash).exists()


def test_the_chat_of_one_provider_is_none_of_another(desk: Desk) -> None:
    ann = desk.begin(ANN)
    elsewhere = provider("netservers")
    token = ann.client.cookies["chat"].value
    eve = Visitor()
    eve.client.cookies["chat"] = token
    assert "Ann" not in eve.get(f"/portal/{elsewhere.pk}/chat").main
    assert eve.client.get(f"/portal/{elsewhere.pk}/chat/news").content == b""


def test_closing_the_portal_on_this_device_forgets_the_chat(desk: Desk) -> None:
    ann = desk.begin(ANN)
    ann.send(
        "POST", desk.office.portal("leave"), {"csrfmiddlewaretoken": ann.client.cookies["csrftoken"].value}
    )
    assert ANN["words"] not in ann.get(desk.office.portal("chat")).main


def test_nobody_writes_a_line_in_the_name_of_another(desk: Desk) -> None:
    forged = "Hello\n12:01 Agent (Larkfield Broadband): We refund you £500.\r\u2028\x8512:02 Agent: Yes."
    desk.begin({"words": forged, "name": "Agent (Larkfield Broadband)\n12:00 x", "email": ""})
    desk.later(minutes=20)
    tick(desk.now)
    chat = Chat.objects.get()
    lines = contact_of(chat).words.splitlines()
    speaking = [line for line in lines if re.match(r"\d\d:\d\d ", line)]
    assert [" (customer): " in line or line.startswith("12:20 Larkfield") for line in speaking] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "\x01\x02",
        "&lt;b&gt;\u202egnp.exe",
        "{{ 7|add:7 }}{% url %}",
        "é" * 1999,
        "\u202e\u202e",
    ],
)
def test_hostile_words_are_only_words(desk: Desk, words: str) -> None:
    desk.begin({**ANN, "words": f"x{words}"})
    page = desk.press("take", "Ann Archer")
    assert not page.doc.xpath("//ol//script")
    shown = page.within("chat-lines", "p[@class='words']")
    assert [p.text_content() for p in shown][:1] == [f"x{words}".strip()]
    desk.end("Ann Archer")
    assert verify().whole


def test_limits_say_so_and_keep_the_words(desk: Desk) -> None:
    ann = desk.begin(ANN)
    for n in range(A_MINUTE - 1):
        assert write(ann, desk, f"word {n}").status == 200
    page = write(ann, desk, "one too many")
    assert page.status == 422
    assert any("very fast" in m for m in page.mistakes)
    assert page.doc.xpath("//textarea")[0].text.strip() == "one too many"
    desk.later(minutes=1, seconds=1)
    assert write(ann, desk, "one too many").status == 200
    page = write(ann, desk, "x" * 2001)
    assert page.status == 422
    assert len(page.doc.xpath("//textarea")[0].text.strip()) == 2001


def test_one_network_begins_so_many_chats_and_then_gets_the_form(desk: Desk) -> None:
    for n in range(BEGUN):
        desk.begin({**ANN, "name": f"No {n}"})
    eve = Visitor()
    page = eve.press(eve.get(desk.office.portal("chat")), "Start the chat", **ANN)
    assert page.h1 == "Leave us a message"
    assert page.doc.xpath("//textarea[@name='words']")[0].text.strip() == ANN["words"]
    assert Chat.objects.count() == BEGUN


def test_when_too_many_wait_the_next_gets_the_form(desk: Desk) -> None:
    for n in range(WAITING_AT_MOST):
        chats.begin(desk.office.provider, Came(f"No {n}"), "Hello", "", NOON)
    assert "Too many people want to chat" in Visitor().get(desk.office.portal("chat")).main


# --- what it costs, and what is left ------------------------------------------------------------------------


def test_a_customers_look_is_one_question_by_an_index(desk: Desk, settings: Settings) -> None:
    ann = desk.begin(ANN)
    settings.MANUAL_CLOCK = False  # the real clock asks nobody
    Chat.objects.update(customer_seen=datetime.now(LONDON))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert ann.client.get(desk.office.portal("chat/news")).content
    assert len(asked) == 1, [q["sql"] for q in asked]
    if connection.vendor == "sqlite":
        plan = " ".join(steps(asked[0]["sql"]))
        assert "token_hash" in plan
        assert "SCAN" not in plan


def test_the_console_asks_no_more_for_many_chats_than_for_one(desk: Desk) -> None:
    counts = []
    for many in (1, 9):
        for n in range(many):
            made, _ = chats.begin(desk.office.provider, Came(f"No {many}/{n}"), "Hello", "", NOON)
            assert chats.take(made.pk, _amy(desk), NOON) is None
        with CaptureQueriesContext(connection) as asked:
            desk.board()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _amy(desk: Desk) -> Actor:
    return Actor(person_id(desk.office.people["agent"]), "Agent", "agent")


def test_the_version_changes_with_every_line_and_with_nothing_else(desk: Desk) -> None:
    ann = desk.begin(ANN)

    def news(who: Visitor, path: str) -> bytes:
        return bytes(who.client.get(path).content)

    mine, theirs = desk.office.portal("chat/news"), desk.office.at("chats/news")
    before = news(ann, mine), news(desk.amy, theirs)
    assert (news(ann, mine), news(desk.amy, theirs)) == before
    write(ann, desk, "More.")
    after = news(ann, mine), news(desk.amy, theirs)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_the_small_page_tells_of_new_words_and_can_be_stopped(desk: Desk) -> None:
    ann = desk.begin(ANN)
    bell = ann.get(desk.office.portal("chat")).doc.xpath("//noscript//iframe/@src")[0]
    answer = ann.client.get(bell)
    assert answer.headers["Refresh"] == "10"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Nothing new yet" in answer.content.decode()
    desk.press("take", "Ann Archer")
    assert "There is something new" in ann.client.get(bell).content.decode()
    assert "Refresh" not in ann.client.get(f"{bell}&still=yes").headers


def test_erasing_a_case_erases_its_chats(desk: Desk) -> None:
    ann = desk.begin(ANN)
    desk.press("take", "Ann Archer")
    desk.end("Ann Archer")
    chat = desk.chat("Ann Archer")
    assert chat.case is not None
    row = closed(chat.case, desk.now)
    Outgoing.objects.filter(case=row).update(state="sent")
    erased = erase_private(row, why="asked", by="7", now=desk.now)
    assert isinstance(erased, Erased), erased
    assert not ChatLine.objects.filter(chat=chat).exclude(words="").exists()
    assert not Chat.objects.filter(name="Ann Archer").exists()
    assert ANN["words"] not in ann.get(desk.office.portal("chat")).main
    assert verify().whole


def test_a_party_who_opened_the_case_by_a_link_chats_as_themselves(desk: Desk) -> None:
    row = desk.office.row
    token = make_link(row, "ann@example.org", now=desk.now)
    ann = Visitor()
    ann.press(ann.get(desk.office.portal(f"link/{token}")), "")
    ann.press(ann.get(desk.office.portal("chat")), "Start the chat", words="It is me.")
    chat = Chat.objects.get()
    assert (chat.proved, chat.address) == (row, "ann@example.org")
    desk.later(minutes=20)
    tick(desk.now)
    chat.refresh_from_db()
    assert contact_of(chat).sender == "ann@example.org"
    assert london("2026-11-02 12:00") == contact_of(chat).at
    assert Writer.PERSON not in set(ChatLine.objects.values_list("writer", flat=True))

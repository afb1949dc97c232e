"""Promises of a complaint in small steps: one question a page, nothing lost, read over, sent once, seen by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.clocks import clocks
from amends.desk import begun, ledger, ticker, uploads
from amends.desk.models import BegunComplaint, BegunFile, CaseRow, FactRow, Outgoing, Upload
from amends.desk.opened import read
from tests.desk.made import provider
from tests.desk.office import NOON, Office, clock
from tests.desk.test_portal import COMPLAINT, ONE_PAGE
from tests.desk.test_uploads import PDF, PHOTO, file
from tests.desk.visitor import Page, Visitor

ANSWERS: dict[str, dict[str, Any]] = {
    "what": {"words": "My line has crackled for ten days."},
    "wish": {"wish": "Repair it."},
    "files": {},
    "name": {"name": "Jo Field"},
    "answer": {"prefers": "email"},
    "reach": {"email": "jo@example.com"},
    "format": {},
    "service": {"customer_kind": "small-business"},
    "data": {"about_data": "no"},
    "account": {"account": "A-77"},
}
"""What Jo answers to each question, in their order."""


def answer(office: Office, jo: Visitor, **other: dict[str, Any]) -> Page:
    """The page after Jo has answered every question in turn, some of them in another way."""
    page = jo.get(office.portal("complain"))
    assert office.portal("complain/what") in page.links
    page = jo.get(office.portal("complain/what"))
    for number, (step, said) in enumerate(ANSWERS.items(), 1):
        assert page.address == office.portal(f"complain/{step}"), page.mistakes
        assert f"Question {number} of {len(ANSWERS)}" in page.main
        page = jo.press(page, "Go on", **other.get(step, said))
    return page


def sent(office: Office, jo: Visitor, **other: dict[str, Any]) -> Page:
    """The page after it was sent."""
    return jo.press(answer(office, jo, **other), "Send my complaint")


def jos(office: Office) -> CaseRow:
    return CaseRow.objects.get(provider=office.provider, customer_name="Jo Field")


def test_a_complaint_is_made_one_question_a_page_read_over_and_sent(office: Office) -> None:
    jo = Visitor()
    page = answer(office, jo)
    assert page.h1 == "Read it over and send it"
    for words in (
        "My line has crackled",
        "Repair it.",
        "Jo Field",
        "By email",
        "jo@example.com",
        "up to 10",
        "A-77",
    ):
        assert words in page.main
    assert not CaseRow.objects.filter(customer_name="Jo Field").exists(), (
        "nothing is sent before the last press"
    )
    page = jo.press(page, "Send my complaint")
    row = jos(office)
    assert page.h1 == "Thank you. We have your complaint"
    assert row.reference in page.main
    assert "Monday 14 December" in page.main
    facts = ledger.load([row.pk])[row.pk]
    heard = next(x for x in facts if isinstance(x, f.ContactReceived))
    known = next(x for x in facts if isinstance(x, f.CustomerKnown))
    assert (heard.channel, heard.words) == (
        "form", "My line has crackled for ten days.\n\nWhat would put it right: Repair it."
    )  # fmt: skip
    assert (known.customer_kind, known.account, known.prefers) == ("small-business", "A-77", "email")
    assert Outgoing.objects.get(case=row, letter="acknowledgement").to == "jo@example.com"
    assert not BegunFile.objects.exists()
    assert BegunComplaint.objects.get().said == {}, "what was sent is kept on its case alone"


def test_a_question_that_needs_an_answer_says_so_and_the_answers_before_it_stay(office: Office) -> None:
    jo = Visitor()
    page = jo.press(jo.get(office.portal("complain/what")), "Go on", words="  ")
    assert (page.status, page.mistakes) == (422, ["Tell us what has gone wrong."])
    page = jo.press(page, "Go on", words="It crackles.")
    page = jo.get(office.portal("complain/reach"))
    page = jo.press(page, "Go on", email="not an address", phone="01632 960 111")
    assert page.status == 422
    assert page.doc.xpath("//input[@name='phone']/@value") == ["01632 960 111"], "what was typed stays"
    assert page.doc.xpath("//input[@name='email']/@value") == ["not an address"]
    assert "It crackles." in jo.get(office.portal("complain/what")).main


@pytest.mark.parametrize(("way", "box"), [("email", "email"), ("letter", "address"), ("phone", "phone")])
def test_the_way_that_was_chosen_stands_first_and_needs_its_address(
    office: Office, way: str, box: str
) -> None:
    jo = Visitor()
    page = jo.press(jo.get(office.portal("complain/answer")), "Go on", prefers=way)
    assert page.address == office.portal("complain/reach")
    boxes = page.doc.xpath("//main//input[@name and not(@type='hidden')]/@name | //main//textarea/@name")
    assert boxes[0] == box
    page = jo.press(page, "Go on")
    assert len(page.mistakes) == 1
    assert page.within("mistakes", "a")[0].get("href") == f"#id_{box}"


def test_whoever_comes_back_finds_their_answers_and_whoever_sends_too_early_the_question_that_lacks(
    office: Office,
) -> None:
    jo = Visitor()
    jo.press(jo.get(office.portal("complain/what")), "Go on", words="It crackles.")
    page = jo.get(office.portal("complain"))
    assert "You have begun a complaint on this device" in page.main
    assert office.portal("complain/wish") in page.links
    page = jo.get(office.portal("complain/check"))
    assert page.address == office.portal("complain/name") + "?then=check"


def test_an_answer_is_changed_from_where_it_is_read_over_and_back_again(office: Office) -> None:
    jo = Visitor()
    page = answer(office, jo)
    change = jo.get(office.portal("complain/wish?then=check"))
    assert office.portal("complain/check") in change.links
    page = jo.press(change, "Go on", wish="Fix it soon.")
    assert page.h1 == "Read it over and send it"
    assert "Fix it soon." in page.main
    page = jo.press(jo.get(office.portal("complain/answer?then=check")), "Go on", prefers="letter")
    assert page.address == office.portal("complain/reach") + "?then=check", "another way needs another box"
    page = jo.press(page, "Go on", address="1 Mill Lane\nLarkfield\nLK1 2AB")
    assert page.h1 == "Read it over and send it"
    assert "LK1 2AB" in page.main


def test_pressed_twice_and_in_two_windows_it_is_one_complaint(office: Office) -> None:
    jo = Visitor()
    page = answer(office, jo)
    other_window = jo.get(office.portal("complain/check"))
    before = dict(jo.client.cookies)
    first = jo.press(page, "Send my complaint")
    assert jo.press(other_window, "Send my complaint").main == first.main
    jo.client.cookies.clear()
    jo.client.cookies.update(before)
    assert jo.press(page, "Send my complaint").main == first.main, "the cookies of before the first answer"
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 1
    assert Upload.objects.count() == 0


def test_what_was_changed_in_another_window_is_read_before_it_is_sent(office: Office) -> None:
    jo = Visitor()
    page = answer(office, jo)
    jo.press(jo.get(office.portal("complain/wish?then=check")), "Go on", wish="Something else.")
    page = jo.press(page, "Send my complaint")
    assert page.h1 == "Read it over and send it"
    assert "Please read it over again" in page.main
    assert "Something else." in page.main
    assert not CaseRow.objects.filter(customer_name="Jo Field").exists()


def test_a_second_complaint_begins_anew_and_is_another_case(office: Office) -> None:
    jo = Visitor()
    sent(office, jo)
    page = jo.get(office.portal("complain"))
    assert "You have begun" not in page.main
    assert "crackled" not in jo.get(office.portal("complain/what")).main
    sent(office, jo, what={"words": "You also took too much."})
    assert CaseRow.objects.filter(customer_name="Jo Field").count() == 2


def test_nobody_else_sees_it_sends_it_or_is_let_into_its_case(office: Office, settings: Settings) -> None:
    jo, kim = Visitor(), Visitor()
    page = answer(office, jo)
    assert kim.get(office.portal("complain/check")).address == office.portal("complain")
    kim.get(office.portal("complain/what"))
    key = page.doc.xpath("//input[@name='which']/@value")[0]
    kim.press(kim.get(office.portal("complain/what")), "Go on", words="Other.")
    token = kim.client.cookies["csrftoken"].value
    taken = kim.send(
        "POST", office.portal("complain/check"), {"which": key, "turn": "9", "csrfmiddlewaretoken": token}
    )
    assert taken.address == office.portal("complain")
    jo.press(page, "Send my complaint")
    taken = kim.send(
        "POST", office.portal("complain/check"), {"which": key, "turn": "9", "csrfmiddlewaretoken": token}
    )
    assert taken.address == office.portal("complain")
    clock(settings, NOON + timedelta(minutes=61))
    assert jo.press(page, "Send my complaint").address == office.portal("complain"), "only within the hour"


def test_a_device_that_was_closed_shows_nothing_and_lets_nobody_in(office: Office) -> None:
    jo = Visitor()
    page = answer(office, jo)
    jo.press(page, "Send my complaint")
    jo.press(jo.get(office.portal("complain/what")), "Go on", words="Another one.")
    jo.press(jo.get(office.portal("case")), "Close on this device")
    assert "Another one." not in jo.get(office.portal("complain/what")).main
    assert jos(office).reference not in jo.press(page, "Send my complaint").words
    assert not BegunComplaint.objects.exists()


def test_it_is_thrown_away_at_a_press_and_by_itself_after_a_day(office: Office, settings: Settings) -> None:
    jo = Visitor()
    page = answer(office, jo, files={"enclosed": [file("bill.pdf", PDF)]})
    assert BegunFile.objects.count() == 1
    page = jo.press(page, "Stop, and throw away")
    assert "kept nothing" in page.words
    assert (BegunComplaint.objects.count(), BegunFile.objects.count()) == (0, 0)
    jo.press(jo.get(office.portal("complain/files")), "Go on", enclosed=[file("bill.pdf", PDF)])
    clock(settings, NOON + begun.LASTS)
    assert "begun a complaint" not in jo.get(office.portal("complain")).main, "too old, swept away or not"
    ticker.tick(NOON + begun.LASTS)
    assert (BegunComplaint.objects.count(), BegunFile.objects.count()) == (0, 0)


def test_an_answer_that_comes_after_a_day_is_kept_and_the_rest_is_asked_again(
    office: Office, settings: Settings
) -> None:
    jo = Visitor()
    jo.press(jo.get(office.portal("complain/what")), "Go on", words="It crackles.")
    page = jo.get(office.portal("complain/name"))
    clock(settings, NOON + begun.LASTS)
    jo.press(page, "Go on", name="Jo Field")
    assert jo.get(office.portal("complain/name")).doc.xpath("//input[@name='name']/@value") == ["Jo Field"]
    assert "It crackles." not in jo.get(office.portal("complain/what")).main
    assert jo.get(office.portal("complain/check")).address.startswith(office.portal("complain/what"))


def test_files_are_kept_as_they_come_taken_away_again_and_go_with_the_complaint(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal("complain/files"))
    assert str(uploads.LIMITS) in page.main, "limits are told before"
    jo.press(page, "Go on", enclosed=[file("bill.pdf", PDF), file("wrong.pdf", b"%PDF wrong")])
    page = jo.get(office.portal("complain/files"))
    assert "wrong.pdf" in page.main
    page = jo.press(page, "Take it away wrong.pdf")
    assert "wrong.pdf" not in page.main
    jo.press(page, "Go on", enclosed=[file("bill.pdf", PDF), file("meter.jpg", PHOTO)])
    page = sent(office, jo)
    row = jos(office)
    assert [(u.name, bytes(u.content or b"")) for u in Upload.objects.filter(case=row).order_by("pk")] == [
        ("bill.pdf", PDF), ("meter.jpg", PHOTO)
    ]  # fmt: skip
    assert "meter.jpg" in jo.get(office.portal("case")).main


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("virus.exe", b"MZ", "kind of file"), ("scan.pdf", b"MZ\x90", "is a program"), ("no.pdf", b"", "empty"),
     ("large.pdf", b"%PDF" + b"0" * uploads.LARGEST, "too large")],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_named_and_the_good_ones_stay(
    office: Office, name: str, content: bytes, why: str
) -> None:
    jo = Visitor()
    page = jo.get(office.portal("complain/files"))
    page = jo.press(page, "Go on", enclosed=[file(name, content), file("good.pdf", PDF)])
    assert page.status == 422
    assert any(why in m for m in page.mistakes), page.mistakes
    assert "good.pdf" in page.main
    assert [x.name for x in BegunFile.objects.all()] == ["good.pdf"]


def test_there_is_no_room_beyond_the_limits_however_often_one_comes(office: Office) -> None:
    jo = Visitor()
    page = jo.get(office.portal("complain/files"))
    for n in range(uploads.MOST):
        jo.press(page, "Go on", enclosed=[file(f"{n}.pdf", PDF + bytes([n]))])
    page = jo.press(page, "Go on", enclosed=[file("more.pdf", PDF + b"more")])
    assert any("more.pdf: there is no room" in m for m in page.mistakes)
    assert BegunFile.objects.count() == uploads.MOST
    BegunFile.objects.all().delete()
    half = b"%PDF" + b"0" * (uploads.TOGETHER // 2 - 10)
    for n in b"12":
        jo.press(page, "Go on", enclosed=[file("half.pdf", half[:-1] + bytes([n]))])
    page = jo.press(page, "Go on", enclosed=[file("third.pdf", half)])
    assert any("third.pdf" in m for m in page.mistakes)


def test_what_somebody_needs_is_kept_with_their_word_and_used_from_the_first_letter_on(
    office: Office,
) -> None:
    jo = Visitor()
    page = jo.press(jo.get(office.portal("complain/format")), "Go on", wanted="large print")
    assert page.mistakes == ["Tick this: we need your word to keep a note of it."]
    needs = {"wanted": "large print", "agree": "on", "help": "Call me in the evening."}
    page = answer(office, jo, format=needs)
    assert "Large print, 18 point" in page.main
    jo.press(page, "Send my complaint")
    row = jos(office)
    facts = ledger.load([row.pk])[row.pk]
    assert [x.format for x in facts if isinstance(x, f.FormatNeeded)] == ["large print"]
    heard = next(x for x in facts if isinstance(x, f.ContactReceived))
    assert heard.words.endswith("What would make it easier for me: Call me in the evening.")
    assert Outgoing.objects.get(case=row, letter="acknowledgement").format == "large print"


def test_on_one_page_the_same_needs_are_asked_for_and_kept(office: Office) -> None:
    jo = Visitor()
    page = jo.press(jo.get(office.portal(ONE_PAGE)), "Send my complaint", **COMPLAINT, wanted="Braille")
    assert page.mistakes == ["Tick this: we need your word to keep a note of it."]
    jo.press(page, "Send my complaint", agree="on", help="Call me in the evening.")
    row = CaseRow.objects.get(customer_email="jo@example.com")
    facts = ledger.load([row.pk])[row.pk]
    assert [x.format for x in facts if isinstance(x, f.FormatNeeded)] == ["Braille"]
    heard = next(x for x in facts if isinstance(x, f.ContactReceived))
    assert heard.words.endswith("What would make it easier for me: Call me in the evening.")
    assert Outgoing.objects.get(case=row, letter="acknowledgement").format == "Braille"


def test_a_page_from_before_the_question_was_asked_is_still_taken(office: Office) -> None:
    jo = Visitor()
    form, _button = jo.get(office.portal(ONE_PAGE)).form("Send my complaint")
    old = {n: v for n, v in {**dict(form.form_values()), **COMPLAINT}.items() if n not in {"wanted", "help"}}
    assert jo.send("POST", office.portal(ONE_PAGE), old).h1 == "Thank you. We have your complaint"


@pytest.mark.parametrize("words", ["\0", "💬" * 100, "<script>alert(1)</script>", "x" * 50_000, "\u202eevil"])
def test_whatever_is_typed_is_kept_or_answered_at_its_box(office: Office, words: str) -> None:
    jo = Visitor()
    page = jo.press(jo.get(office.portal("complain/what")), "Go on", words=words)
    assert page.status in (200, 422)
    assert b"<script>alert" not in page.content
    for step in ("name", "account", "reach", "wish", "format", "answer", "service"):
        form = jo.get(office.portal(f"complain/{step}"))
        boxes = form.doc.xpath("//main//input[not(@type='hidden')]/@name | //main//textarea/@name")
        page = jo.press(form, "Go on", **dict.fromkeys(boxes, words))
        assert page.status in (200, 422)
    assert b"<script>alert" not in jo.get(office.portal("complain/check")).content


@pytest.mark.parametrize(
    ("which", "turn"), [("", ""), ("x" * 9000, "1"), ("\0", "١"), ("a", "99999999999999")]
)
def test_a_forged_last_page_sends_nothing(office: Office, which: str, turn: str) -> None:
    jo = Visitor()
    page = answer(office, jo)
    jo.press(page, "Send my complaint", which=which, turn=turn)
    assert not CaseRow.objects.filter(customer_name="Jo Field").exists()


def test_answers_given_to_one_provider_are_none_of_anothers(office: Office) -> None:
    opus, jo = provider("opus"), Visitor()
    jo.press(jo.get(office.portal("complain/what")), "Go on", words="It crackles.")
    assert "crackles" not in jo.get(f"/portal/{opus.pk}/complain/what").main
    assert jo.get(f"/portal/{opus.pk}/complain/nothing").status == 404


def test_answers_are_in_no_log_and_no_fact_before_they_are_sent(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    before = FactRow.objects.count()
    answer(office, Visitor())
    assert FactRow.objects.count() == before
    assert "crackled" not in caplog.text


@pytest.mark.parametrize("said", ["yes", "no"])
def test_a_complaint_about_personal_data_has_its_own_clock_at_a_word_of_the_customers(
    office: Office, said: str
) -> None:
    """DP-01."""
    sent(office, Visitor(), data={"about_data": said})
    there = read(jos(office))
    found = [c for c in clocks(there.case, there.book) if c.id == "data-protection"]
    assert bool(found) is (said == "yes")
    if found:
        assert london_date(found[0].due or NOON).isoformat() == "2026-12-02"
    assert any(c.id == "adr-letter" for c in clocks(there.case, there.book)), (
        "the complaint's own runs beside it"
    )

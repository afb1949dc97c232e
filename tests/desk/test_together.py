"""Two people in one case see each other; what somebody was writing survives; a note carries files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from amends.core import facts as f
from amends.desk import erasure, ledger, presence, unsent
from amends.desk.evidence import verify
from amends.desk.models import CasePresence, Draft, Upload
from amends.desk.now import set_now
from tests.desk.made import closed, tell
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

LONG = timedelta(minutes=61)


def drafts() -> list[str]:
    """The words of every draft that is kept."""
    return [" ".join(" ".join(v) for v in d.said.values()) for d in Draft.objects.order_by("pk")]


def write_draft(office: Office, visitor: Visitor, words: str = "We found the fault.") -> Page:
    """Somebody types findings, and keeps them without JavaScript."""
    page = visitor.get(office.case_at("findings"))
    return visitor.press(page, "Save draft", words=words)


def test_two_people_in_one_case_see_each_other(office: Office) -> None:
    hana, max_ = office.visitor(), office.visitor("manager")
    assert "has this case open now" not in hana.get(office.case_at()).main
    assert "Handler has this case open now" in max_.get(office.case_at()).main
    hana.get(office.case_at("findings"))
    asked = max_.get(office.case_at("here"))
    assert "Handler is writing here now: " in asked.words
    assert "Manager has this case open now" in hana.get(office.case_at("findings")).main
    set_now((NOON + presence.WRITES + timedelta(seconds=1)).isoformat())
    assert "Handler" not in max_.get(office.case_at("here")).words
    auditor = office.visitor("auditor")
    auditor.get(office.case_at())
    assert "Auditor" not in max_.get(office.case_at("here")).words, "who may only read answers nobody"


def test_a_page_that_asks_tells_what_happened_since(office: Office) -> None:
    hana = office.visitor()
    page = hana.get(office.case_at("findings"))
    (box,) = page.doc.xpath("//*[@data-here]")
    asked = f"{box.get('data-here')}?doing=findings&facts={box.get('data-facts')}"
    assert "Since you opened this page" not in hana.get(asked).words
    tell(
        office.row, NOON, f.ContactReceived, contact="c2", channel="phone", received=NOON, words="Forget it."
    )
    assert "Since you opened this page" in hana.get(asked).words
    assert hana.get(f"{box.get('data-here')}?facts=x&doing=%00").answer.status_code == 200


def test_an_answer_that_crosses_another_is_kept_and_may_be_sent_all_the_same(office: Office) -> None:
    hana = office.visitor()
    page = hana.get(office.case_at("findings"))
    tell(
        office.row, NOON, f.ContactReceived, contact="c2", channel="phone", received=NOON, words="Forget it."
    )
    button = page.doc.xpath("//main//form[@data-draft]//button")[0].text_content().strip()
    crossed = hana.press(page, button, words="We found the fault.")
    assert crossed.answer.status_code == 409
    assert "The customer called" in crossed.main
    assert drafts() == ["We found the fault."]
    button = crossed.doc.xpath("//main//form[@data-draft]//button")[0].text_content().strip()
    assert button.endswith("all the same")
    hana.press(crossed, button)
    facts = ledger.load([office.row.pk])[office.row.pk]
    assert [x.words for x in facts if isinstance(x, f.FindingsRecorded)] == ["We found the fault."]
    assert drafts() == [], "it is done, and no draft any more"


def test_a_draft_waits_for_its_writer_on_any_machine_and_for_nobody_else(office: Office) -> None:
    kept = write_draft(office, office.visitor())
    assert "Your draft is kept, for you alone" in kept.words
    elsewhere = office.visitor()
    day = elsewhere.get(office.at())
    assert "You were writing" in day.main
    assert office.row.reference in day.main
    again = elsewhere.get(office.case_at("findings"))
    assert "This is what you were writing" in again.main
    assert "We found the fault." in again.main
    other = office.visitor("manager")
    assert "We found the fault." not in other.get(office.case_at("findings")).main
    assert "You were writing" not in other.get(office.at()).main
    draft = Draft.objects.get()
    gone = other.press(other.get(office.case_at()), "Add the note", words="x")
    token = gone.doc.xpath("//main//input[@name='csrfmiddlewaretoken']")[0].get("value")
    refused = other.send("POST", office.at(f"drafts/{draft.pk}/drop"), {"csrfmiddlewaretoken": token})
    assert refused.answer.status_code == 404
    elsewhere.press(day, "Throw away")
    assert drafts() == []


def test_a_draft_tells_what_happened_since_it_was_written(office: Office) -> None:
    hana = office.visitor()
    write_draft(office, hana)
    tell(
        office.row, NOON, f.ContactReceived, contact="c2", channel="phone", received=NOON, words="Forget it."
    )
    again = hana.get(office.case_at("findings"))
    assert "Since then this happened on the case" in again.main
    assert "We found the fault." in again.main


def test_the_page_saves_by_itself_without_an_answer(office: Office) -> None:
    hana = office.visitor()
    page = hana.get(office.case_at("findings"))
    token = page.doc.xpath("//main//input[@name='csrfmiddlewaretoken']")[0].get("value")
    said = {"csrfmiddlewaretoken": token, "step": "draft", "words": "Half a", "facts": "3"}
    for words in ("Half a", "Half a sentence"):
        answer = hana.client.post(
            office.case_at("findings"), {**said, "words": words}, headers={"X-Draft": "yes"}
        )
        assert answer.status_code == 204
    assert drafts() == ["Half a sentence"]
    too_long = hana.client.post(
        office.case_at("findings"), {**said, "words": "x" * (unsent.LONGEST + 1)}, headers={"X-Draft": "yes"}
    )
    assert too_long.status_code == 422
    assert drafts() == ["Half a sentence"]


@pytest.mark.parametrize("windows", [1, 2])
def test_what_is_sent_after_the_time_out_comes_back_after_signing_in(office: Office, windows: int) -> None:
    hana = office.visitor()
    page = hana.get(office.case_at("findings"))
    button = page.doc.xpath("//main//form[@data-draft]//button")[0].text_content().strip()
    set_now((NOON + LONG).isoformat())
    if windows == 2:
        assert hana.get(office.at()).address == "/sign-in", "another window found out first"
    out = hana.press(page, button, words="We found the fault.")
    assert out.address == "/sign-in"
    assert "What you had typed is kept for you alone" in out.words
    assert not [x for x in ledger.load([office.row.pk])[office.row.pk] if isinstance(x, f.FindingsRecorded)]
    back = office.visitor()
    assert "You were writing" in back.get(office.at()).main
    assert "We found the fault." in back.get(office.case_at("findings")).main
    assert "We found the fault." not in office.visitor("manager").get(office.case_at("findings")).main


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(office: Office) -> None:
    hana = office.visitor()
    hana.get(office.case_at())
    for minutes in (20, 40, 59):
        set_now((NOON + timedelta(minutes=minutes)).isoformat())
        assert hana.get(office.case_at("here")).answer.status_code == 200
    set_now((NOON + LONG).isoformat())
    assert hana.client.get(office.case_at("here")).status_code == 204
    assert hana.get(office.case_at()).address == "/sign-in"


def test_a_new_contact_half_written_is_taken_up_again(office: Office) -> None:
    amy = office.visitor("agent")
    page = amy.get(office.at("new-contact"))
    amy.press(page, "Save draft", words="No dial tone", name="Cy Low")
    day = amy.get(office.at())
    assert "New contact" in day.main
    again = amy.get(office.at("new-contact"))
    assert "No dial tone" in again.main
    saved = amy.press(again, "Save the contact", complaint="yes")
    assert "No dial tone" in saved.main, saved.mistakes
    assert drafts() == []


def test_drafts_go_with_the_words_of_their_case_and_by_themselves_after_weeks(office: Office) -> None:
    write_draft(office, office.visitor())
    hana = office.visitor()
    open_all_the_time = hana.get(office.case_at("note"))
    closed(office.row, NOON)
    assert isinstance(
        erasure.erase_private(office.fresh(), why="asked for", by="7", now=NOON), erasure.Erased
    )
    assert drafts() == []
    hana.press(open_all_the_time, "Save draft", words="Ann is ill, she said")
    assert drafts() == [], "a page that stood open brings no words back"
    amy = office.visitor("agent")
    amy.press(amy.get(office.at("new-contact")), "Save draft", words="No dial tone")
    assert unsent.sweep(NOON + unsent.LASTS - timedelta(minutes=1)) == 0
    assert unsent.sweep(NOON + unsent.LASTS) == 1
    assert presence.sweep(NOON) == 0
    presence.sweep(NOON + presence.GONE)
    assert not CasePresence.objects.exists()


def test_a_note_carries_files_that_are_proved_and_only_downloaded(office: Office) -> None:
    hana = office.visitor()
    page = hana.get(office.case_at("note"))
    photo = SimpleUploadedFile("router.txt", b"<script>alert(1)</script>")
    done = hana.press(page, "Add the note", words="The engineer's photo", enclosed=photo)
    (link,) = [x for x in done.links if "/files/" in x]
    answer = hana.client.get(link)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert verify().whole
    Upload.objects.filter(case=office.row).update(content=b"another")
    assert not verify().whole

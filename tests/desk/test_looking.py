"""What a look before sending promises: it shows what will leave, on which way, and does nothing."""

from __future__ import annotations

import pytest

from amends.core import facts as f
from amends.desk.forms.deeds import DEEDS
from amends.desk.models import CaseRow, FactRow, Outgoing
from tests.desk.made import MONDAY, case, tell
from tests.desk.office import NOON, Office

pytestmark = pytest.mark.django_db

WORDS = "We changed the router.\n\nIt has been steady <b>since</b>."


def everything(office: Office) -> tuple[object, ...]:
    """All that an action could change about Ann's case."""
    row = CaseRow.objects.values().get(pk=office.row.pk)
    return row, list(FactRow.objects.values()), list(Outgoing.objects.values())


def test_a_look_shows_the_letter_its_way_and_the_fixed_parts_and_does_nothing(office: Office) -> None:
    hana, before = office.visitor(), everything(office)
    page = hana.press(hana.get(office.case_at("write")), "Go on", purpose="reply", words=WORDS)
    assert page.h1 == "Before it is sent"
    assert everything(office) == before
    assert "How it goesEmail" in page.main
    assert "ann@example.org" in page.main
    assert "It leaves at once" in page.main
    assert "Dear Ann Archer," in page.main
    yours = [" ".join(p.text_content().split()) for p in page.within("yours")]
    assert yours == ["Your words: We changed the router.", "Your words: It has been steady <b>since</b>."]
    # A label with a direction of its own lets the words beside it run the way in which they are written.
    assert [p.xpath("./span/@dir") for p in page.within("yours")] == [["auto"], ["auto"]]
    assert "5:30\u00a0pm" in page.doc.text_content(), "no line ends within a time"


def test_what_was_looked_at_is_what_is_sent(office: Office) -> None:
    hana = office.visitor()
    page = hana.press(hana.get(office.case_at("write")), "Go on", purpose="update", words=WORDS)
    seen = [
        " ".join(p.text_content().replace("Your words: ", "").split()) for p in page.within("letter", "p")
    ]
    done = hana.press(page, "Send it")
    assert "The letter has been decided" in done.words
    sent = Outgoing.objects.get(case=office.row, letter="update")
    said = [b["text"] for b in sent.words["blocks"] if b["kind"] == "paragraph"]
    assert [" ".join(text.split()) for text in said if " ".join(text.split()) not in seen] == []


def test_from_the_look_one_goes_back_to_the_words_which_are_kept(office: Office) -> None:
    hana = office.visitor()
    page = hana.press(hana.get(office.case_at("write")), "Go on", purpose="update", words=WORDS)
    page = hana.press(page, "Change the words")
    assert page.h1 == "Write to the customer"
    assert page.mistakes == []
    assert page.doc.xpath("//textarea[@name='words']")[0].value.strip().replace("\r", "") == WORDS
    page = hana.press(page, "Go on", words="Only this.")
    assert [" ".join(p.text_content().split()) for p in page.within("yours")] == ["Your words: Only this."]


def test_a_look_at_deadlock_shows_the_adr_letter_that_leaves_with_it(office: Office) -> None:
    office.proposed()
    office.do("answer", "Record the answer", accepted="no", words="On the phone: no.")
    mia, before = office.visitor("manager"), everything(office)
    page = mia.press(mia.get(office.case_at("deadlock")), "Go on", position="We stand by the refund.")
    assert "ADR letter" in page.main
    assert "Communications Ombudsman" in page.main
    assert "declared deadlock" in page.main
    assert everything(office) == before


def test_a_look_refuses_what_the_action_would_refuse(office: Office) -> None:
    hana = office.visitor()
    page = hana.press(hana.get(office.case_at("write")), "Go on", purpose="reply", words=" ")
    assert page.status == 422
    assert page.mistakes == ["Write what the customer should know."]


def test_where_no_letter_leaves_one_press_does_it(office: Office) -> None:
    row = case(office.provider, MONDAY, {"name": "Bo", "phone": "01632 960001"}, channel="phone")
    hana = office.visitor()
    at = office.at(f"cases/{row.reference}/agree-time")
    page = hana.press(hana.get(at), "Go on", day="2026-11-05", starts="10:00", ends="11:00")
    assert page.address == office.at(f"cases/{row.reference}")
    assert "The contact time is agreed." in page.words


def test_no_letter_of_a_person_leaves_unseen(office: Office) -> None:
    """Also where the form is sent without its button, as a script or an old page would."""
    hana, before = office.visitor(), everything(office)
    form, _ = hana.get(office.case_at("write")).form("Go on")
    said = {**dict(form.form_values()), "purpose": "reply", "words": WORDS, "step": ""}
    page = hana.send("POST", office.case_at("write"), said)
    assert page.h1 == "Before it is sent"
    assert everything(office) == before


def test_a_call_that_introduced_is_recorded_at_one_press(office: Office) -> None:
    office.give_to("handler")
    hana = office.visitor()
    page = hana.press(hana.get(office.case_at("introduce")), "Go on", channel="phone", words="We spoke.")
    assert page.address == office.case_at()
    assert "The introduction stands on the case." in page.words


def test_a_letter_without_words_of_the_person_is_all_locked(office: Office) -> None:
    hana = office.visitor()
    page = hana.press(hana.get(office.case_at("copy-of-code")), "Go on", wanted="usual", channel="email")
    assert page.h1 == "Before it is sent"
    assert "All of it is locked" in page.main
    assert "Here it is. It costs you nothing." in page.main


def test_a_letter_by_post_is_seen_as_it_will_be_printed_and_kept_nowhere(office: Office) -> None:
    tell(office.row, NOON, f.CustomerKnown, address="1 High Street\nHarrogate\nHG1 1AA", prefers="letter")
    hana, before = office.visitor(), everything(office)
    page = hana.press(hana.get(office.case_at("write")), "Go on", purpose="reply", words=WORDS)
    assert "How it goesBy post" in page.main
    assert "must be in the post by Wednesday 4 November." in page.main, (
        "two working days are promised for a reply"
    )
    pdf = hana.press(page, "See it printed")
    assert (pdf.answer.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert everything(office) == before


def test_every_action_that_may_write_offers_the_look() -> None:
    assert {deed.slug for deed in DEEDS if deed.writes} == {
        "data-longer", "data-answer", "hand-out",
        "introduce", "write", "agree-time", "silence-notice", "send-again", "propose", "answer", "escalate", "deadlock",
        "close", "reopen", "extend", "cannot-settle", "format-order", "copy-of-code",
        "follow-up", "move-time", "decide-request", "compensation", "award", "step", "complains", "ask-customer",
    }  # fmt: skip


def test_that_we_cannot_settle_it_is_said_in_writing_and_settles_what_the_code_promises(
    office: Office,
) -> None:
    """A larger business has no ADR letter, and the code promises the notice to everybody."""
    tell(office.row, NOON, f.CustomerKnown, customer_kind="larger-business", headcount=400)
    office.proposed()
    office.do("answer", "Record the answer", accepted="no", words="On the phone: no.")
    office.do("deadlock", "Declare deadlock", role="manager", position="We stand by the refund.")
    assert not Outgoing.objects.filter(letter="adr-letter").exists()
    hana = office.visitor()
    assert "Say in writing that we cannot resolve it" in hana.get(office.case_at()).words
    page = hana.press(hana.get(office.case_at("cannot-settle")), "Go on", words="It is beyond us.")
    assert "Your words: It is beyond us." in page.main
    assert "On Monday 2 November 2026 we told you this" in page.main
    hana.press(page, "Send it")
    letter = Outgoing.objects.get(letter="cannot-resolve")
    tell(office.row, NOON, f.LetterFate, key=letter.key, fate="sent")
    assert (
        "Say in writing that we cannot resolve it" not in hana.get(office.case_at()).words.split("Story")[0]
    )

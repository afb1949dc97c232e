"""In the portal a customer takes their letters away in the format that they need, and says which one that is.

N-formats, O-formats, O-arrangements, C5-01, C5-04.
"""

from __future__ import annotations

from typing import Any

import page as pages
import pytest

from amends.core import facts as f
from amends.core.formats import Format
from amends.desk import actions, documents, voice
from amends.desk.access import make_link
from amends.desk.actions import Actor
from amends.desk.documents import to_print
from amends.desk.houses import access_code
from amends.desk.models import CaseRow, Outgoing
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.typeset import MadePdf
from amends.desk.views.portal import my_letters
from tests.desk.made import case, days, tell
from tests.desk.office import NOON, Office
from tests.desk.test_documents import text
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

HANA = Actor("7", "Hana Hall", "handler")


def ann(office: Office) -> Visitor:
    """Ann with her case open in front of her."""
    visitor = Visitor()
    page = visitor.get(office.portal("follow"))
    visitor.press(page, "See my complaint", reference=office.row.reference, code=access_code(office.row))
    return visitor


def says(visitor: Visitor, office: Office, wanted: str, **ticked: Any) -> Page:
    """The page after the customer has said how they read what is written."""
    filled = {"reads-wanted": wanted, **{f"reads-{name}": value for name, value in ticked.items()}}
    return visitor.press(visitor.get(office.portal("case")), "Write to me in this way", **filled)


def need(office: Office, wanted: str) -> None:
    with docket(office.row.pk, now=NOON) as d:
        assert (
            actions.need_format(d.cases[office.row.pk], HANA, NOON, wanted=wanted, consent="on the call")
            is None
        )


def own_letter(office: Office, visitor: Visitor) -> Any:
    key = Outgoing.objects.filter(case=office.row).order_by("pk")[0].key
    return visitor.client.get(office.portal(f"case/letters/{key}"))


@pytest.mark.parametrize(
    ("wanted", "ending", "shown"),
    [
        ("", ".pdf", True),
        ("large print", "-large-print.pdf", True),
        ("Braille", ".brf", False),
        ("plain text", ".txt", True),
        ("British Sign Language", ".pdf", True),
    ],
)
def test_a_letter_is_handed_out_in_the_format_that_its_reader_needs(
    office: Office, wanted: str, ending: str, shown: bool
) -> None:
    need(office, wanted)
    answer = own_letter(office, ann(office))
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("inline") is shown
    assert disposition.endswith(f'acknowledgement-{office.row.reference}{ending}"')
    if ending.endswith(".pdf"):
        assert pages.validate_pdf_bytes(answer.getvalue(), profile="ua1").is_compliant


def test_a_recording_is_handed_out_where_a_voice_is_and_its_script_where_none_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(office, "audio")
    monkeypatch.setattr(voice, "there", lambda: False)
    answer = own_letter(office, ann(office))
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    monkeypatch.setattr(voice, "there", lambda: True)
    monkeypatch.setattr(voice, "spoken", lambda _: b"RIFF")
    answer = own_letter(office, ann(office))
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.getvalue() == b"RIFF"


def test_every_other_format_is_one_press_away_and_no_other_customer_s(office: Office) -> None:
    visitor = ann(office)
    page = visitor.get(office.portal("case"))
    offered = [link for link in page.links if "case/letters/" in link]
    assert len(offered) == 5 + voice.there()
    assert {visitor.client.get(link).status_code for link in offered} == {200}
    assert visitor.client.get(office.portal("case/letters/as/papyrus/x")).status_code == 404
    bo = case(office.provider, NOON, {"name": "Bo", "email": "bo@example.org"})
    theirs = Outgoing.objects.get(case=bo).key
    assert visitor.client.get(office.portal(f"case/letters/as/txt/{theirs}")).status_code == 404


def test_the_customer_says_it_once_and_every_letter_from_now_on_comes_in_it(office: Office) -> None:
    """A story: on Monday Ann says that she reads large print; her next letter, and that of her next case, are in it."""
    visitor = ann(office)
    page = says(visitor, office, "large print")
    assert page.mistakes == ["Tick this: we need your word to keep a note of it."]
    page = says(visitor, office, "large print", agree="on")
    assert "We have written it down" in page.main
    kept = office.case().format_need
    assert (kept.format, kept.by, kept.consent) == ("large print", f.CUSTOMER, my_letters.CONSENT)
    assert "in large print (PDF)" in visitor.get(office.portal("case")).main
    with docket(office.row.pk, now=NOON) as d:
        assert (
            actions.write(d, d.cases[office.row.pk], HANA, NOON, purpose="update", words="We work on it.")
            is None
        )
    assert Outgoing.objects.get(letter="update").format == "large print"
    second = case(office.provider, NOON + days(30))
    assert Outgoing.objects.get(case=second).format == "large print"
    console = office.visitor().get(office.at(f"cases/{second.reference}")).main
    assert "Large print" in console
    assert office.row.reference in console
    assert f"Consent: {my_letters.CONSENT}" in console
    assert "Asked again from Tuesday 2 November 2027" in console


def test_letters_that_were_sent_go_again_in_it(office: Office) -> None:
    office.proposed()
    says(ann(office), office, "large print", agree="on", again="on")
    again = list(
        Outgoing.objects.select_related("provider", "case").filter(letter="format-sent").order_by("pk")
    )
    assert [x.words["encloses"].split("/")[1] for x in again] == ["acknowledgement", "outcome"]
    assert {x.format for x in again} == {"large print"}
    made = bytes(to_print(again[1]).content)
    assert pages.validate_pdf_bytes(made, profile="ua1").is_compliant
    said = text(MadePdf(made, "", ()))
    assert "You asked for our letter of Monday" in said
    assert ", in large print." in said
    assert said.index("You asked for our letter of") < said.index("We refund the month.")
    assert office.case().format_orders == ()


def test_what_no_machine_makes_becomes_a_duty_with_its_day_and_the_duty_leads_to_its_order(
    office: Office,
) -> None:
    says(ann(office), office, "British Sign Language", agree="on", again="on")
    page = office.visitor().get(office.case_at())
    address = next(link for link in page.links if "format-sent?order=" in link)
    page = office.visitor().get(address)
    (chosen,) = page.doc.xpath('//input[@name="order"][@checked]')
    assert address.endswith(f"order={chosen.get('value')}")


def test_the_second_of_two_orders_is_the_one_that_its_duty_names(office: Office) -> None:
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        key = hand.case.letters[0].key
        for wanted in ("Braille", "British Sign Language"):
            assert actions.send_in_format(d, hand, HANA, NOON, letter=key, wanted=wanted) is None
    page = office.visitor().get(office.case_at("format-sent") + "?order=2")
    assert [e.get("value") for e in page.doc.xpath('//input[@name="order"][@checked]')] == ["2"]


def test_going_back_to_the_usual_form_needs_no_tick(office: Office) -> None:
    need(office, "Braille")
    page = says(ann(office), office, "usual")
    assert "We have written it down" in page.main
    assert office.case().format == ""


def test_it_is_not_changed_again_and_again(office: Office) -> None:
    visitor = ann(office)
    for n in range(my_letters.ASKS):
        assert not says(visitor, office, ("large print", "Braille")[n % 2], agree="on").mistakes
    page = says(visitor, office, "audio", agree="on")
    assert page.status == 422
    assert "several times today" in page.mistakes[0]
    assert office.case().format == "large print"
    set_now((NOON + days(1.01)).isoformat())
    assert not says(ann(office), office, "audio", agree="on").mistakes


def test_who_acts_for_the_customer_reads_in_the_usual_form_and_says_nothing_of_their_need(
    office: Office,
) -> None:
    need(office, "Braille")
    tell(
        office.row, NOON, f.PartyAdded, role="representative", name="Cy", email="cy@example.org", why="signed"
    )
    token = make_link(office.row, "cy@example.org", now=NOON)
    cy = Visitor()
    page = cy.press(cy.get(office.portal(f"link/{token}")), "Open my complaint")
    assert "How you read our letters" not in page.main
    assert "Braille" not in page.main.replace("in Braille (BRF file)", "")
    form = page.doc.xpath("//form[contains(@action, 'case/say')]")[0]
    guard = form.xpath('.//input[@name="csrfmiddlewaretoken"]')[0].get("value")
    said = {"csrfmiddlewaretoken": guard, "reads-wanted": "usual"}
    assert cy.client.post(office.portal("case/format"), said).status_code == 404
    assert office.case().format == "Braille"


def test_who_types_another_s_address_into_a_complaint_learns_nothing_of_what_they_need(
    office: Office,
) -> None:
    """C5-01: the letters go to Ann, in Braille; on the stranger's page nothing tells that she reads it."""
    need(office, "Braille")
    mallory = Visitor()
    said = {
        "words": "Mine is down.",
        "name": "Ann Archer",
        "prefers": "email",
        "email": "ann@example.org",
        "wish": "",
    }
    page = mallory.get(office.portal("complain/on-one-page"))
    assert mallory.press(page, "Send my complaint", **said).h1 == "Thank you. We have your complaint"
    row = CaseRow.objects.latest("pk")
    assert str(read(row).case.format) == "Braille", "it was carried onto the case"
    page = mallory.get(office.portal("case"))
    assert page.doc.xpath("//input[@name='reads-wanted'][@checked]/@value") == ["usual"]
    first = page.doc.xpath(f"//a[starts-with(@href, '{office.portal('case/letters/')}')]")[0]
    assert "as a PDF" in first.text_content()
    link = mallory.get(office.portal(f"link/{make_link(row, 'ann@example.org', now=NOON)}"))
    page = mallory.press(link, "Open my complaint")
    assert page.doc.xpath("//input[@name='reads-wanted'][@checked]/@value") == ["Braille"], (
        "who reads Ann's mail"
    )


def test_an_erased_letter_goes_in_no_format(office: Office) -> None:
    Outgoing.objects.filter(case=office.row).update(words={})
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        refused = actions.send_in_format(
            d, hand, HANA, NOON, letter=hand.case.letters[0].key, wanted="Braille"
        )
    assert refused is not None
    assert "erased" in refused.what


HOSTILE = {
    "markup": '#import "x": * $x^2$ <script>alert(1)</script>',
    "right to left": "مرحبا بكم שלום",
    "emoji and unknown": "👍🏽 😀 \U00012345 \ue000",
    "two thousand words": " ".join(f"word{n}" for n in range(2000)),
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("wanted", ["large print", "Braille", "plain text", "audio"])
def test_a_letter_of_any_words_goes_again_in_every_format(office: Office, wanted: str, words: str) -> None:
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert actions.write(d, hand, HANA, NOON, purpose="update", words=words) is None
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        assert (
            actions.send_in_format(d, hand, HANA, NOON, letter=hand.case.letters[-1].key, wanted=wanted)
            is None
        )
    outgoing = Outgoing.objects.select_related("provider", "case").get(letter="format-sent")
    kind = documents.SCRIPT if wanted == "audio" else documents.IN_FORMAT[Format(wanted)]
    made = bytes(documents.document(outgoing, kind).content)
    assert len(made) > 300
    if kind is documents.LARGE:
        assert pages.validate_pdf_bytes(made, profile="ua1").is_compliant

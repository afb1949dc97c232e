"""Requests about personal data, each played through the real desk from the asking to the answer, on any code.

N-gdpr, DP-03, DP-05, DP-06, DP-07, DP-08, DP-09, DP-10, DP-11.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any
from zipfile import ZipFile

import pytest
from pytest_django import Settings

from amends.core import facts as f
from amends.core.care.kinds import declared
from amends.core.case import Case, State
from amends.core.clocks import clocks
from amends.core.duties import Duty, duties
from amends.core.kinds import DATA_REQUESTS, CaseKind
from amends.desk.customers import linking
from amends.desk.erasure import Erased, erase_private
from amends.desk.evidence import verify
from amends.desk.forms.case_form import CaseForm
from amends.desk.forms.data_portal import FORMS
from amends.desk.forms.data_requests import _Answering
from amends.desk.forms.deeds import BY_SLUG
from amends.desk.houses import access_code
from amends.desk.models import AuditEntry, CaseRow, CustomerRow, DataBundleRow, Draft, DutyRow, Outgoing
from amends.desk.now import set_now
from amends.desk.opened import read
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import days, tell
from tests.desk.office import NOON, Office, clock
from tests.desk.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

WHO = {"name": "Ann Archer", "prefers": "email", "email": "ann@example.org"}
ASKED: dict[CaseKind, dict[str, str]] = {
    CaseKind.DATA_ACCESS: {"p_asks": "for themselves", "p_sent": "on our website"},
    CaseKind.DATA_CORRECTION: {"p_wrong": "It says Ann Acher.", "p_right": "Ann Archer"},
    CaseKind.DATA_OBJECTION: {"p_objects_to": "direct marketing"},
    CaseKind.DATA_ERASURE: {"p_to_erase": "My old complaint"},
}


@pytest.fixture(name="netfuse")
def _netfuse(settings: Settings) -> Office:
    clock(settings)
    return Office("netfuse")


def opened(at: Office, kind: CaseKind, **more: str) -> tuple[Visitor, CaseRow]:
    """Somebody has opened such a request for Ann, and whoever did."""
    visitor = at.visitor()
    page = visitor.get(at.at(f"new-case/{kind.slug}"))
    page = visitor.press(page, "Open the case", **{**WHO, "words": "As she said.", **ASKED[kind], **more})
    assert page.status == 200, page.mistakes
    return visitor, newest()


def newest() -> CaseRow:
    return CaseRow.objects.order_by("-pk")[0]


def folded(row: CaseRow) -> Case:
    return read(CaseRow.objects.get(pk=row.pk)).case


def owed(row: CaseRow) -> dict[str, Duty]:
    there = read(CaseRow.objects.get(pk=row.pk))
    return {d.id: d for d in duties(there.case, there.book, NOON)}


def letters(row: CaseRow) -> list[str]:
    return [x.letter for x in folded(row).letters]


def said_in(row: CaseRow, letter: str) -> str:
    return " ".join(Outgoing.objects.filter(case=row, letter=letter).latest("pk").text.split())


def known(at: Office, visitor: Visitor, row: CaseRow) -> None:
    """They have passed the check of who they are."""
    where = at.at(f"cases/{row.reference}/identity")
    page = visitor.press(visitor.get(where), "Record the check", passed="yes", how="Postcode and last bill")
    assert page.status == 200, page.mistakes


def step(visitor: Visitor, at: Office, row: CaseRow, how: str = "done", **said: str) -> Page:
    page = visitor.get(at.at(f"cases/{row.reference}/step"))
    page = visitor.press(page, "Take the step", how=how, **said)
    assert page.status == 200, page.mistakes
    return page


def hers(at: Office, *rows: CaseRow) -> None:
    """All of these cases are one customer's of the book, and her brother speaks for her."""
    made = CustomerRow.objects.create(
        provider=at.provider, name="Ann Archer", email="ann@example.org", made=NOON, changed=NOON
    )
    for row in rows:
        with docket(row.pk, now=NOON) as d:
            linking.link(d.cases[row.pk], made, by="7", now=NOON)


def decided(page: Page, **how: str) -> dict[str, str]:
    """Every question of the page with an answer: to leave it out, or what `how` says for its kind."""
    boxes = {
        i.get("name") for i in page.doc.xpath("//main//input[@type='radio']") if i.get("name") != "staff"
    }
    first = {"mark": "out", "thing": "goes", "paper": "goes", **how}
    return {name: first[name.partition("-")[0]] for name in boxes}


# --- A copy ---------------------------------------------------------------------------------------------------------


def test_a_copy_goes_from_the_call_to_the_fetching_of_it_once(netfuse: Office) -> None:
    """N-gdpr, DP-03, DP-06, DP-11."""
    old = netfuse.row
    tell(old, NOON, f.NoteAdded, words="Mrs Carver of 12 Sandy Close called too, 07700 900123.")
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    hers(netfuse, old, row)
    assert letters(row) == ["data-acknowledged"], (
        "it left by itself, and no acknowledgement of a complaint did"
    )
    assert "Wednesday 2 December" in said_in(row, "data-acknowledged")
    assert "www.netfuse.net/privacy" in said_in(row, "data-acknowledged")
    assert owed(row)["step:identity"].clause == "DP-03"
    assert DutyRow.objects.filter(case=row, duty="step:identity").exists(), "it stands on My day"
    refused = visitor.press(
        visitor.get(netfuse.at(f"cases/{row.reference}/step")), "Take the step", how="done"
    )
    assert "No identity check that was passed stands on the case" in refused.words
    known(netfuse, visitor, row)
    step(visitor, netfuse, row)
    step(visitor, netfuse, row, "not needed", words="She wants everything.")
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    [press] = visitor.get(netfuse.at(f"cases/{row.reference}")).doc.xpath(
        "//a[contains(., 'Bring it together')]"
    )
    assert press.get("href") == there, "what is owed next leads to where it is done"
    page = visitor.get(there)
    assert old.reference in page.main, "the case of the same customer belongs to it"
    for words in ("Mrs Carver", "12 Sandy Close", "07700 900123"):
        assert words in page.main
    page = visitor.press(page, "Make the copy")
    assert (page.status, "Not everything is decided" in page.main) == (422, True)
    assert not DataBundleRow.objects.exists()
    page = visitor.press(page, "Make the copy", **decided(page))
    assert page.status == 200, page.main[:1000]
    assert "The copy is made" in page.words
    page = visitor.get(netfuse.at(f"cases/{row.reference}/hand-out"))
    page = visitor.press(page, "Hand it out", way="portal", how="done")
    assert page.status == 200, page.mistakes
    case = folded(row)
    assert (case.state, case.data_answer.answer if case.data_answer else "") == (State.CLOSED, "done")
    assert letters(row)[-1] == "data-answered"
    assert "fetch it there once, until Monday 16 November" in said_in(row, "data-answered")
    assert "Information Commissioner" in said_in(row, "data-answered")
    ann = follows(netfuse, row)
    assert "You can fetch it once, until Monday 16 November" in ann.get(netfuse.portal("case")).main
    got = ann.press(ann.get(netfuse.portal("case")), "Fetch it now")
    page_, told = opened_zip(got)
    assert "Mrs Carver" not in page_ + json.dumps(told)
    assert "[taken out: a name]" in page_
    assert "It is down again." in page_, "her own words of the other case"
    assert folded(row).bundles[0].fetched is not None
    assert "Fetch it now" not in ann.get(netfuse.portal("case")).main
    again = ann.client.post(netfuse.portal("case/data"))
    assert again.status_code in (403, 404)
    assert AuditEntry.objects.filter(what="copy of personal data made").count() == 1
    assert refold(check=True, now=NOON).wrong == []


def follows(at: Office, row: CaseRow) -> Visitor:
    """Ann, who has opened her request with its reference and code."""
    ann = Visitor()
    page = ann.press(
        ann.get(at.portal("follow")), "See my complaint", reference=row.reference, code=access_code(row)
    )
    assert row.reference in page.main, page.main[:500]
    return ann


def opened_zip(got: Page) -> tuple[str, dict[str, Any]]:
    """The page and the JSON of a copy; every checksum in it is true."""
    assert got.answer.headers["Content-Type"] == "application/zip", got.status
    with ZipFile(io.BytesIO(got.content)) as file:
        for line in file.read("SHA256SUMS.txt").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(file.read(name)).hexdigest() == digest
        names = set(file.namelist())
        told = json.loads(file.read("what-we-hold-about-you.json"))
        page = file.read("what-we-hold-about-you.html").decode()
    files = {d["file"] for c in told["chapters"] for e in c["entries"] for d in e["documents"] if "file" in d}
    assert names == files | {"SHA256SUMS.txt", "what-we-hold-about-you.json", "what-we-hold-about-you.html"}
    return page, told


def test_nothing_of_other_people_or_providers_is_in_a_copy(netfuse: Office) -> None:
    with docket(now=NOON) as d:
        other = d.open_case(netfuse.provider, NOON)
        other.add(
            f.ContactReceived(
                at=NOON, logged=NOON, contact="c", channel="email", received=NOON, sender="bo@example.org",
                words="Secret of Bo",
            ),
            f.CustomerKnown(at=NOON, logged=NOON, name="Bo Bell", email="bo@example.org"),
        )  # fmt: skip
    elsewhere = Office()
    tell(elsewhere.row, NOON, f.NoteAdded, words="Secret of the other provider")
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    bo = other.row.reference
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-copy?also={elsewhere.row.reference}"))
    assert "Secret of the other provider" not in page.words
    assert "Secret of Bo" not in page.words
    assert "It is down again." not in page.words, (
        "an address alone joins nothing: Ann’s other case is only offered"
    )
    assert netfuse.row.reference in page.main
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-copy?also={netfuse.row.reference}"))
    assert "It is down again." in page.words
    assert bo not in page.words


def test_notes_and_files_go_or_stay_as_a_person_says_and_our_people_by_one_choice(netfuse: Office) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    tell(row, NOON, f.NoteAdded, words="Our solicitor thinks that we lose.")
    tell(row, NOON, f.SchemeReferred, scheme="cisas")
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    page = visitor.get(there)
    assert "may be privileged" in page.main
    page = visitor.press(page, "Make the copy", **decided(page, thing="advice"), staff="out")
    assert page.status == 200, page.main[:600]
    got = visitor.get(f"{there}/1/zip")
    text, _told = opened_zip(got)
    assert "solicitor" not in text
    assert "Left out: it is legal advice to us" in text
    assert "Handler" not in text, "the name of whoever wrote the note"
    assert "The names of our people are taken out." in text
    page = visitor.press(
        visitor.get(there), "Make the copy", **decided(visitor.get(there)), chosen="we lose", staff="stay"
    )
    text, _told = opened_zip(visitor.get(f"{there}/2/zip"))
    assert "Our solicitor thinks that [taken out: words that were chosen]." in text
    assert "Handler" in text


def test_a_copy_is_not_made_of_what_has_moved_and_goes_when_any_of_its_cases_is_erased(
    netfuse: Office,
) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    page = visitor.get(there)
    tell(row, NOON, f.NoteAdded, words="A word more")
    moved = visitor.press(page, "Make the copy", **decided(page))
    assert (moved.status, "Something has happened on one of the cases" in moved.main) == (422, True)
    tell(netfuse.row, NOON, f.CaseClosed, evidence="customer confirmed")
    page = visitor.get(f"{there}?also={netfuse.row.reference}")
    page = visitor.press(page, "Make the copy", **decided(page))
    made = DataBundleRow.objects.get()
    assert set(made.cases.all()) == {row, netfuse.row}
    Outgoing.objects.filter(case=netfuse.row).update(state="sent")
    done = erase_private(CaseRow.objects.get(pk=netfuse.row.pk), why="She asked", by="7", now=NOON)
    assert isinstance(done, Erased), done
    made.refresh_from_db()
    assert (made.page, made.told, made.papers) == (None, None, [])
    assert not any("copy" in fault.where for fault in verify().faults), "erased, and so nothing is missing"
    assert visitor.get(f"{there}/1/zip").status == 404


def test_what_was_decided_of_a_copy_waits_for_whoever_decides_until_it_is_made(netfuse: Office) -> None:
    """A long page is not begun twice: left, looked at again or refused, every decision stands as it was."""
    tell(netfuse.row, NOON, f.NoteAdded, words="Mrs Carver of 12 Sandy Close called too.")
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    page = visitor.get(f"{there}?also={netfuse.row.reference}")
    answers = decided(page)
    first, *others = sorted(answers)
    assert others, "there is more than one thing to decide"
    form = {"also": netfuse.row.reference, "chosen": "Sandy", "facts": "1", "staff": "out"}
    form["csrfmiddlewaretoken"] = page.doc.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    kept = visitor.client.post(there, {**form, first: answers[first]}, headers={"X-Draft": "yes"})
    assert kept.status_code == 204, "a few seconds after each press, by itself"
    day = netfuse.visitor().get(netfuse.at())
    assert "What goes into a copy of personal data" in day.main
    page = visitor.get(there)
    assert "This is what you were writing" in page.main
    assert page.doc.xpath(f"//input[@name='{first}' and @value='{answers[first]}' and @checked]")
    assert page.doc.xpath("//input[@name='staff' and @value='out' and @checked]")
    assert page.doc.xpath("//input[@name='also' and @checked]")
    assert page.doc.xpath("//textarea[@name='chosen']")[0].text.strip() == "Sandy"
    assert "This is what you were writing" not in netfuse.visitor("manager").get(there).main, "for one person"
    page = visitor.press(page, "Make the copy", **{others[0]: answers[others[0]]})
    assert (page.status, DataBundleRow.objects.exists()) == (422, False)
    page = visitor.get(there)
    assert page.doc.xpath(f"//input[@name='{others[0]}' and @value='{answers[others[0]]}' and @checked]")
    page = visitor.press(page, "Make the copy", **decided(page))
    assert "The copy is made" in page.words
    assert "This is what you were writing" not in visitor.get(there).main
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("page", "the page is another than the one that was made"),
        ("told", "the JSON is another than the one that was made"),
        ("papers", "a document of it is another than the one that was made"),
        ("emptied", "the copy is empty and nobody erased it"),
        ("gone", "the copy that a fact names is missing"),
        ("slipped in", "no fact says that it was made"),
    ],
)
def test_verify_compares_a_copy_with_the_fact_that_made_it(netfuse: Office, change: str, found: str) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    page = visitor.get(f"{there}?also={netfuse.row.reference}")
    visitor.press(page, "Make the copy", **decided(page))
    assert verify().whole, verify().faults
    made = DataBundleRow.objects.get()
    assert made.papers, "there are documents in it"
    if change in ("page", "told"):
        DataBundleRow.objects.update(**{change: b"Something else"})
    elif change == "papers":
        DataBundleRow.objects.update(
            papers=[{**made.papers[0], "file": "documents/001.eml", "sha256": "0" * 64}]
        )
    elif change == "emptied":
        DataBundleRow.objects.update(page=None, told=None, papers=[])
    elif change == "gone":
        made.cases.clear()
        made.delete()
    else:
        made.pk, made.number = None, 7
        made.save(force_insert=True)
    assert found in [fault.what for fault in verify().faults]


def test_a_request_is_turned_down_with_reasons_and_the_ways_to_complain(netfuse: Office) -> None:
    """N-gdpr, DP-10."""
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-answer"))
    missing = visitor.press(page, "Answer", how="refused")
    assert (missing.status, len(missing.mistakes)) == (422, 2)
    page = visitor.press(
        page, "Answer", how="refused", ground="identity", why="You did not answer our two letters."
    )
    assert folded(row).state is State.CLOSED, page.mistakes
    said = said_in(row, "data-refused")
    for part in ("we cannot tell who asks", "our two letters", "Information Commissioner", "ask a court"):
        assert part in said, part
    assert next(c for c in clocks(folded(row), read(row).book) if c.id == "data-request").settled is not None


# --- The others -----------------------------------------------------------------------------------------------------


def test_a_correction_tells_where_it_was_put_right_and_who_was_told(netfuse: Office) -> None:
    """N-gdpr, DP-07."""
    visitor, row = opened(netfuse, CaseKind.DATA_CORRECTION)
    known(netfuse, visitor, row)
    step(visitor, netfuse, row)
    step(visitor, netfuse, row, p_where="In billing and on all letters", p_told="Openreach")
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-answer"))
    visitor.press(page, "Answer", how="done")
    said = said_in(row, "data-answered")
    for part in ("In billing and on all letters", "Openreach"):
        assert part in said, part
    assert folded(row).state is State.CLOSED


def test_an_objection_to_marketing_stops_it_at_once_and_cannot_be_turned_down(netfuse: Office) -> None:
    """N-gdpr, DP-08."""
    visitor, row = opened(netfuse, CaseKind.DATA_OBJECTION)
    assert owed(row)["step:stopped"].clause == "DP-08"
    assert "We are stopping our marketing to you now" in said_in(row, "data-acknowledged")
    step(visitor, netfuse, row, words="Off every list.")
    step(visitor, netfuse, row, "not needed", words="Marketing is not weighed.")
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-answer"))
    assert "turn it down" not in page.main
    visitor.press(page, "Answer", how="done")
    assert "You get no more marketing from us" in said_in(row, "data-answered")


def test_an_erasure_says_what_goes_and_what_stays_and_why(netfuse: Office) -> None:
    """N-gdpr, DP-09."""
    visitor, row = opened(netfuse, CaseKind.DATA_ERASURE)
    known(netfuse, visitor, row)
    step(visitor, netfuse, row)
    page = visitor.get(netfuse.at(f"cases/{row.reference}"))
    assert "What may be erased" in page.main
    step(
        visitor,
        netfuse,
        row,
        p_erased="The marketing profile",
        p_kept="The complaint, for a year: Ofcom's rules",
    )
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-answer"))
    page = visitor.press(
        page, "Answer", how="done in part", ground="law", why="We must keep complaints for a year."
    )
    said = said_in(row, "data-answered")
    for part in ("The marketing profile", "The complaint, for a year", "the law makes us keep it"):
        assert part in said, part


def test_what_was_erased_is_not_offered_to_be_erased_once_more(netfuse: Office) -> None:
    _visitor, other = opened(netfuse, CaseKind.DATA_CORRECTION)
    tell(other, NOON, f.CaseClosed, evidence="not a complaint")
    _visitor, row = opened(netfuse, CaseKind.DATA_ERASURE)
    hers(netfuse, other, row)
    manager = netfuse.visitor("compliance")
    page = manager.get(netfuse.at(f"cases/{row.reference}")).main
    assert f"{other.reference}" in page
    assert "it may be erased" in page
    Outgoing.objects.filter(case=other).update(state="sent")
    done = erase_private(CaseRow.objects.get(pk=other.pk), why="She asked", by="7", now=NOON)
    assert isinstance(done, Erased), done
    page = manager.get(netfuse.at(f"cases/{row.reference}")).main
    assert "it is erased" in page
    assert "it may be erased" not in page


def test_its_month_is_made_three_in_time_and_the_person_hears_why(netfuse: Office) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-longer"))
    visitor.press(page, "Take longer", because="it is complex", why="Eleven years of letters.")
    said = said_in(row, "data-extended")
    for part in (
        "because it is complex",
        "Eleven years of letters",
        "Tuesday 2 February",
        "Information Commissioner",
    ):
        assert part in said, part
    page = visitor.get(netfuse.at(f"cases/{row.reference}/data-longer"))
    assert "It was made longer once" in page.main


def test_waiting_to_learn_who_asks_stops_the_clock_as_the_case_says(netfuse: Office) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    step(visitor, netfuse, row, "held", words="Her address is new to us.", again="2026-11-09")
    page = visitor.get(netfuse.at(f"cases/{row.reference}"))
    assert "we asked them who they are" in page.main
    assert "data-request" in {c.id for c in clocks(folded(row), read(row).book) if c.paused}


# --- In the portal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (CaseKind.DATA_ACCESS, {"sent": "in the post"}),
        (CaseKind.DATA_CORRECTION, {"wrong": "Ann Acher", "right": "Ann Archer"}),
        (CaseKind.DATA_OBJECTION, {"objects": "direct marketing"}),
        (CaseKind.DATA_ERASURE, {"erase": "All of it"}),
    ],
)
def test_anybody_can_ask_in_the_portal_without_an_account_and_twice_is_once(
    netfuse: Office, kind: CaseKind, said: dict[str, str]
) -> None:
    ann = Visitor()
    page = ann.get(netfuse.portal("data"))
    assert "www.netfuse.net/privacy" in page.main
    assert netfuse.portal(f"data/{kind.slug}") in page.links
    form = ann.get(netfuse.portal(f"data/{kind.slug}"))
    wrong = ann.press(form, "Send my request")
    assert (wrong.status, len(wrong.mistakes) >= 2) == (422, True)
    before = CaseRow.objects.count()
    page = ann.press(form, "Send my request", **WHO, **said)
    row = newest()
    assert row.reference in page.main
    assert (folded(row).kind, folded(row).complaint) == (kind, False)
    assert "Wednesday 2 December" in page.main
    assert letters(row) == ["data-acknowledged"]
    ann.press(form, "Send my request", **WHO, **said)
    assert CaseRow.objects.count() == before + 1
    assert "We are working on your request" in ann.get(netfuse.portal("case")).main


def test_strangers_are_limited_and_told_what_to_do(netfuse: Office) -> None:
    for n in range(7):
        ann = Visitor()
        form = ann.get(netfuse.portal("data/data-erasure"))
        page = ann.press(form, "Send my request", **WHO, erase=f"All of it, {n}")
    assert page.status == 429
    assert "Please call us" in page.mistakes[0]


def test_whoever_acts_for_somebody_by_a_link_of_their_own_fetches_nothing(netfuse: Office) -> None:
    visitor, row = opened(netfuse, CaseKind.DATA_ACCESS)
    known(netfuse, visitor, row)
    there = netfuse.at(f"cases/{row.reference}/data-copy")
    page = visitor.get(there)
    visitor.press(page, "Make the copy", **decided(page))
    tell(row, NOON, f.PartyAdded, role="family", name="Bo Bell", email="bo@example.org")
    visitor.press(
        visitor.get(netfuse.at(f"cases/{row.reference}/hand-out")), "Hand it out", way="portal", how="done"
    )
    from amends.desk.access import make_link

    bo = Visitor()
    page = bo.press(bo.get(netfuse.portal(f"link/{make_link(row, 'bo@example.org', now=NOON)}")), "Open")
    assert "Fetch it now" not in page.main
    set_now((NOON + days(15)).isoformat())
    ann = follows(netfuse, row)
    assert "Fetch it now" not in ann.get(netfuse.portal("case")).main, "its day is over"


def test_every_kind_has_its_form_and_is_found_by_what_was_said(netfuse: Office) -> None:
    visitor = netfuse.visitor()
    for kind in DATA_REQUESTS:
        _, row = opened(netfuse, kind)
        assert kind.said in visitor.get(netfuse.at(f"cases/{row.reference}")).main
    assert row.reference in visitor.get(netfuse.at("cases?find=old+complaint")).main


def test_every_form_of_the_portal_fills_particulars_that_its_kind_has() -> None:
    for kind, form in FORMS.items():
        made = declared(kind)
        assert made is not None
        asked = {particular.name for particular in made.particulars}
        assert set(form.particulars.values()) <= asked, kind
        assert set(form.particulars) <= set(form.base_fields), kind


def test_every_action_on_a_case_says_itself_what_it_does() -> None:
    """A form that only inherits what it does would fail before whoever presses its button."""
    for form in BY_SLUG.values():
        assert form.do is not CaseForm.do, form
        assert getattr(form, "answers", None) is not _Answering.answers, form

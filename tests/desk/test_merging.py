"""Merging at the desk: the old reference, the mail, the portal and the reports all lead to the one case that goes on."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from amends.core import facts as f
from amends.core import scheme_path
from amends.core.calendar import london_date
from amends.core.case import fold
from amends.core.may import Refusal
from amends.core.merging import earliest_letter
from amends.core.schemes import Ground
from amends.desk import access, actions, books, erasure, ledger, merging
from amends.desk.evidence import verify
from amends.desk.houses import access_code
from amends.desk.models import (
    CaseAddress,
    CaseRow,
    CaseTally,
    Draft,
    DutyRow,
    Outgoing,
    PrivateWords,
    RoleName,
)
from amends.desk.record import docket
from amends.desk.refold import refold
from tests.desk.made import ANN, MONDAY, case, days, person, provider, tell
from tests.desk.mails import answer_to, mail, take
from tests.desk.office import NOON, Office
from tests.desk.visitor import Page, Visitor

EARLIER = MONDAY - days(6)
LATER = NOON + timedelta(hours=1)
HANA = actions.Actor("7", "Hana", "handler")


def decided(row: CaseRow) -> CaseRow:
    """Every contact of a case was found to be a complaint."""
    facts = ledger.load([row.pk])[row.pk]
    for contact in fold(facts).contacts:
        tell(row, NOON, f.ComplaintDecided, contact=contact.id, complaint=True)
    return CaseRow.objects.get(pk=row.pk)


def older(office: Office, customer: dict[str, Any] | None = None, **contact: Any) -> CaseRow:
    """Another case, of Ann's unless somebody else is named, from six days before."""
    known = dict(ANN) if customer is None else customer
    return decided(
        case(
            office.provider, EARLIER, known, **{"contact": "older", "words": "The router is dead.", **contact}
        )
    )


def merged(survivor: CaseRow, ends: CaseRow, why: str = "one fault") -> None:
    """The one goes on as the other, as the page does it."""
    with docket(survivor.pk, ends.pk, now=NOON) as d:
        assert merging.merge(d, d.cases[survivor.pk], d.cases[ends.pk], HANA, NOON, why=why) is None
    survivor.refresh_from_db()
    ends.refresh_from_db()


def adr(row: CaseRow) -> str:
    """The London day on which the ADR letter of a case is due."""
    found = earliest_letter(fold(ledger.load([row.pk])[row.pk]), books.book_for(row))
    return london_date(found[1]).isoformat() if found else ""


def holds() -> None:
    """Evidence and hints are what the facts make them."""
    found = verify()
    assert found.whole, found.faults
    again = refold(check=True, now=LATER)
    assert not again.wrong, again.wrong


def test_two_cases_become_one_on_the_page_and_the_old_reference_leads_there(office: Office) -> None:
    other = older(office)
    hana = office.visitor()
    page = hana.get(office.case_at())
    assert "Perhaps the same matter" in page.main
    assert "the same email address" in page.main
    assert adr(other) < adr(office.row)
    earliest = adr(other)
    form = hana.get(office.case_at(f"merge?other={other.reference}"))
    done = hana.press(form, "Merge them", why="Both about the router.")
    assert done.address == office.case_at()
    assert adr(office.fresh()) == earliest
    assert "The router is dead." in done.main
    assert f"(under {other.reference})" in done.main
    other.refresh_from_db()
    assert (other.state, other.is_open, other.merged_into) == ("merged", False, office.row.reference)
    assert hana.get(office.at(f"cases/{other.reference}")).address == office.case_at()
    assert hana.get(office.at(f"cases?find={other.reference.lower()}")).address == office.case_at()
    own = hana.get(office.at(f"cases/{other.reference}?own=1"))
    assert f"It goes on as {office.row.reference}" in own.main
    refused = hana.get(office.at(f"cases/{other.reference}/call"))
    assert "goes on as" in refused.main
    holds()


def test_what_somebody_was_writing_on_the_case_that_ends_goes_on_too(office: Office) -> None:
    other = older(office)
    hana = office.visitor()
    there = office.at(f"cases/{other.reference}/findings")
    hana.press(hana.get(there), "Save draft", words="The router was dropped.")
    merged(decided(office.row), other)
    taken_up = hana.get(there)
    assert taken_up.address == office.case_at("findings")
    assert "and so does what you were writing" in taken_up.words
    assert "The router was dropped." in taken_up.main
    # Where the person writes the same on the case that goes on, neither is lost for the other.
    hana.press(hana.get(office.case_at("findings")), "Save draft", words="The cable was cut.")
    Draft.objects.create(
        provider=office.provider, person=office.people["handler"], case=other, deed="findings",
        said={"words": ["The router was dropped."]}, saved=NOON,
    )  # fmt: skip
    assert "goes on as" in hana.get(there).main
    assert [draft.said["words"] for draft in Draft.objects.order_by("pk")] == [
        ["The cable was cut."], ["The router was dropped."],
    ]  # fmt: skip


def test_the_mistake_is_undone_on_the_page_and_nothing_is_lost(office: Office) -> None:
    other = older(office)
    dates = adr(office.row), adr(other)
    merged(office.row, other)
    withdrawn = Outgoing.objects.get(case=other)
    assert (withdrawn.letter, withdrawn.state) == ("acknowledgement", "withdrawn")
    hana = office.visitor()
    form = hana.get(office.case_at(f"undo-merge?other={other.reference}"))
    assert "Write why." in " ".join(hana.press(form, "Undo the merge").mistakes)
    hana.press(form, "Undo the merge", why="Two routers.")
    other.refresh_from_db()
    assert (adr(office.fresh()), adr(other)) == dates
    assert (other.merged_into, other.is_open) == ("", True)
    again = Outgoing.objects.filter(case=other).latest("pk")
    assert (again.letter, again.state) == ("acknowledgement", "ready"), (
        "its own letter is owed again, and leaves"
    )
    holds()


def found_to_be_about(row: CaseRow, *grounds: Ground) -> None:
    with docket(row.pk, now=NOON) as d:
        hand = d.cases[row.pk]
        found = frozenset(grounds)
        assert (
            actions.find_scheme_limits(hand, HANA, NOON, found=found, why="A letter to her solicitor") is None
        )


def test_what_a_scheme_may_not_take_was_found_once_for_both_until_the_merge_is_undone(office: Office) -> None:
    """AD-13, AD-15: the one ADR letter says it; what was found on the case that goes on has the last word."""
    other = older(office)
    found_to_be_about(other, Ground.COMMERCIAL, Ground.COURT)
    merged(decided(office.row), other)
    assert scheme_path.grounds(office.case()) == {Ground.COMMERCIAL, Ground.COURT}
    page = office.visitor().get(office.case_at())
    assert f"Under {other.reference} it was found to be about" in page.main
    assert "Whether a scheme may take it" in page.main
    with docket(office.row.pk, other.pk, now=LATER) as d:
        hands = d.cases[office.row.pk], d.cases[other.pk]
        assert merging.undo(*hands, HANA, LATER, why="Two complaints after all.") is None
    assert scheme_path.grounds(office.case()) == frozenset()
    holds()


def test_what_was_found_on_the_case_that_goes_on_stands(office: Office) -> None:
    other = older(office)
    found_to_be_about(other, Ground.COMMERCIAL)
    found_to_be_about(office.row, Ground.FRAUD)
    merged(decided(office.row), other)
    assert scheme_path.grounds(office.case()) == {Ground.FRAUD}
    found_to_be_about(office.row)
    assert scheme_path.grounds(office.case()) == frozenset(), "and is taken back like any other"


def test_a_reply_to_the_old_case_joins_the_one_that_goes_on(office: Office) -> None:
    other = older(office)
    to, ours = answer_to(other), Outgoing.objects.get(case=other).message_id
    merged(office.row, other)
    by_token = take(office.provider, mail("Any news?", to=to), LATER)
    by_thread = take(office.provider, mail("Hello?", In_Reply_To=ours), LATER)
    both = take(
        office.provider,
        mail("Both.", to=to, In_Reply_To=Outgoing.objects.get(case=office.row).message_id),
        LATER,
    )
    assert {x.case for x in (by_token, by_thread, both)} == {office.row.reference}
    stranger = take(office.provider, mail("Me too", sender="Eve <eve@example.org>", to=to), LATER)
    assert (stranger.case, stranger.state) == (None, "held")


def follow(office: Office, row: CaseRow) -> Page:
    """The page that a customer sees who gives the reference and the code of this case."""
    visitor = Visitor()
    page = visitor.get(office.portal("follow"))
    return visitor.press(page, "See my complaint", reference=row.reference, code=access_code(row))


def test_the_customer_comes_in_by_either_reference_and_sees_one_story(office: Office) -> None:
    other = older(office)
    merged(office.row, other)
    for row in (office.row, other):
        seen = follow(office, row)
        assert seen.address == office.portal("case")
        assert office.row.reference in seen.main
        assert "It is down again." in seen.main
        assert "The router is dead." in seen.main
        assert f"Your case {other.reference} goes on here" in seen.main


def test_neither_of_two_customers_is_shown_the_others_words(office: Office) -> None:
    nobody = older(office, {}, words="Secret of nobody", sender="", channel="letter")
    merged(office.row, nobody, "it names our reference")
    assert "Secret of nobody" not in follow(office, office.row).main
    own = follow(office, nobody)
    assert "Secret of nobody" in own.main
    assert "It is down again." not in own.main
    assert office.row.reference not in own.main
    assert not merging.shown_with(office.fresh(), "")
    kim = older(office, {"name": "Kim", "email": "kim@example.org"}, contact="kim", words="Secret of Kim")
    with docket(office.row.pk, kim.pk, now=NOON) as d:
        hands = d.cases[office.row.pk], d.cases[kim.pk]
        refusal = merging.merge(d, *hands, HANA, NOON, why="they are neighbours")
    assert refusal is not None
    assert "different customers" in refusal.what


def test_a_party_of_one_case_alone_is_shown_that_one_alone(office: Office) -> None:
    other = older(office)
    tell(
        other, NOON, f.PartyAdded, role="adviser", name="Cal", email="cal@example.org", why="a signed letter"
    )
    tell(
        office.row, NOON, f.PartyAdded, role="carer", name="Bo", email="bo@example.org", why="a signed letter"
    )
    merged(office.row, other)
    other.refresh_from_db()
    assert merging.landing(other, "cal@example.org") == other
    assert merging.landing(other, "ann@example.org") == office.row
    assert merging.landing(other, "") == office.row
    assert merging.shown_with(office.fresh(), "bo@example.org") == []
    assert merging.shown_with(office.fresh(), "ann@example.org") == [other]


def test_details_that_prove_another_customer_close_the_way_again(office: Office) -> None:
    other = older(office)
    merged(office.row, other)
    tell(other, LATER, f.CustomerKnown, name="Kim", email="kim@example.org")
    other.refresh_from_db()
    assert merging.landing(other, "") == other
    assert "The router is dead." not in follow(office, office.row).main


def test_reports_count_the_complaint_once_from_its_first_receipt(office: Office) -> None:
    other = older(office)
    counted = CaseTally.objects.filter(provider=office.provider, counts=True)
    assert counted.count() == 2
    merged(office.row, other)
    (one,) = counted
    assert one.case_id == office.row.pk
    assert one.first_received == EARLIER


def test_agreed_times_and_questions_that_wait_come_along(office: Office) -> None:
    other = older(office)
    tell(
        other, NOON, f.ContactTimeAgreed, appointment="a1", starts=NOON + days(1), ends=NOON + days(1) + timedelta(hours=1),
        person="7", number="01632 960009",
    )  # fmt: skip
    merged(office.row, other)
    facts = ledger.load([office.row.pk])[office.row.pk]
    (agreed,) = fold(facts).appointments
    assert (agreed.starts, agreed.number) == (NOON + days(1), "01632 960009")
    assert [x.contact for x in facts if isinstance(x, f.MergedMessageWaits)] == ["older"]


def test_a_letter_that_is_leaving_or_printed_is_settled_first(office: Office) -> None:
    other = older(office)
    Outgoing.objects.filter(case=other).update(state="claimed")
    with docket(office.row.pk, other.pk, now=NOON) as d:
        refusal = merging.merge(d, d.cases[office.row.pk], d.cases[other.pk], HANA, NOON, why="")
    assert refusal is not None
    assert "leaving at this moment" in refusal.what


def test_another_providers_case_is_no_case_here(office: Office) -> None:
    elsewhere = provider("opus")
    theirs = case(elsewhere)
    hana = office.visitor()
    page = hana.get(office.case_at("merge"))
    for wanted in (theirs.reference, "EX-0000-0000", "x"):
        answer = hana.press(page, "Merge them", reference=wanted, why="x")
        assert answer.status == 422
        assert "There is no such case here" in " ".join(answer.mistakes)
    itself = hana.press(page, "Merge them", reference=office.row.reference, why="x")
    assert "That is this case itself" in " ".join(itself.mistakes)
    nothing = hana.press(page, "Merge them", why="x")
    assert "Choose a case" in " ".join(nothing.mistakes)


def test_linked_cases_name_each_other_until_the_link_is_taken_away(office: Office) -> None:
    kim = older(
        office,
        {"name": "Kim", "email": "kim@example.org"},
        contact="kim",
        words="See also " + office.row.reference,
    )
    hana = office.visitor()
    kims = office.at(f"cases/{kim.reference}")
    assert "what was written here names it" in hana.get(kims).main
    done = hana.press(
        hana.get(f"{kims}/link?other={office.row.reference}"), "Link them", why="the same street"
    )
    assert f"Linked: {office.row.reference} the same street" in done.main
    assert f"Linked: {kim.reference}" in hana.get(office.case_at()).main
    assert "Secret" not in follow(office, office.row).main
    hana.press(hana.get(office.case_at("unlink")), "Take the link away", other=kim.reference)
    assert "Linked:" not in hana.get(kims).main
    holds()


def test_erasing_reaches_the_cases_that_went_on_as_this_one(office: Office) -> None:
    other = older(office)
    merged(office.row, other)
    with docket(office.row.pk, now=NOON) as d:
        hand = d.cases[office.row.pk]
        for letter in hand.case.letters:
            hand.add(f.LetterFate(at=NOON, logged=NOON, key=letter.key, fate="sent"))
        hand.add(f.CaseClosed(at=NOON, logged=NOON, by="7", evidence="customer confirmed", how="portal"))
    alone = erasure.erase_private(CaseRow.objects.get(pk=other.pk), why="asked for", by="7", now=LATER)
    assert isinstance(alone, Refusal), (
        "its words would stand on in the story, and in a case file, of the other"
    )
    assert office.row.reference in alone.what
    erased = erasure.erase_private(office.fresh(), why="asked for", by="7", now=LATER)
    assert isinstance(erased, erasure.Erased)
    assert not PrivateWords.objects.filter(case__in=[office.row.pk, other.pk], words__isnull=False).exists()
    assert not CaseAddress.objects.filter(case=other).exists()
    holds()


def test_a_manager_elsewhere_sees_no_suggestion_of_ours(office: Office) -> None:
    other = older(office)
    elsewhere = provider("opus")
    stranger = person(elsewhere, RoleName.MANAGER)
    row = office.row
    found = merging.near(access.cases(stranger), row, fold(ledger.load([row.pk])[row.pk]))
    assert not found
    mine = merging.near(access.cases(office.people["handler"]), row, fold(ledger.load([row.pk])[row.pk]))
    assert [x.row for x in mine] == [other]


def test_six_cases_at_most_are_suggested_and_those_that_are_linked_make_room(office: Office) -> None:
    mine, row = access.cases(office.people["handler"]), office.row
    others = [older(office, contact=f"older {number}") for number in range(9)]
    newest_first = others[::-1]

    def suggested() -> list[CaseRow]:
        found = merging.near(mine, row, fold(ledger.load([row.pk])[row.pk]))
        assert len({str(each.why) for each in found}) == 1
        return [each.row for each in found]

    assert suggested() == newest_first[:6]
    for each in newest_first[:4]:
        tell(row, NOON, f.CaseLinked, reference=each.reference)
    assert suggested() == newest_first[4:], "five are left of the nine"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_merge_at_once_do_it_once() -> None:
    at = provider()
    one, two = decided(case(at)), decided(case(at, EARLIER, contact="older"))
    said: list[object] = []
    ready = threading.Barrier(2)

    def work(into: CaseRow, ends: CaseRow) -> None:
        if connection.vendor == "postgresql":
            ready.wait(10)
        with docket(into.pk, ends.pk, now=NOON) as d:
            said.append(merging.merge(d, d.cases[into.pk], d.cases[ends.pk], HANA, NOON, why=""))
        if threading.current_thread() is not threading.main_thread():
            connections.close_all()

    if connection.vendor == "postgresql":
        threads = [threading.Thread(target=work, args=pair) for pair in ((one, two), (two, one))]
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)
    else:  # SQLite in memory serves one thread at a time
        work(one, two)
        work(two, one)
    assert len(said) == 2
    assert said.count(None) == 1
    assert CaseRow.objects.exclude(merged_into="").count() == 1
    holds()


def test_what_a_customer_writes_under_a_merged_reference_is_owed_its_answer(office: Office) -> None:
    """Nobody knows that both are one customer: the words stay where they stand, the answer is owed where work goes on."""
    nobody = older(office, {}, words="Secret of nobody", sender="", channel="letter")
    merged(office.row, nobody, "it names our reference")

    def replies() -> int:
        return DutyRow.objects.filter(case=office.row, what="Reply to the customer").count()

    before, visitor = replies(), Visitor()
    page = visitor.get(office.portal("follow"))
    page = visitor.press(page, "See my complaint", reference=nobody.reference, code=access_code(nobody))
    visitor.press(page, "Send", words="Is anybody there?")
    assert replies() == before + 1
    assert "Is anybody there?" not in follow(office, office.row).main
    decided(nobody)
    assert replies() == before + 1, "also once it is decided"
    holds()

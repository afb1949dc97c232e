"""Two cases that are one complaint: no date gets later, no letter is lost or sent for nothing, and a mistake is undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core import merging
from amends.core.calendar import london_date
from amends.core.case import State
from amends.core.clocks import Kind
from amends.core.duties import ADR
from amends.core.may import Refusal
from amends.core.merging import Same, earliest_letter, same_customer
from amends.core.reasons import why as reasons
from tests.story import FIVE, Story, london


def case(reference: str, received: str, provider: str = "opus", email: str = "jo@example.com") -> Story:
    """A complaint of one customer under its own reference, acknowledged at once."""
    story = Story(provider, received)
    story.facts.clear()
    story.tell(f.CaseOpened, reference=reference, provider=provider, code=provider, code_version="v")
    story.reachable(email).received(contact=f"{reference}-c1")
    story.tell(f.ComplaintDecided, contact=f"{reference}-c1", complaint=True)
    return story.letter("acknowledgement", f"{reference}/acknowledgement/1")


def merge(into: Story, ends: Story, at: datetime, why: str = "the same fault") -> Refusal | None:
    """What the desk writes on both cases when one goes on as the other; nothing where that is refused."""
    into.now = ends.now = at
    refusal = merging.merge(into.case, ends.case, into.book, ends.book, why)
    if refusal is not None:
        return refusal
    same = same_customer(into.case.customer, ends.case.customer) is Same.YES
    came = merging.brought(ends.case, ends.book, "hana", at, why, same=same)
    for letter in merging.to_withdraw(ends.case):
        ends.tell(f.LetterFate, key=letter.key, fate="withdrawn")
    ends.tell(f.CaseMergedInto, reference=into.case.reference, same_customer=same, why=why)
    into.facts += came
    return None


def part(survivor: Story, ended: Story, at: datetime) -> None:
    """The merge is undone on both."""
    survivor.now = ended.now = at
    ended.tell(f.CaseMergeUndone, reference=survivor.case.reference, why="two faults")
    survivor.tell(f.CaseMergeUndone, reference=ended.case.reference, why="two faults")


def adr(story: Story) -> str:
    """The London day on which the ADR letter of a case is due; empty where none is owed."""
    found = earliest_letter(story.case, story.book)
    return london_date(found[1]).isoformat() if found else ""


def test_the_earlier_receipt_governs_the_letter_of_the_case_that_goes_on() -> None:
    older, newer = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-06-08 10:00")
    assert (adr(older), adr(newer)) == ("2026-06-16", "2026-07-20")
    assert merge(newer, older, london("2026-06-09 09:00")) is None
    assert adr(newer) == "2026-06-16"
    assert newer.case.first_received == london("2026-05-05 10:00")
    assert newer.case.own_received == london("2026-06-08 10:00")
    assert any(
        "cases were merged (T-1" in said
        for said in reasons(newer.clocks["adr-letter"], newer.case, newer.book)
    )
    assert older.case.state is State.MERGED
    assert not older.duties
    assert adr(older) == ""


def test_the_promises_that_the_case_had_kept_are_not_counted_from_the_others_receipt() -> None:
    older, newer = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-06-08 10:00")
    before = newer.clocks["O-acknowledge"]
    assert merge(newer, older, london("2026-06-09 09:00")) is None
    assert newer.clocks["O-acknowledge"] == before


def test_of_two_receipts_the_one_counts_whose_letter_is_due_first_though_it_came_later() -> None:
    """7 April has 56 days and 8 April 42: the receipt of the day after is due twelve days earlier (CH-07, CH-08)."""
    long, short = case("T-1", "2026-04-07 10:00"), case("T-2", "2026-04-08 10:00")
    assert (adr(long), adr(short)) == ("2026-06-02", "2026-05-20")
    assert merge(long, short, london("2026-04-10 09:00")) is None
    assert adr(long) == "2026-05-20"
    third = case("T-3", "2026-04-09 10:00")
    assert merge(third, long, london("2026-04-13 09:00")) is None
    assert adr(third) == "2026-05-20"


def test_a_deadlock_under_the_other_reference_leaves_the_letter_due_at_once() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-06 10:00")
    ends.at("2026-05-11 10:00").refused()
    ends.tell(f.DeadlockDeclared, position="No more.").letter(ADR, "T-2/adr-letter/1", fate="")
    assert merge(into, ends, london("2026-05-11 11:00")) is None
    assert ends.case.letters[-1].fate == "withdrawn"
    assert adr(into) == "2026-05-11"
    assert into.duties["send:adr-letter"].act_from == london("2026-05-11 10:00")
    said = " ".join(reasons(into.clocks["adr-letter T-2"], into.case, into.book))
    assert "under T-2, which goes on here" in said
    assert into.clocks["adr-letter"].kind is Kind.LAW


def test_an_adr_letter_that_left_under_either_reference_counts() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-06 10:00")
    ends.at("2026-06-17 00:05").letter(ADR, "T-2/adr-letter/1")
    assert merge(into, ends, london("2026-06-17 09:00")) is None
    assert str(into.case.state) == "ADR letter sent"
    assert adr(into) == ""
    assert "send:adr-letter" not in into.duties
    part(into, ends, london("2026-06-18 09:00"))
    assert str(into.case.state) == "open"
    assert adr(into) == "2026-06-16"


def test_the_letter_that_counts_goes_again_from_its_own_case_where_it_does_not_arrive() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-06 10:00")
    ends.tell(f.CustomerKnown, address="1 The Row\nTown\nAB1 2CD")
    ends.at("2026-06-17 00:05").letter(ADR, "T-2/adr-letter/1")
    assert merge(into, ends, london("2026-06-17 09:00")) is None
    ends.tell(f.LetterFate, key="T-2/adr-letter/1", fate="bounced")
    assert ends.duties["send:adr-letter"].letter == ADR


def test_what_the_customer_asked_under_the_other_reference_is_still_owed_an_answer() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-06 10:00")
    assert merge(into, ends, london("2026-05-07 09:00")) is None
    waits = [d for d in into.duties.values() if d.id.startswith("answer:merged T-2")]
    owed = [c for c in into.clocks.values() if c.start == london("2026-05-06 10:00")]
    assert waits or owed
    into.tell(f.ContactMade, contact="m1", channel="phone", purpose="reply")
    assert not [d for d in into.duties if d.startswith("answer:merged")]


def test_undone_both_cases_have_their_own_dates_again_and_what_was_withdrawn_is_owed() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-04-20 10:00")
    ends.facts[:] = [x for x in ends.facts if not isinstance(x, f.LetterDecided | f.LetterFate)]
    ends.letter("acknowledgement", "T-2/acknowledgement/1", fate="")
    before = into.clocks, {**ends.clocks}
    told = len(into.facts), len(ends.facts)
    assert merge(into, ends, london("2026-05-06 09:00")) is None
    assert adr(into) == "2026-06-01"
    assert "send:acknowledgement" not in ends.duties
    part(into, ends, london("2026-05-06 10:00"))
    assert (into.clocks, {**ends.clocks}) == before
    assert "send:acknowledgement" in ends.duties, "its letter was withdrawn for the merge alone"
    assert len(into.facts) > told[0]
    assert len(ends.facts) > told[1]


def test_a_promise_that_was_broken_before_the_merge_stays_broken() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-05 10:00")
    now = london("2026-05-12 09:00")
    assert ends.clocks["O-handler"].standing(now) == "broken"
    assert merge(into, ends, now) is None
    assert ends.clocks["O-handler"].standing(now) == "broken"
    assert ends.clocks["O-tell-rights"].standing(now) == "stopped"


CUSTOMERS = [
    ({"name": "Jo Field", "email": "JO@example.com"}, Same.YES),
    ({"name": "", "account": "A1"}, Same.YES),
    ({"name": "jo  field", "phone": "+44 1632 960001"}, Same.YES),
    ({"name": "Sam Field", "account": "a1"}, Same.NO),
    ({"name": "Jo Field"}, Same.NO),
    ({}, Same.UNKNOWN),
    ({"name": "Kim", "email": "kim@example.com"}, Same.NO),
]


@pytest.mark.parametrize(("known", "same"), CUSTOMERS)
def test_one_customer_is_one_by_name_and_a_way_to_reach_them(known: dict[str, str], same: Same) -> None:
    into = case("T-1", "2026-05-05 10:00").tell(f.CustomerKnown, account="a1", phone="01632 960001")
    other = Story("opus").tell(f.CustomerKnown, **known)
    assert same_customer(into.case.customer, other.case.customer) is same
    assert same_customer(other.case.customer, into.case.customer) is same


def test_a_person_who_laid_both_to_the_customers_book_has_said_whose_they_are() -> None:
    into, ends = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-05 10:00", email="other@example.com")
    ends.tell(f.CustomerKnown, name="J Field").tell(f.CustomerLinked, customer="c1")
    assert merging.one_customer(into.case, ends.case) is Same.NO
    into.tell(f.CustomerLinked, customer="c1")
    assert merging.one_customer(into.case, ends.case) is Same.YES
    into.tell(f.CustomerLinked, customer="c2")
    assert merging.one_customer(into.case, ends.case) is Same.NO


def refused(into: Story, ends: Story, why: str = "the same fault") -> str:
    found = merge(into, ends, london("2026-05-12 09:00"), why)
    return found.clause if found else ""


def test_cases_of_two_customers_are_not_merged_and_an_unknown_one_needs_a_reason() -> None:
    into, theirs = case("T-1", "2026-05-05 10:00"), case("T-2", "2026-05-05 10:00")
    theirs.tell(f.CustomerKnown, name="Kim", email="kim@example.com")
    assert refused(into, theirs) == "A-evidence"
    unknown = Story("opus", "2026-05-05 10:00")
    unknown.facts.clear()
    unknown.tell(f.CaseOpened, reference="T-2", provider="opus", code="opus", code_version="v")
    unknown.received().tell(f.ComplaintDecided, contact="c1", complaint=True)
    assert refused(into, unknown, why=" ") == "A-evidence"
    assert refused(into, unknown, why="the letter names our reference") == ""
    assert into.case.merged[0].same_customer is False


def test_what_would_be_lost_is_settled_first() -> None:
    into = case("T-1", "2026-05-05 10:00")
    assert refused(into, into) == "A-evidence"
    undecided = case("T-2", "2026-05-05 10:00").received(contact="more")
    assert refused(into, undecided) == "A-was-it-a-complaint"
    offered = case("T-2", "2026-05-05 10:00")
    offered.tell(f.OutcomeProposed, outcome="o1", channel="email", words="Sorry.")
    assert refused(into, offered) == "A-consent"
    doubtful = case("T-2", "2026-05-05 10:00").letter(ADR, "T-2/adr-letter/1", fate="in doubt")
    assert refused(into, doubtful) == "A-law-clock"
    closed = case("T-2", "2026-05-05 10:00").tell(f.CaseClosed, evidence="customer confirmed")
    assert refused(into, closed) == "A-evidence"
    assert refused(closed, into) == "A-evidence"
    at_scheme = case("T-2", "2026-05-05 10:00").tell(f.SchemeReferred, scheme="communications-ombudsman")
    assert refused(into, at_scheme) == "A-evidence"
    said = case("T-2", "2026-05-05 10:00").tell(
        f.SchemeTold, scheme="communications-ombudsman", applied=london("2026-05-05 12:00")
    )
    assert refused(into, said) == "A-evidence", "their word waits until the scheme was asked"
    chased = case("T-2", "2026-05-05 10:00").tell(
        f.SupplierAsked, matter="s1", supplier="Openreach", chase=london("2026-06-01 09:00")
    )
    assert refused(into, chased) == "A-evidence"
    questioned = case("T-2", "2026-05-05 10:00").tell(
        f.QuestionAsked, question="q1", answer_by=london("2026-05-12 00:00")
    )
    assert refused(into, questioned) == "A-evidence"
    waiting = case("T-2", "2026-05-05 10:00").tell(
        f.ApprovalAsked, approval="p1", deed="deadlock", clause="CH-11"
    )
    assert refused(into, waiting) == "A-evidence"
    owed = case("T-2", "2026-05-05 10:00").tell(
        f.AwardPrepared, award="1", award_kind="credit", basis="goodwill", clause="O-credit", pence=500
    )
    assert refused(into, owed) == "A-evidence"
    excepted = case("T-2", "2026-05-05 10:00").tell(
        f.AdrExcepted, exception="frivolous or vexatious", second="x"
    )
    assert refused(excepted, into) == "R-09"
    larger = case("T-2", "2026-05-05 10:00").tell(
        f.CustomerKnown, customer_kind="larger-business", headcount=400
    )
    assert refused(larger, into) == "CH-05"
    fresh = case("T-3", "2026-05-05 10:00")
    assert refused(into, fresh) == ""
    assert refused(into, fresh) == "A-evidence", "it goes on as another case already"
    assert refused(fresh, case("T-4", "2026-05-05 10:00")) == "A-evidence"


def test_merges_are_undone_from_the_last_one_back() -> None:
    first, second, third = (case(f"T-{n}", f"2026-05-0{n} 10:00") for n in (5, 6, 7))
    assert merge(second, first, london("2026-05-08 09:00")) is None
    assert merge(third, second, london("2026-05-08 10:00")) is None
    stuck = merging.undo(second.case, "T-5", "a mistake")
    assert stuck is not None
    assert stuck.clause == "A-law-clock"
    assert merging.undo(third.case, "T-6", "a mistake") is None
    assert merging.undo(third.case, "T-9", "a mistake") is not None
    assert merging.undo(third.case, "T-6", " ") is not None


DAYS = st.integers(0, 20).map(lambda n: london("2026-03-30 10:00") + timedelta(days=n))
LIVES = st.lists(
    st.tuples(DAYS, st.sampled_from(["", "deadlock", "letter", "bounced", "undone"])), min_size=2, max_size=4
)


@given(st.sampled_from(FIVE), LIVES, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_no_order_of_merging_makes_a_letter_later_or_loses_a_fact(
    provider: str, lives: list[tuple[datetime, str]], order: list[tuple[int, int]]
) -> None:
    cases = []
    for number, (received, life) in enumerate(lives):
        one = case(f"T-{number}", received.strftime("%Y-%m-%d %H:%M"), provider)
        one.now = received + timedelta(days=2)
        if life == "deadlock":
            one.refused().tell(f.DeadlockDeclared, position="No more.")
        elif life in ("letter", "bounced"):
            one.letter(ADR, f"T-{number}/adr-letter/1", fate="sent" if life == "letter" else "bounced")
        cases.append(one)
    now = london("2026-04-25 09:00")
    for into, ends in order:
        if into >= len(cases) or ends >= len(cases):
            continue
        survivor, ended = cases[into], cases[ends]
        before = [earliest_letter(x.case, x.book) for x in (survivor, ended)]
        left = [any(y.left for y in x.case.letters_of(ADR)) for x in (survivor, ended)]
        clocks, facts = (survivor.clocks, {**ended.clocks}), (list(survivor.facts), list(ended.facts))
        if merge(survivor, ended, now) is not None:
            continue
        now += timedelta(hours=1)
        after = earliest_letter(survivor.case, survivor.book)
        if any(left):
            assert after is None, "one letter settles both"
        else:
            assert after is not None
            assert after[1] <= min(x[1] for x in before if x is not None)
        assert (survivor.facts[: len(facts[0])], ended.facts[: len(facts[1])]) == facts
        if lives[ends][1] == "undone":
            part(survivor, ended, now)
            now += timedelta(hours=1)
            assert (survivor.clocks, {**ended.clocks}) == clocks


def test_the_clock_of_a_complaint_about_personal_data_goes_on_with_the_case_that_has_it() -> None:
    first, second = case("T-1", "2026-07-06 10:00"), case("T-2", "2026-07-08 10:00")
    second.tell(f.PersonalDataFound, concerned=True, contact=second.case.contacts[0].id)
    refused = merge(first, second, london("2026-07-09 09:00"))
    assert refused is not None
    assert (refused.clause, refused.mend) == ("DP-01", "Merge the other way round, so that it goes on.")
    assert merge(second, first, london("2026-07-09 09:00")) is None
    assert "data-protection" in second.clocks

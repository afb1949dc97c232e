"""Due times as a regulator could read them: stories with dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core.calendar import LONDON, london_date
from amends.core.case import step
from amends.core.clocks import Kind, clocks
from amends.core.code import Channel, Owed, Period, Promise, Trigger, Unit
from amends.core.duties import Action, Duty, due_hint
from amends.core.reasons import in_short, told, versions, why
from amends.core.rulebook import Rulebook
from amends.law import calendars, law
from tests.story import FIVE, Story, book, code, london


def test_24_working_hours_around_easter() -> None:
    story = Story("opus", "2026-04-02 16:00").received()
    assert story.due("O-acknowledge") == "2026-04-09 13:00"


def test_48_hours_run_on_through_good_friday() -> None:
    story = Story("opus", "2026-04-02 16:00").received()
    assert story.due("O-handler") == "2026-04-04 16:00"


def test_48_hours_are_48_hours_when_the_clocks_go_forward() -> None:
    story = Story("opus", "2026-03-28 12:00").received()
    assert story.due("O-handler") == "2026-03-30 13:00"


def test_three_working_days_end_when_that_day_ends() -> None:
    story = Story("opus", "2026-04-02 16:00").received()
    assert story.due("O-3-days") == "2026-04-09 17:30"


@pytest.mark.parametrize("provider", FIVE)
@pytest.mark.parametrize(
    ("received", "letter"),
    [("2026-04-07 09:00", "2026-06-02 00:00"), ("2026-04-08 00:00", "2026-05-20 00:00")],
)
def test_a_complaint_a_day_later_matures_13_days_earlier(provider: str, received: str, letter: str) -> None:
    story = Story(provider, received).received()
    assert story.due("adr-letter") == letter
    assert story.clocks["adr-letter"].kind is Kind.LAW


def test_the_london_date_governs_not_the_utc_one() -> None:
    """00:30 in London on 8 April is still 7 April in UTC."""
    assert Story("opus", "2026-04-08 00:30").received().due("adr-letter") == "2026-05-20 00:00"


def test_the_letter_of_a_calendar_day_is_late_only_when_the_day_is_over() -> None:
    clock = Story("opus", "2026-04-08 09:00").received().clocks["adr-letter"]
    assert clock.standing(london("2026-05-20 23:59")) == "running"
    assert clock.standing(london("2026-05-21 00:01")) == "broken"


@pytest.mark.parametrize(
    ("channel", "clause", "due"),
    [
        ("letter", "I-letter-10", "2026-04-21 17:30"),
        ("email", "I-email-5", "2026-04-14 17:30"),
        ("phone", "I-call-5", "2026-04-14 17:30"),
    ],
)
def test_infinity_answers_each_channel_in_its_own_time(channel: str, clause: str, due: str) -> None:
    story = Story("infinity", "2026-04-07 10:00").received(channel)
    promised = {
        c.clause for c in story.clocks.values() if c.clause in ("I-letter-10", "I-email-5", "I-call-5")
    }
    assert promised == {clause}
    assert story.due(clause) == due


def test_a_second_email_starts_its_own_clock() -> None:
    story = Story("infinity", "2026-04-07 10:00").received().at("2026-04-09 10:00").received(contact="c2")
    assert story.due("I-email-5") == "2026-04-14 17:30"
    assert story.due("I-email-5#2") == "2026-04-16 17:30"


def test_a_code_that_promises_nothing_still_has_the_laws_clock() -> None:
    assert list(Story("focus-group", "2026-04-08 09:00").received().clocks) == ["adr-letter"]


def test_netservers_answers_at_stage_two_within_ten_working_days_of_the_request() -> None:
    story = Story("netservers", "2026-04-07 10:00").received()
    assert "S-csm" not in story.clocks
    story.at("2026-04-20 11:00").tell(f.StageEntered, stage=1, role="Customer Services Manager", why="asked")
    # 4 May is the early May bank holiday; Saturdays are open but are no working days.
    assert story.due("S-csm") == "2026-05-05 18:00"


def test_reopening_keeps_the_first_receipt_date() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    story.later(days=5).tell(f.CaseClosed, evidence="customer confirmed")
    assert story.clocks["adr-letter"].stopped
    story.later(days=5).tell(f.CaseReopened, why="not satisfied")
    assert story.clocks["adr-letter"].running
    assert story.due("adr-letter") == "2026-05-20 00:00"


def test_a_promise_whose_day_passed_while_the_case_was_closed_is_owed_again_and_was_not_missed() -> None:
    """What was left at the closing is left from the reopening on; of the law's clock nothing is left that was not."""
    story = Story("opus", "2026-04-02 16:00").received().reachable()
    assert story.due("O-3-days") == "2026-04-09 17:30"
    story.at("2026-04-08 10:00").tell(f.CaseClosed, evidence="customer confirmed")
    story.at("2026-04-15 10:00").tell(f.CaseReopened, why="not satisfied")
    clock = story.clocks["O-3-days"]
    assert (clock.standing(story.now), story.due("O-3-days")) == ("running", "2026-04-16 17:30")
    assert "the case was closed: customer confirmed" in " ".join(told(clock, story.case, story.book))
    assert story.clocks["O-3-days"].standing(london("2026-04-16 17:31")) == "broken"
    story.at("2026-04-16 09:00").tell(f.CaseClosed, evidence="customer confirmed")
    story.at("2026-04-20 09:00").tell(f.CaseReopened, why="not satisfied again")
    assert story.due("O-3-days") == "2026-04-21 17:30", "as often as it is closed"
    assert story.due("adr-letter") == "2026-05-28 00:00"


def test_no_closing_moves_a_day_that_is_still_to_come_or_mends_one_that_had_passed() -> None:
    soon = Story("opus", "2026-04-02 16:00").received().reachable()
    soon.at("2026-04-07 10:00").tell(f.CaseClosed, evidence="customer confirmed")
    soon.at("2026-04-08 10:00").tell(f.CaseReopened, why="a slip of the pen")
    assert soon.due("O-3-days") == "2026-04-09 17:30"
    late = Story("opus", "2026-04-02 16:00").received().reachable()
    late.at("2026-04-10 10:00").tell(f.CaseClosed, evidence="customer confirmed")
    late.at("2026-04-15 10:00").tell(f.CaseReopened, why="not satisfied")
    assert late.clocks["O-3-days"].standing(late.now) == "broken"
    law_ = Story("opus", "2026-04-08 09:00").received().reachable()
    law_.at("2026-05-01 10:00").tell(f.CaseClosed, evidence="customer confirmed")
    law_.at("2026-06-01 10:00").tell(f.CaseReopened, why="not satisfied")
    assert (law_.due("adr-letter"), law_.clocks["adr-letter"].standing(law_.now)) == (
        "2026-05-20 00:00",
        "broken",
    )


def test_acceptance_before_a_reopening_no_longer_stops_the_law() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", words="A credit.")
    story.later(days=1).tell(f.OutcomeAnswered, outcome="o1", accepted=True, how="portal")
    assert not story.clocks["adr-letter"].running
    story.later(days=1).tell(f.CaseReopened, why="the credit never came")
    assert story.clocks["adr-letter"].running


def test_an_earlier_letter_in_the_post_room_moves_the_laws_clock_back() -> None:
    story = Story("opus", "2026-04-10 09:00").received("email")
    story.received("letter", "c2", at=london("2026-04-07 09:00"), backdated_why="lay in the post room")
    assert story.due("adr-letter") == "2026-06-02 00:00"
    assert story.case.first_channel == "letter"


def test_when_the_first_contact_was_no_complaint_the_next_one_governs() -> None:
    story = Story("opus", "2026-04-07 09:00").received().at("2026-04-20 09:00").received(contact="c2")
    assert story.due("adr-letter") == "2026-06-02 00:00"
    story.tell(f.ComplaintDecided, contact="c1", complaint=False, why="asked for opening hours")
    assert story.due("adr-letter") == "2026-06-01 00:00"


def test_deadlock_makes_the_letter_due_at_once() -> None:
    story = Story("opus", "2026-04-08 09:00").received().at("2026-04-20 15:00").refused()
    story.tell(f.DeadlockDeclared, position="We have nothing more to offer.")
    assert story.due("adr-letter") == "2026-04-20 15:00"


def test_no_letter_of_the_law_for_a_larger_business() -> None:
    story = (
        Story("opus", "2026-04-08 09:00").received().tell(f.CustomerKnown, customer_kind="larger-business")
    )
    assert "adr-letter" not in story.clocks
    story.tell(f.CustomerKnown, customer_kind="unknown")
    assert story.due("adr-letter") == "2026-05-20 00:00"


def test_for_a_larger_business_no_promise_of_that_letter_runs_either() -> None:
    """Opus tells every customer of the right after eight weeks "if applicable": to this one it is not."""
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    assert "O-tell-rights" in story.clocks
    story.tell(f.CustomerKnown, customer_kind="larger-business").letter("acknowledgement", "k")
    assert not any(c.owe is Owed.ADR_LETTER for c in story.clocks.values())
    assert due_hint(story.case, story.book) is None


def test_the_laws_letter_settles_a_later_promise_of_the_same_letter() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    assert "settles this promise too" in "\n".join(why(story.clocks["O-tell-rights"], story.case, story.book))
    story.at("2026-05-20 09:00").letter("adr-letter", "k")
    assert story.clocks["O-tell-rights"].standing(story.now) == "kept"


def test_a_code_that_promises_the_letter_earlier_is_held_to_it() -> None:
    base = code("opus")
    assert base.dispute_resolution is not None
    sooner = replace(base, dispute_resolution=replace(base.dispute_resolution, after=Period(4, Unit.WEEKS)))
    story = Story("opus", "2026-04-08 09:00").received()
    story.book = Rulebook(sooner, law(), calendars()["england-and-wales"])
    assert story.due("O-8-weeks") == "2026-05-06 00:00"
    assert story.due("adr-letter") == "2026-05-20 00:00"
    story.reachable().letter("adr-letter", "k")
    assert not any(c.running for c in story.clocks.values() if c.owe is Owed.ADR_LETTER)


def test_past_the_known_bank_holidays_the_law_goes_on_and_the_promise_says_so() -> None:
    story = Story("opus", "2028-12-29 16:00").received()
    acknowledge = story.clocks["O-acknowledge"]
    assert acknowledge.due is None
    assert "2028" in acknowledge.times.unknown
    assert story.due("adr-letter") == "2029-02-09 00:00"


def test_a_pause_gives_back_what_was_left_and_no_more() -> None:
    """24 working hours, 1.5 used on Thursday; still from Tuesday 09:30 to Wednesday 09:30: due nine hours later (L1)."""
    story = Story("opus", "2026-04-02 16:00").received()
    story.at("2026-04-07 09:30").tell(
        f.PromisePaused, clock="O-acknowledge", why="waiting for the customer's account number"
    )
    assert story.clocks["O-acknowledge"].due is None
    assert story.clocks["O-acknowledge"].paused
    story.at("2026-04-08 09:30").tell(f.PromiseResumed, clock="O-acknowledge")
    assert story.due("O-acknowledge") == "2026-04-10 13:00"


def test_a_pause_does_nothing_to_the_laws_clock() -> None:
    story = (
        Story("opus", "2026-04-08 09:00").received().tell(f.PromisePaused, clock="adr-letter", why="tried")
    )
    assert story.due("adr-letter") == "2026-05-20 00:00"


def test_an_extension_moves_only_the_promise_that_was_extended() -> None:
    story = Story("opus", "2026-04-07 09:00").received()
    before = {k: c.due for k, c in story.clocks.items()}
    story.tell(
        f.PromiseExtended,
        clock="O-3-days",
        until=london("2026-04-20 12:00"),
        why="Openreach comes on the 17th",
    )
    after = {k: c.due for k, c in story.clocks.items()}
    assert story.due("O-3-days") == "2026-04-20 12:00"
    assert {k for k in before if before[k] != after[k]} == {"O-3-days"}


def test_updates_run_from_one_to_the_next() -> None:
    story = Story("opus", "2026-04-07 09:00").received()
    story.tell(f.HandlerAssigned, handler="hana", handler_name="Hana").tell(
        f.HandlerIntroduced, channel="phone"
    )
    assert not any(c.clause == "O-updates" for c in story.clocks.values())
    story.tell(f.UpdateIntervalAgreed, working_days=5)
    assert story.due("O-updates") == "2026-04-14 17:30"
    story.at("2026-04-13 10:00").tell(f.ContactMade, contact="m1", channel="phone", purpose="update")
    assert story.clocks["O-updates"].standing(story.now) == "kept"
    assert story.due("O-updates#2") == "2026-04-20 17:30"


def test_a_letter_that_bounced_has_settled_nothing() -> None:
    story = Story("opus", "2026-04-07 09:00").received().reachable().letter("acknowledgement", "k")
    assert story.clocks["O-acknowledge"].standing(story.now) == "kept"
    story.tell(f.LetterFate, key="k", fate="bounced", why="550 no such user")
    assert story.clocks["O-acknowledge"].running


@pytest.mark.parametrize("provider", FIVE)
def test_every_date_can_say_why(provider: str) -> None:
    story = Story(provider, "2026-04-02 16:00").received()
    for clock in story.clocks.values():
        reasons = why(clock, story.case, story.book)
        assert len(reasons) >= 3
        assert any("Due" in r for r in reasons)
        assert any("Versions" in r for r in reasons)


def test_why_names_the_windows_and_the_days_skipped() -> None:
    story = Story("opus", "2026-04-02 16:00").received()
    reasons = "\n".join(why(story.clocks["O-acknowledge"], story.case, story.book))
    assert "16:00 to 17:30: 1 hour 30 minutes" in reasons
    assert "Good Friday" in reasons
    assert "Easter Monday" in reasons


def test_why_of_the_letter_names_the_rule_and_the_code_it_overlays() -> None:
    story = Story("opus", "2026-04-08 09:00").received()
    reasons = "\n".join(why(story.clocks["adr-letter"], story.case, story.book))
    assert "CH-08" in reasons
    assert "O-8-weeks" in reasons


moments = st.datetimes(
    min_value=london("2026-01-01 00:00").replace(tzinfo=None),
    max_value=london("2027-06-30 00:00").replace(tzinfo=None),
).map(lambda d: d.replace(tzinfo=LONDON, microsecond=0))


@given(start=moments, used=st.integers(0, 60 * 24 * 6), held=st.integers(1, 60 * 24 * 20))
def test_pausing_and_resuming_never_shortens_what_was_left(start: datetime, used: int, held: int) -> None:
    """For every promise of Opus, in its own unit: the due time never comes earlier, and never passes unnoticed."""
    for clause in ("O-acknowledge", "O-handler", "O-3-days"):
        story = Story("opus", "2026-01-01 00:00")
        story.now = start
        plain = story.received().clocks[clause]
        story.later(minutes=used).tell(f.PromisePaused, clock=clause, why="w")
        story.later(minutes=held).tell(f.PromiseResumed, clock=clause)
        stretched = story.clocks[clause]
        assert plain.due is not None
        assert stretched.due is not None
        assert stretched.due >= plain.due


@given(st.lists(moments, min_size=2, max_size=2, unique=True))
def test_within_one_period_a_later_complaint_never_matures_earlier(pair: list[datetime]) -> None:
    first, second = sorted(pair)
    change = london("2026-04-08 00:00")
    if (first < change) != (second < change):
        return
    dues = []
    for received in (first, second):
        story = Story("opus")
        story.now = received
        dues.append(story.received().clocks["adr-letter"].due)
    assert dues[0] is not None
    assert dues[1] is not None
    assert dues[0] <= dues[1]


@given(start=moments, days=st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_updates_never_leave_a_gap(start: datetime, days: list[int]) -> None:
    """Each interval starts where the one before was settled, and only the last is still open."""
    story = Story("opus")
    story.now = start
    story.received().tell(f.HandlerIntroduced, channel="phone").tell(f.UpdateIntervalAgreed, working_days=5)
    for number, gap in enumerate(days):
        story.later(days=gap).tell(f.ContactMade, contact=f"m{number}", channel="phone", purpose="update")
    intervals = [c for c in clocks(story.case, story.book) if c.clause == "O-updates"]
    assert len(intervals) == len(days) + 1
    assert all(a.settled == b.start for a, b in pairwise(intervals))
    assert [c.running for c in intervals] == [False] * len(days) + [True]


def test_a_promise_for_some_channels_only_starts_there() -> None:
    phone_only = Promise(
        "X", Trigger.COMPLAINT_RECEIVED, Owed.CALL_BACK, code("opus").where,
        Period(1, Unit.WORKING_DAYS), channels=frozenset({Channel.PHONE}),
    )  # fmt: skip
    rules = Rulebook(replace(code("opus"), promises=(phone_only,)), law(), book("opus").calendar)
    by_email, by_phone = Story("opus").received(), Story("opus").received("phone")
    by_email.book = by_phone.book = rules
    assert "X" not in by_email.clocks
    assert "X" in by_phone.clocks


def test_a_receipt_found_to_be_earlier_moves_the_dates_with_its_reason() -> None:
    story = Story("opus", "2026-04-08 09:00").received("letter")
    story.tell(
        f.ReceiptCorrected,
        contact="c1",
        received=london("2026-04-07 09:00"),
        why="date stamp of the post room",
    )
    assert story.due("adr-letter") == "2026-06-02 00:00"
    assert london_date(story.clocks["O-acknowledge"].start).isoformat() == "2026-04-07"
    assert story.case.contacts[0].backdated_why == "date stamp of the post room"


def test_dates_do_not_depend_on_the_zone_in_which_a_moment_is_written() -> None:
    here = Story("opus", "2026-07-01 10:00").received()
    there = Story("opus", "2026-07-01 10:00")
    there.now = there.now.astimezone(tz=None) + timedelta(0)
    there.received()
    assert {k: c.due for k, c in here.clocks.items()} == {k: c.due for k, c in there.clocks.items()}


def test_a_repeated_promise_says_what_it_counts_from_and_not_what_began_the_first_one() -> None:
    """An update after an outcome by email once said that it counted from the introduction, by phone, after a receipt."""
    story = Story("example", "2026-11-04 09:20").received("phone")
    story.tell(f.HandlerIntroduced, channel="phone").at("2026-11-09 10:00")
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", words="A refund.")
    first, second = (c for c in clocks(story.case, story.book) if c.owe is Owed.UPDATE)
    assert "handler introduced" in told(first, story.case, story.book)[0]
    assert (second.again, second.number, second.channel) == (True, 2, "")
    said = " ".join(told(second, story.case, story.book))
    assert "every 5 working days, counted from the last one" in said
    assert "Started Monday 9 November 2026, 10 am, with the outcome that was proposed by email" in said
    assert "Day 1 is the next working day after Monday 9 November 2026" in said
    assert "phone" not in said
    assert "receipt" not in said
    assert in_short(Duty("x", "w", "c", Action.UPDATE, dated_by=second)) == (
        "Every 5 working days: the last time was Monday 9 November 2026"
    )


def test_what_has_a_day_is_never_said_to_have_no_period() -> None:
    """After a handover the day stood beside "No period is named": nobody could believe either."""
    story = Story("opus", "2026-11-02 10:00").received().reachable()
    story.tell(f.HandlerAssigned, handler="h1", handler_name="Hana").tell(
        f.HandlerIntroduced, channel="phone"
    )
    story.at("2026-11-04 10:00").tell(f.HandlerAssigned, handler="h2", handler_name="Dev")
    again = story.duties["introduce:again"]
    assert again.due == london("2026-11-06 10:00"), "48 hours from the handover"
    assert in_short(again) == (
        "Another handler has it since Wednesday 4 November 2026, with the code’s time to introduce themselves"
    )
    day, before = london("2026-11-09 00:00"), london("2026-11-05 00:00")
    for action in Action:
        dated = Duty("x", "w", "c", action, due=day, act_from=before)
        assert "No period" not in in_short(dated), action
        assert "No period" not in in_short(replace(dated, act_from=day)), action
    assert in_short(Duty("x", "w", "c", Action.UPDATE, act_from=before)) == (
        "No period is named: it is owed since Thursday 5 November 2026"
    )


def test_the_reasons_for_people_leave_the_versions_to_the_page() -> None:
    story = Story("example", "2026-11-04 09:20").received()
    for clock in clocks(story.case, story.book):
        assert why(clock, story.case, story.book) == (
            *told(clock, story.case, story.book),
            versions(story.book),
        )
        assert not any(
            "Versions" in reason or "Confidence" in reason for reason in told(clock, story.case, story.book)
        )


def test_cases_asked_about_in_turn_keep_their_own_clocks() -> None:
    """What was worked out stays with its case: each asks for its own, of one rulebook, however many came between."""
    stories = [Story("opus", f"2026-04-{day:02} 09:00").received() for day in range(1, 29)]
    shared, many = stories[0].book, [s.case for s in stories] * 20
    expected = [clocks(s.case, Rulebook(s.book.code, s.book.law, s.book.calendar)) for s in stories]
    for _round in range(2):
        assert [clocks(replace(case), shared) for case in many] == expected * 20
    assert len({c[0].due for c in expected}) > 20
    assert clocks(many[3], shared) is clocks(many[3], shared)
    other = book("netfuse")
    assert {c.clause for c in clocks(many[3], other)} != {c.clause for c in clocks(many[3], shared)}
    at, first = many[3].latest, many[3].contacts[0].id
    assert at is not None
    decided = f.ComplaintDecided(at=at, logged=at, contact=first, complaint=False, why="w")
    assert clocks(step(many[3], decided), shared) == (), "a case that became another is worked out anew"

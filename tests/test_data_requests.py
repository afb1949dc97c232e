"""The month of a request about personal data by tables, what stops and lengthens it, and how it may be answered.

DP-03, DP-05, DP-06, DP-08, DP-10, N-gdpr.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import data_answers, data_requests
from amends.core import facts as f
from amends.core.calendar import london_date
from amends.core.care import data, steps
from amends.core.clocks import Kind
from amends.core.duties import Action
from amends.core.kinds import DATA_REQUESTS, CaseKind
from amends.core.letters import LetterMatter, Missing, write
from amends.core.reasons import told
from tests.story import CODES, FIVE, Story, book, code, london

GIVEN = {
    CaseKind.DATA_ACCESS: {"asks": "for themselves", "sent": data.PORTAL},
    CaseKind.DATA_CORRECTION: {"wrong": "Jo Feild", "right": "Jo Field"},
    CaseKind.DATA_OBJECTION: {data.OBJECTS: data.MARKETING},
    CaseKind.DATA_ERASURE: {"to erase": "Everything"},
}


def asked(
    kind: CaseKind = CaseKind.DATA_ACCESS, at: str = "2026-11-02 09:00", provider: str = "opus", **given: str
) -> Story:
    """Somebody makes such a request."""
    story = Story(provider, at)
    story.facts.pop()
    story.tell(
        f.CaseOpened, reference="T-1", provider=provider, code=provider, code_version="v", case_kind=str(kind)
    )
    story.reachable().received()
    story.tell(f.ComplaintDecided, contact="c1", complaint=False, why="They asked.")
    return story.tell(
        f.ParticularsGiven, channel="email", given=json.dumps(given or GIVEN[kind], ensure_ascii=False)
    )


def step(story: Story, name: str, how: str = steps.DONE, again: str = "") -> Story:
    return story.tell(f.StepTaken, step=name, how=how, again=again, words="As said.")


# --- Its month --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-02 09:00", "2026-12-02"),
        ("2026-09-03 23:59", "2026-10-05"),  # 3 October is a Saturday: the Monday after it
        ("2027-01-31 09:00", "2027-03-01"),  # February has no 31st: its last day, a Sunday, rolls on
        ("2026-03-31 09:00", "2026-04-30"),  # April has no 31st
        ("2026-11-25 10:00", "2026-12-29"),  # Christmas, Saturday, Sunday, Monday for Boxing Day
        ("2026-03-03 10:00", "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-07-28 00:00", "2026-08-28"),
    ],
)
def test_its_month_ends_on_the_same_day_of_the_next_or_on_its_last_and_rolls_to_a_working_day(
    received: str, due: str
) -> None:
    story = asked(at=received)
    assert story.due(data_requests.CLOCK) == f"{due} 00:00"
    clock = story.clocks[data_requests.CLOCK]
    assert (clock.kind, clock.clause) == (Kind.LAW, "DP-03")
    reasons = " ".join(told(clock, story.case, story.book))
    assert "within 1 month of its receipt" in reasons
    assert ("DP-05: that is no working day" in reasons) is (
        data_requests.counted(story.case, story.book).plain != date.fromisoformat(due)  # type: ignore[union-attr]  # it is there, or the test fails
    )


@pytest.mark.parametrize("provider", FIVE)
@pytest.mark.parametrize("kind", DATA_REQUESTS)
def test_every_code_gets_it_by_law_and_every_kind_of_request_has_it(provider: str, kind: CaseKind) -> None:
    story = asked(kind, provider=provider)
    assert story.due(data_requests.CLOCK) == "2026-12-02 00:00"
    assert story.case.care
    assert not [c for c in story.clocks.values() if c.id == "adr-letter"]


def test_a_complaint_of_the_same_case_leaves_it_its_month() -> None:
    story = asked().later(days=3).received(contact="c2", words="You never answer")
    story.tell(f.ComplaintDecided, contact="c2", complaint=True, why="Nobody answers.")
    assert story.due(data_requests.CLOCK) == "2026-12-02 00:00"
    assert "adr-letter" in story.clocks


def test_no_request_was_one_before_the_law_began() -> None:
    assert data_requests.CLOCK not in asked(at="2018-05-24 23:59").clocks
    assert data_requests.CLOCK in asked(at="2018-05-25 00:00").clocks


# --- What stops it, and what does not -----------------------------------------------------------------------------------


def test_while_we_wait_to_learn_who_asks_the_days_do_not_count() -> None:
    story = step(asked().at("2026-11-05 10:00"), data.IDENTITY, steps.HELD, "2026-11-10")
    clock = story.clocks[data_requests.CLOCK]
    assert (clock.due, clock.paused) == (None, True)
    assert "we asked them who they are" in clock.times.unknown
    assert story.duties["step:identity"].due == london("2026-11-10 00:00")
    step(story.at("2026-11-12 10:00"), data.IDENTITY)
    assert story.due(data_requests.CLOCK) == "2026-12-09 00:00", "seven days later than 2 December"
    assert "7 days did not count" in " ".join(told(story.clocks[data_requests.CLOCK], story.case, story.book))


def test_asking_once_more_brings_no_second_wait_and_asking_late_brings_nothing_back() -> None:
    story = step(asked().at("2026-11-05 10:00"), data.IDENTITY, steps.HELD, "2026-11-10")
    step(story.at("2026-11-10 10:00"), data.IDENTITY, steps.HELD, "2026-11-15")
    step(story.at("2026-11-12 10:00"), data.IDENTITY)
    assert story.due(data_requests.CLOCK) == "2026-12-09 00:00"
    late = step(asked().at("2026-12-03 10:00"), data.IDENTITY, steps.HELD, "2026-12-10")
    assert late.due(data_requests.CLOCK) == "2026-12-02 00:00"


def test_asking_which_data_stops_a_request_for_a_copy_and_no_other_step_stops_anything() -> None:
    story = step(asked().at("2026-11-03 10:00"), data.CLARIFIED, steps.HELD, "2026-11-10")
    assert story.clocks[data_requests.CLOCK].paused
    story = step(asked(CaseKind.DATA_ERASURE).at("2026-11-03 10:00"), data.DECIDED, steps.HELD, "2026-11-10")
    assert not story.clocks[data_requests.CLOCK].paused


def test_two_months_longer_once_told_within_the_first() -> None:
    story = asked(at="2026-11-30 09:00").at("2026-12-30 23:00")
    assert data_answers.extend(story.case, story.book, story.now, "Eleven years of letters") is None
    story.tell(f.DataRequestExtended, because="it is complex", why="Eleven years of letters")
    assert story.due(data_requests.CLOCK) == "2027-03-01 00:00", (
        "February has no 30th, and its last day is a Sunday"
    )
    refusal = data_answers.extend(story.case, story.book, story.now, "More")
    assert refusal is not None
    assert (refusal.what, refusal.clause) == ("It was made longer once", "DP-03")


def test_it_is_not_made_longer_when_its_month_is_over() -> None:
    story = asked().at("2026-12-03 00:00")
    refusal = data_answers.extend(story.case, story.book, story.now, "Eleven years of letters")
    assert refusal is not None
    assert "2 December" in refusal.what
    refusal = data_answers.extend(asked().case, story.book, london("2026-11-03 10:00"), " ")
    assert refusal is not None
    assert "told why" in refusal.what


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 10, 1)), after=st.integers(0, 27), waited=st.integers(0, 60),
    longer=st.booleans(),
)  # fmt: skip
def test_its_last_day_is_a_working_day_and_waiting_never_brings_it_nearer(
    day: date, after: int, waited: int, longer: bool
) -> None:  # fmt: skip
    plain = asked(at=f"{day} 12:00")
    if longer:
        plain.tell(f.DataRequestExtended, because="it is complex", why="-")
    first = data_requests.counted(plain.case, plain.book)
    step(plain.later(days=after), data.IDENTITY, steps.HELD, "2030-01-01")
    step(plain.later(days=waited), data.IDENTITY)
    then = data_requests.counted(plain.case, plain.book)
    assert first is not None
    assert then is not None
    assert plain.book.calendar.is_working_day(then.day)
    assert first.day <= then.day
    assert then.waited == (london_date(plain.now) - (day + timedelta(days=after))).days


# --- Answering it -----------------------------------------------------------------------------------------------------


def test_an_objection_to_marketing_is_due_at_once_and_is_never_weighed_or_turned_down() -> None:
    story = asked(CaseKind.DATA_OBJECTION, at="2026-11-02 10:00")
    owed = story.duties["step:stopped"]
    assert (owed.clause, owed.at_once) == ("DP-08", True)
    assert owed.due is not None
    assert london_date(owed.due) == date(2026, 11, 3)
    for how in (data_answers.IN_PART, data_answers.REFUSED):
        refusal = data_answers.answer(story.case, how, "grounds", "We like it.")
        assert refusal is not None
        assert refusal.clause == "DP-08"
    refusal = data_answers.refused_stop(story.case, data.STOPPED, steps.NOT_NEEDED)
    assert refusal is not None
    assert refusal.clause == "DP-08"


def test_an_answer_has_its_ground_and_its_reasons_and_what_stands_before_it() -> None:
    story = asked(CaseKind.DATA_CORRECTION)
    for how, ground, why, said in (
        ("perhaps", "", "", "none of the answers"),
        (data_answers.REFUSED, "", "It is right.", "needs its ground"),
        (data_answers.REFUSED, "grounds", "It is right.", "needs its ground"),
        (data_answers.REFUSED, "right as it is", " ", "hears why"),
        (data_answers.DONE, "", "But not all.", "needs no ground"),
        (data_answers.DONE, "", "", "stands before the answer"),
    ):
        refusal = data_answers.answer(story.case, how, ground, why)
        assert refusal is not None, how
        assert said in refusal.what
    assert data_answers.answer(story.case, data_answers.REFUSED, "right as it is", "We looked.") is None
    story.tell(f.IdentityChecked, passed=True, how="Postcode")
    step(step(story, data.IDENTITY), data.CORRECTED)
    assert data_answers.answer(story.case, data_answers.DONE, "", "") is None


def test_nothing_is_handed_out_to_somebody_whom_nobody_has_checked() -> None:
    story = asked().tell(f.DataBundleMade, number=1, documents=0, taken_out=0)
    refusal = data_answers.hand_out(story.case, 1, "portal")
    assert refusal is not None
    assert "who asks" in refusal.what
    story.tell(f.IdentityChecked, passed=False, how="Postcode")
    assert data_answers.hand_out(story.case, 1, "portal") is not None
    story.tell(f.IdentityChecked, passed=True, how="Postcode")
    assert data_answers.hand_out(story.case, 1, "portal") is None
    assert data_answers.hand_out(story.case, 2, "portal") is not None


def test_a_copy_is_fetched_once_and_until_its_day_is_over() -> None:
    story = asked().tell(f.DataBundleMade, number=1, documents=0, taken_out=0)
    story.tell(f.DataBundleGiven, number=1, how="portal", until="2026-11-16")
    assert data_requests.may_fetch(story.case, london("2026-11-16 23:59")) is not None
    assert data_requests.may_fetch(story.case, london("2026-11-17 00:00")) is None
    story.tell(f.DataBundleFetched, number=1)
    assert data_requests.may_fetch(story.case, london("2026-11-10 10:00")) is None


def test_the_acknowledgement_leaves_by_itself_and_the_answer_settles_the_month() -> None:
    story = asked(CaseKind.DATA_ERASURE)
    assert story.duties["send:data-acknowledged"].letter == "data-acknowledged"
    story.letter("data-acknowledged", "k1")
    assert "send:data-acknowledged" not in story.duties
    story.tell(f.IdentityChecked, passed=True, how="Postcode")
    step(step(story, data.IDENTITY), data.DECIDED)
    assert story.duties["step:answered"].action is Action.ANSWER_DATA
    story.later(days=1).tell(f.DataRequestAnswered, answer="done")
    step(story, data.ANSWERED)
    assert story.clocks[data_requests.CLOCK].settled == story.now
    assert steps.met(story.case)


# --- The letters --------------------------------------------------------------------------------------------------------


def matter(story: Story, words: str = "") -> LetterMatter:
    return LetterMatter(
        case=story.case, book=story.book, provider_name="Opus", today=london_date(story.now), now=story.now,
        free_text=words,
    )  # fmt: skip


def words_of(letter: str, story: Story) -> str:
    written = write(letter, matter(story))
    assert not isinstance(written, Missing), written
    return written.text()


def test_the_letters_say_the_day_the_reasons_and_where_one_goes_with_them() -> None:
    said = words_of("data-acknowledged", asked())
    assert "Wednesday 2 December" in said
    assert "be sure that it is you" in " ".join(said.split())
    assert isinstance(write("data-answered", matter(asked())), Missing)
    story = asked(CaseKind.DATA_CORRECTION)
    story.tell(f.DataRequestAnswered, answer="refused", ground="right as it is", why="Your bill says so too.")
    said = words_of("data-refused", story)
    for part in ("what we hold is right", "Your bill says so too", "Information Commissioner", "ask a court"):
        assert part in said, part
    story = asked(
        CaseKind.DATA_ERASURE, **{"to erase": "All", "erased": "The calls", "kept": "The complaint: the law"}
    )
    story.tell(f.DataRequestAnswered, answer="done in part", ground="law", why="We keep it for a year.")
    said = words_of("data-answered", story)
    for part in (
        "The calls",
        "The complaint: the law",
        "the law makes us keep it",
        "Information Commissioner",
    ):
        assert part in said, part


def test_the_privacy_policy_is_named_where_the_code_names_one() -> None:
    assert code("netfuse").privacy_policy == "www.netfuse.net/privacy"
    assert "www.netfuse.net/privacy" in words_of("data-acknowledged", asked(provider="netfuse"))
    assert not code("focus-group").privacy_policy
    assert "privacy policy" not in words_of("data-acknowledged", asked(provider="focus-group"))


def test_a_code_may_promise_an_answer_sooner_than_the_law() -> None:
    from amends.core.build import build
    from amends.core.rulebook import Rulebook

    text = (CODES / "opus.yaml").read_text("utf-8").replace(
        "clauses:\n",
        "clauses:\n  - id: O-data\n    heading: Your data\n    says: We answer what you ask within 10 calendar days.\n"
        "    when: request about personal data\n    owe: request about personal data answered\n"
        "    within: 10 calendar days\n",
        1,
    )  # fmt: skip
    made, problems = build(text, "opus.yaml")
    assert made is not None, problems
    story = asked(CaseKind.DATA_ERASURE)
    story.book = Rulebook(made, book("opus").law, book("opus").calendar)
    assert story.due("O-data") == "2026-11-12 00:00"
    assert story.duties["step:identity"].clause == "O-data", "the earlier duty wins"
    assert story.due(data_requests.CLOCK) == "2026-12-02 00:00"

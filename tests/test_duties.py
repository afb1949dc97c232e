"""What is owed now: by the desk itself, and by people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core import may
from amends.core.calendar import LONDON
from amends.core.duties import Action, Duty, automatic, due_hint
from amends.core.letters.registry import LETTERS
from tests.story import FIVE, Story, london


@pytest.mark.parametrize("provider", [*FIVE, "example"])
def test_an_email_owes_an_acknowledgement_at_once_under_every_code(provider: str) -> None:
    story = Story(provider, "2026-04-08 09:00").received().reachable()
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["acknowledgement"]


def test_once_decided_the_acknowledgement_is_not_owed_again() -> None:
    story = Story("opus").received().reachable().letter("acknowledgement", "k", fate="")
    assert automatic(story.case, story.book, story.now) == ()


def test_a_bounced_acknowledgement_goes_another_way() -> None:
    story = Story("opus").received().reachable(address="1 High Street\nAB1 2CD")
    story.letter("acknowledgement", "k", fate="bounced")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["acknowledgement"]
    story.letter("acknowledgement", "k2", channel="letter", fate="")
    assert automatic(story.case, story.book, story.now) == ()


def test_a_bounced_acknowledgement_without_another_way_is_a_persons_duty() -> None:
    story = Story("opus").received().reachable().letter("acknowledgement", "k", fate="bounced")
    assert automatic(story.case, story.book, story.now) == ()
    assert story.duties["reach:acknowledgement"].action is Action.ADD_WAY


def test_without_any_way_to_reach_them_a_person_is_told_from_the_first_contact() -> None:
    story = Story("opus").received("phone")
    assert "reach:acknowledgement" in story.duties
    assert "reach:adr-letter" in story.duties


def test_a_caller_told_their_reference_on_the_line_is_acknowledged() -> None:
    story = Story("opus").received("phone")
    story.tell(f.ContactMade, contact="m", channel="phone", purpose="acknowledgement")
    assert "reach:acknowledgement" not in story.duties
    assert story.clocks["O-acknowledge"].standing(story.now) == "kept"


def test_the_adr_letter_is_owed_from_midnight_of_its_day_and_not_before() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable().letter("acknowledgement", "k")
    story.at("2026-05-19 23:59")
    assert automatic(story.case, story.book, story.now) == ()
    story.at("2026-05-20 00:00")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]


def test_by_post_it_is_posted_on_the_last_posting_day_before() -> None:
    """13 April 2026 + 42 days is Monday 25 May, a bank holiday: the last collection is on Friday the 22nd."""
    story = Story("opus", "2026-04-13 09:00").received("letter")
    story.tell(f.CustomerKnown, name="Jo", address="1 High Street\nAB1 2CD").letter(
        "acknowledgement", "k", "posted", "letter"
    )
    assert story.due("adr-letter") == "2026-05-25 00:00"
    hint = due_hint(story.case, story.book)
    assert hint is not None
    assert hint.astimezone(LONDON).isoformat() == "2026-05-22T00:00:00+01:00"


def test_undecided_is_owed_within_one_working_day_and_the_letter_leaves_all_the_same() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    decide = story.duties["decide:c1"]
    assert decide.due == london("2026-04-09 17:30")
    story.letter("acknowledgement", "k").at("2026-05-20 00:00")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]


def test_what_is_no_complaint_owes_nothing() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    story.tell(f.ComplaintDecided, contact="c1", complaint=False, why="a question")
    assert story.duties == {}
    assert due_hint(story.case, story.book) is None


def test_reopened_after_its_day_with_no_letter_sent_it_is_owed_at_once() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable().letter("acknowledgement", "k")
    story.at("2026-05-01 10:00").tell(f.CaseClosed, evidence="customer confirmed").at("2026-07-01 10:00")
    assert automatic(story.case, story.book, story.now) == ()
    story.tell(f.CaseReopened, why="it came back")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]


def test_deadlock_owes_the_letter_in_the_same_breath() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable().letter("acknowledgement", "k").refused()
    story.tell(f.DeadlockDeclared, position="p")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]


def test_a_refused_outcome_never_rests() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable().refused()
    assert "Customer Service Manager" in story.duties["refused:o1"].what
    story.tell(
        f.StageEntered,
        stage=1,
        role="Customer Service Manager / Head of Professional Services",
        why="refused",
    )
    assert "refused:o1" not in story.duties
    story.later(days=2).refused("o2")
    assert story.duties["refused:o2"].action is Action.DEADLOCK


def test_an_agreed_time_is_a_duty_until_somebody_says_what_became_of_it() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    story.tell(
        f.ContactTimeAgreed,
        appointment="a",
        starts=london("2026-04-10 14:00"),
        ends=london("2026-04-10 15:00"),
    )
    assert story.duties["keep:a"].due == london("2026-04-10 14:00")
    story.at("2026-04-10 16:00")
    assert story.duties["settle:a"].action is Action.SETTLE_TIME
    story.tell(f.ContactTimeSettled, appointment="a", how="kept")
    assert not {"keep:a", "settle:a"} & set(story.duties)


def test_duties_stand_in_the_order_in_which_they_fall_due() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    falls = [d.falls for d in story.duties.values()]
    dated = [f for f in falls if f is not None]
    assert dated == sorted(dated)
    assert falls[: len(dated)] == dated
    assert [d.id for d in story.duties.values() if d.due is not None and d.falls is None] == []


fates = st.sampled_from(("", "sent", "failed", "bounced", "in doubt"))


@given(st.lists(fates, max_size=4), st.integers(0, 60), st.booleans())
def test_duties_reach_rest(letters: list[str], days: int, by_post_too: bool) -> None:
    """Decide what the desk owes, and it owes nothing at that same instant, whatever befell earlier letters."""
    story = Story("opus", "2026-04-08 09:00").received().reachable()
    if by_post_too:
        story.tell(f.CustomerKnown, address="1 High Street\nAB1 2CD")
    for n, fate in enumerate(letters):
        story.letter("acknowledgement", f"k{n}", fate)
    story.later(days=days)
    rounds = 0
    while owed := automatic(story.case, story.book, story.now):
        rounds += 1
        assert rounds < 5
        for n, duty in enumerate(owed):
            story.letter(duty.letter, f"r{rounds}-{n}", fate="", channel="email")
    hint = due_hint(story.case, story.book)
    assert hint is None or hint > story.now


def test_what_is_written_after_the_closing_is_sorted_by_a_person() -> None:
    story = Story("opus", "2026-04-08 09:00").received().reachable().letter("acknowledgement", "k")
    story.tell(f.ComplaintDecided, contact="c1", complaint=True).later(days=3)
    story.tell(f.CaseClosed, evidence="customer confirmed")
    assert story.duties == {}
    story.later(days=1).received(contact="thanks")
    assert list(story.duties) == ["decide:thanks"]
    story.tell(f.ComplaintDecided, contact="thanks", complaint=False, why="says thank you")
    assert story.duties == {}


def test_a_promise_whose_letter_waits_is_owed_until_it_leaves_and_nobody_writes_it_twice() -> None:
    story = Story("example", "2026-11-04 09:20").received().reachable().letter("acknowledgement", "a")
    story.letter("introduction", "k", "").tell(f.HandlerIntroduced, channel="email", letter="k")
    [duty] = [d for d in story.duties.values() if "Introduce" in d.what]
    assert duty.action is Action.LEAVE
    assert duty.what == "Introduce yourself to the customer: it is written and has not left yet"
    story.tell(f.LetterFate, key="k", fate="sent")
    assert not [d for d in story.duties.values() if "Introduce" in d.what]


def test_an_introduction_that_came_back_is_made_again() -> None:
    story = Story("example", "2026-11-04 09:20").received().reachable().letter("acknowledgement", "a")
    story.tell(f.HandlerAssigned, handler="7", handler_name="Hana")
    story.letter("introduction", "k", "").tell(f.HandlerIntroduced, channel="email", letter="k")
    assert may.introduce(story.case) is not None
    story.tell(f.LetterFate, key="k", fate="bounced")
    assert [d.action for d in story.duties.values() if "Introduce" in d.what] == [Action.INTRODUCE]
    assert may.introduce(story.case) is None
    story.letter("introduction", "k2").tell(f.HandlerIntroduced, channel="email", letter="k2")
    assert not [d for d in story.duties.values() if "Introduce" in d.what]
    assert may.introduce(story.case) is not None


@pytest.mark.parametrize(("received", "due"), [
    ("2026-11-04 09:20", "2026-12-16"),
    ("2026-04-13 09:00", "2026-05-22"),  # 42 days end on a bank holiday: the last collection before it
])  # fmt: skip
def test_an_adr_letter_that_nobody_posts_is_late_from_the_end_of_its_posting_day(
    received: str, due: str
) -> None:
    story = Story("opus", received).received("letter")
    story.tell(f.CustomerKnown, name="Jo", address="1 High Street\nAB1 2CD").letter("acknowledgement", "a")
    story.at(f"{due} 06:00").letter("adr-letter", "k", "", "letter")
    post = story.duties["post:k"]
    assert (post.due, post.clause) == (london(f"{due} 00:00"), "A-law-clock")
    assert not post.late(london(f"{due} 23:59"))
    assert post.late(london(f"{due} 23:59") + timedelta(minutes=2))


def test_any_other_letter_is_posted_by_the_end_of_the_next_working_day() -> None:
    story = Story("opus", "2026-11-06 16:00").received("letter")
    story.tell(f.CustomerKnown, name="Jo", address="1 High Street\nAB1 2CD")
    story.letter("update", "k", "", "letter")
    assert story.duties["post:k"].due == london("2026-11-09 17:30")
    assert story.duties["post:k"].late(london("2026-11-09 17:31"))


def test_what_is_due_at_an_hour_is_late_after_it_where_no_later_limit_is_named() -> None:
    due = london("2026-11-09 11:00")
    settle = Duty("settle:a", "Say what became of it", "A-evidence", Action.SETTLE_TIME, due)
    assert [settle.late(at) for at in (due, london("2026-11-09 11:01"))] == [False, True]
    assert not Duty("assign", "Give the case to a person", "A-evidence", Action.ASSIGN).late(due)


def deadlocked(provider: str, **customer: Any) -> Story:
    """A complaint at deadlock under a code that promises a notice that it cannot be resolved."""
    story = Story(provider, "2026-04-08 09:00").received().reachable(**customer)
    story.letter("acknowledgement", "k").at("2026-04-10 09:00")
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", words="No.").at("2026-04-13 09:00")
    story.tell(f.OutcomeAnswered, outcome="o1", accepted=False, how="recorded by a person", words="I refuse.")
    return story.at("2026-04-14 09:00").tell(f.DeadlockDeclared, position="We can do no more.")


def cannot(story: Story) -> list[Action]:
    return [d.action for d in story.duties.values() if d.what == "Say in writing that we cannot resolve it"]


@pytest.mark.parametrize("provider", ["example", "infinity", "netfuse"])
def test_at_deadlock_the_adr_letter_says_that_we_cannot_resolve_it_and_nobody_need_write_twice(
    provider: str,
) -> None:
    story = deadlocked(provider)
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]
    assert cannot(story) == []
    assert cannot(story.letter("adr-letter", "a", fate="")) == [], "it is written and waits to leave"
    assert cannot(story.at("2026-04-14 10:00").letter("adr-letter", "b")) == []


@pytest.mark.parametrize("provider", ["example", "infinity", "netfuse"])
def test_where_no_adr_letter_is_owed_at_deadlock_a_person_writes_that_we_cannot_resolve_it(
    provider: str,
) -> None:
    """The code promises the notice to everybody; the ADR letter is for those whom the rules cover."""
    story = deadlocked(provider, customer_kind="larger-business", headcount=400)
    assert automatic(story.case, story.book, story.now) == ()
    assert cannot(story) == [Action.SAY_CANNOT]
    assert cannot(story.at("2026-04-14 10:00").letter("cannot-resolve", "c")) == []


def test_an_adr_letter_that_left_before_deadlock_does_not_say_it() -> None:
    story = Story("example", "2026-04-08 09:00").received().reachable().letter("acknowledgement", "k")
    story.at("2026-05-20 00:00").letter("adr-letter", "a").at("2026-05-21 09:00")
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", words="No.")
    story.tell(f.OutcomeAnswered, outcome="o1", accepted=False, how="recorded by a person", words="I refuse.")
    story.at("2026-05-22 09:00").tell(f.DeadlockDeclared, position="We can do no more.")
    assert cannot(story) == [Action.SAY_CANNOT]


def test_what_came_from_the_junk_folder_is_acknowledged_once_a_person_calls_it_a_complaint() -> None:
    story = Story("opus", "2026-04-02 16:00").received(junk=True).reachable()
    assert automatic(story.case, story.book, story.now) == ()
    duty = story.duties["send:acknowledgement"]
    assert (duty.action, duty.letter) == (Action.DECIDE_COMPLAINT, "")
    assert duty.due == london("2026-04-09 13:00"), "its clock runs from its receipt all the same"
    story.tell(f.ComplaintDecided, contact="c1", complaint=True)
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["acknowledgement"]


def test_another_word_of_theirs_that_no_filter_took_for_junk_is_answered_as_ever() -> None:
    story = Story("opus").received(junk=True).reachable().received(contact="c2")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["acknowledgement"]


def test_the_adr_letter_leaves_on_its_day_although_it_all_came_from_the_junk_folder() -> None:
    story = Story("opus", "2026-04-02 16:00").received(junk=True).reachable().at("2026-05-28 00:00")
    assert [d.letter for d in automatic(story.case, story.book, story.now)] == ["adr-letter"]


@pytest.mark.parametrize(
    ("known", "action"),
    [
        ({"prefers": "phone", "phone": "01632 960123"}, Action.CALL), ({"prefers": "phone"}, Action.REPLY),
        ({"prefers": "email", "phone": "01632 960123"}, Action.REPLY), ({"phone": "01632 960123"}, Action.REPLY),
    ],
)  # fmt: skip
def test_whoever_asked_to_be_called_is_called(known: dict[str, str], action: Action) -> None:
    story = (
        Story("focus-group", "2026-07-06 10:00")
        .received()
        .reachable(**known)
        .later(days=2)
        .received(contact="c2")
    )
    assert story.duties["answer:c2"].action is action
    story.tell(f.ContactMade, contact="m", channel="phone", purpose="reply")
    assert "answer:c2" not in story.duties


@pytest.mark.parametrize("letter", [kind.id for kind in LETTERS])
def test_what_is_owed_about_a_letter_names_it_in_words(letter: str) -> None:
    story = Story("opus").received().reachable().letter(letter, "k1", fate="", channel="letter")
    owed = [duty for name, duty in story.duties.items() if name.endswith("k1")]
    assert owed
    assert letter == letter.replace("-", " ") or all(letter not in duty.what for duty in owed), [
        duty.what for duty in owed
    ]

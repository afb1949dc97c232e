"""Promises of the story, the queue's headings and the picture of dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from amends.core import facts as f
from amends.core.clocks import clocks
from amends.desk import queue
from amends.desk.lookup import name_key, phone_key
from amends.desk.owing import NO_DATE
from amends.desk.queue import When
from amends.desk.story import _TELLERS, Look, Papers, tell
from amends.desk.story_to_customer import tell_customer
from amends.desk.strip import ROWS, strip
from tests.story import Story, london

NOW = london("2026-04-09 12:00")


def test_every_kind_of_fact_is_told_in_words() -> None:
    assert set(f.KINDS.values()) - set(_TELLERS) == set()


def test_a_fact_about_a_letter_or_a_contact_stands_with_it() -> None:
    story = Story("opus").received(words="It is down.").reachable().letter("acknowledgement", "k1")
    story.later(days=1).tell(f.ComplaintDecided, contact="c1", complaint=False, why="asked for hours")
    (_, first), *rest = tell(story.facts, Papers(names={"hana": "Hana Price"}))
    assert rest == []
    contact = next(e for e in first if e.look is Look.THEIRS)
    assert contact.more == ("Hana Price found that this was no complaint: asked for hours",)
    letter = next(e for e in first if e.look is Look.LETTER)
    assert letter.more == ("Thursday 2 April 2026, 4 pm: it left",)


def test_a_back_dated_letter_stands_on_the_day_on_which_it_counts() -> None:
    story = Story("opus", "2026-04-09 10:00")
    story.received(
        "letter",
        at=london("2026-04-02 09:00"),
        received=london("2026-04-09 10:00"),
        backdated_why="post room",
    )
    days = tell(story.facts, Papers())
    assert [day.isoformat() for day, _ in days] == ["2026-04-02", "2026-04-09"]
    entry = days[0][1][0]
    assert entry.logged == london("2026-04-09 10:00")
    assert "post room" in entry.more[0]


def test_the_customer_is_told_nothing_that_was_written_for_colleagues() -> None:
    story = Story("opus").received(words="It is down.").reachable()
    story.tell(f.NoteAdded, words="SECRET").tell(f.FindingsRecorded, words="SECRET", fault_owner="SECRET")
    story.tell(f.ContactMade, contact="m1", channel="phone", purpose="update", words="SECRET")
    story.tell(f.ComplaintDecided, contact="c1", complaint=True, why="SECRET")
    story.tell(f.IdentityChecked, passed=True, how="SECRET").tell(
        f.PromisePaused, clock="O-handler", why="SECRET"
    )
    story.tell(f.LetterDecided, key="k", letter="update", channel="email", digest="d", why="SECRET")
    story.tell(f.LetterFate, key="k", fate="failed", why="SECRET")
    told = repr(tell_customer(story.facts, Papers()))
    assert "It is down." in told
    assert "SECRET" not in told
    assert "SECRET" in repr(tell(story.facts, Papers()))


@pytest.mark.parametrize(
    ("falls", "heading"),
    [
        ("2026-04-09 11:59", When.NOW),
        ("2026-04-09 12:01", When.TODAY),
        ("2026-04-10 00:00", When.TODAY),  # a day's end belongs to the day
        ("2026-04-09 00:00", When.NOW),
        ("2026-04-11 00:00", When.TOMORROW),
        ("2026-04-10 23:59", When.TOMORROW),
        ("2026-04-16 09:00", When.WEEK),
        ("2026-04-17 00:00", When.WEEK),
        ("2026-04-17 09:00", When.LATER),
    ],
)  # fmt: skip
def test_a_date_stands_under_the_heading_that_people_would_give_it(falls: str, heading: When) -> None:
    assert queue.when(london(falls), NOW) is heading


def test_what_has_no_date_stands_under_a_heading_of_its_own() -> None:
    assert queue.when(NO_DATE, NOW) is When.NO_DATE


def test_the_end_of_a_summer_day_is_london_s() -> None:
    noon = london("2026-07-01 12:00")
    assert queue.when(london("2026-07-02 00:00"), noon) is When.TODAY
    assert queue.when(london("2026-07-02 00:01"), noon) is When.TOMORROW


def test_the_picture_keeps_to_its_frame_and_names_every_clock_that_runs() -> None:
    story = Story("opus").received().reachable()
    for n in range(2, 30):
        story.later(hours=5).received("webchat", f"c{n}")
    running = clocks(story.case, story.book)
    for moment in (story.now, story.now + timedelta(days=400)):
        found = strip(running, moment)
        assert found is not None
        assert len(found.bars) <= ROWS
        assert all(0 <= place <= 100 for bar in found.bars for place in (bar.start, bar.end, bar.due))
        assert 0 <= found.today <= 100
        assert any("the law" in bar.label for bar in found.bars)
        assert all(bar.standing for bar in found.bars)


def test_a_case_without_dates_has_no_picture() -> None:
    assert strip((), NOW) is None


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("020 8545 8200", "2085458200"),
        ("+44 (0)20 8545 8200", "2085458200"),
        ("12345", ""),
        ("", ""),
        ("x" * 50, ""),
    ],
)
def test_a_number_is_compared_by_its_last_digits(phone: str, key: str) -> None:
    assert phone_key(phone) == key


def test_a_name_is_compared_without_accents_case_and_spaces() -> None:
    assert name_key("  Siobhán   NÍ Dhálaigh ") == "siobhan ni dhalaigh"


def test_the_story_speaks_of_things_by_their_names_and_not_by_their_ids() -> None:
    story = Story("opus").received().reachable().refused()
    story.tell(f.CaseOpened, reference="LB-1", provider="p", code="opus-complaints", code_version="9a62")
    story.tell(f.PromisePaused, clock="O-updates#4", why="we wait for a part")
    story.tell(f.FormatOrdered, order="o", letter="LB-1/adr-letter/1", format="large print", why="asked")
    story.tell(
        f.DatesReplanned, because="versions of program, law and bank holidays: 12ab -> 34cd",
        moved="next due: 2026-04-09T17:30+01:00 -> 2026-04-10T17:30+01:00",
    )  # fmt: skip
    told = repr(tell(story.facts, Papers(names={"test": "Hana Price"})))
    for raw in ("opus-complaints", "9a62", "O-updates#4", "LB-1/", "12ab", "T17:30", "recorded by a person"):
        assert raw not in told
    assert "the promise O-updates (number 4)" in told
    assert "Thursday 9 April 2026, 5:30 pm, now Friday 10 April 2026, 5:30 pm" in told


@pytest.mark.parametrize("telling", [tell, tell_customer])
def test_a_call_and_a_closing_are_told_in_words_and_not_by_our_own_ids(
    telling: Callable[..., object],
) -> None:
    story = Story("opus").received().reachable()
    for number, purpose in enumerate(f.PURPOSES):
        story.tell(f.ContactMade, contact=f"m{number}", channel="phone", purpose=purpose, words="Said.")
    for evidence in f.EVIDENCE:
        story.tell(f.CaseClosed, evidence=evidence)
    told = repr(telling(story.facts, Papers()))
    for raw in (
        *(f"({purpose})" for purpose in f.PURPOSES),
        *(f"case: {evidence}'" for evidence in f.EVIDENCE),
    ):
        assert raw not in told
    assert told.count("closed") >= len(f.EVIDENCE)


def test_a_closing_by_the_customer_s_word_says_whose_word_it_was() -> None:
    story = Story("opus").received().reachable().tell(f.CaseClosed, evidence="customer confirmed")
    assert "closed the case: the customer said that it is settled" in repr(tell(story.facts, Papers()))

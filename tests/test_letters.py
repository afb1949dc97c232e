"""What letters promise: they can be written whenever they are owed, say what the rules ask, and carry no harm."""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core import letters
from amends.core.calendar import london_date
from amends.core.duties import ahead, automatic
from amends.core.letters import (
    ACKNOWLEDGEMENT,
    LAW,
    LETTERS,
    Bullets,
    Details,
    Heading,
    Letter,
    LetterMatter,
    Link,
    Missing,
    Paragraph,
    Quote,
    letter_from_json,
    write,
)
from amends.core.letters.blocks import Block, block_from_json, clean
from amends.core.letters.examples import MEMBER, OTHER_MEMBER, Example, examples
from amends.core.letters.letter import WIDTH, _wrapped
from amends.core.letters.parameters import lacking
from amends.core.rulebook import Rulebook
from amends.core.schemes import Membership
from amends.law import calendars, law
from tests.reading_age import reading_age
from tests.story import CODES, FIVE, Story, book, code, london

ALL = tuple(sorted(path.stem for path in Path(CODES).glob("*.yaml")))
READING_AGE = 10
"""In years; the average reader in the United Kingdom is said to read like a child of nine to eleven."""


def matter(story: Story, **fields: Any) -> LetterMatter:
    """What a letter of this story is written from, at the story's moment."""
    given_ = {
        "case": story.case, "book": story.book, "provider_name": "Larkfield Broadband",
        "today": london_date(story.now), "now": story.now, "memberships": MEMBER,
    }  # fmt: skip
    return LetterMatter(**{**given_, **fields})


def written(letter: str, story: Story, **fields: Any) -> Letter:
    """That letter, which this story reaches."""
    made = write(letter, matter(story, **fields))
    assert isinstance(made, Letter), made
    return made


def missing(letter: str, story: Story, **fields: Any) -> Missing:
    made = write(letter, matter(story, **fields))
    assert isinstance(made, Missing), made.text()
    return made


def flat(letter: Letter) -> str:
    """The words on one line, so that a test does not know where lines end."""
    return " ".join(letter.text().split())


def every_example() -> list[tuple[str, Example]]:
    return [(name, example) for name in ALL for example in examples(book(name))]


EXAMPLES = [
    pytest.param(example, id=f"{name}: {example.letter}, {example.name}") for name, example in every_example()
]


# --- Every letter can be written ----------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_written_under_every_code(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter), letter
    assert letter.subject.startswith("Your ")
    assert example.matter.case.reference in letter.subject


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_row_of_a_letter_stands_empty(example: Example) -> None:
    """A published code may offer a phone and give no number (Netservers does): its letters leave the line out."""
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    rows = [row for block in letter.blocks if isinstance(block, Details) for row in block.rows]
    assert [label for label, value in rows if not value.strip()] == []


def test_every_letter_has_an_example_and_examples_have_names_of_their_own() -> None:
    found = [(e.letter, e.name) for e in examples(book("example"))]
    assert {letter for letter, _ in found} == {kind.id for kind in LETTERS}
    assert len(set(found)) == len(found)


def test_what_the_desk_sends_by_itself_needs_nothing_from_a_person() -> None:
    automatic_ = [kind for kind in LETTERS if kind.automatic]
    assert [kind.id for kind in automatic_] == [
        "acknowledgement",
        "question-again",
        "adr-letter",
        "copy-of-code",
        "data-acknowledged",
    ]
    needs = {parameter.name for kind in automatic_ for parameter in kind.parameters}
    # A code in force, somebody who asked for a copy of it or for data, a question whose day is over: no person adds a word.
    assert needs == {"reference", "first receipt", "code", "copy", "data request", "question"}


def test_the_law_leaves_first_and_then_what_waits_at_the_door() -> None:
    lanes = {kind.id: kind.lane for kind in LETTERS}
    assert [i for i, lane in lanes.items() if lane == LAW] == ["adr-letter"]
    at_the_door = ["acknowledgement", "data-acknowledged", "access-link"]
    assert [i for i, lane in lanes.items() if lane == ACKNOWLEDGEMENT] == at_the_door


def test_an_unknown_letter_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        write("love-letter", matter(Story("example").received()))


STEPS: dict[str, Any] = {
    "assigned": (f.HandlerAssigned, {"handler": "7", "handler_name": "Hana Hall", "phone": "01632 960001"}),
    "introduced": (f.HandlerIntroduced, {"channel": "phone"}),
    "interval": (f.UpdateIntervalAgreed, {"working_days": 5}),
    "called": (f.ContactMade, {"contact": "o1", "channel": "phone", "purpose": "call back"}),
    "missed": (f.ContactMade, {"contact": "o2", "channel": "phone", "purpose": "call back", "reached": False}),
    "updated": (f.ContactMade, {"contact": "o3", "channel": "email", "purpose": "update"}),
    "found": (f.FindingsRecorded, {"fault_owner": "us", "words": "It rained in."}),
    "proposed": (f.OutcomeProposed, {"outcome": "o1", "channel": "email", "words": "We are sorry.", "credit_pence": 500}),
    "wordless": (f.OutcomeProposed, {"outcome": "o2", "channel": "email"}),
    "questioned": (f.QuestionAsked, {"question": "q1", "answer_by": london("2026-12-01 00:00"), "words": "Which lamp?"}),
    "told": (f.QuestionSettled, {"question": "q1", "how": "answered", "contact": "c2"}),
    "refused": (f.OutcomeAnswered, {"outcome": "o1", "accepted": False, "how": "portal"}),
    "accepted": (f.OutcomeAnswered, {"outcome": "o1", "accepted": True, "how": "portal"}),
    "asked on": (f.EscalationAsked, {"channel": "email"}),
    "entered": (f.StageEntered, {"stage": 1, "role": "Managing Director", "why": "asked"}),
    "deadlock": (f.DeadlockDeclared, {"position": "We can do no more."}),
    "deadlock, erased": (f.DeadlockDeclared, {}),
    "wrote again": (f.ContactReceived, {"contact": "c2", "channel": "letter"}),
    "a machine": (f.ContactReceived, {"contact": "c3", "channel": "email", "machine": "out of office"}),
    "complaint": (f.ComplaintDecided, {"contact": "c1", "complaint": True}),
    "no complaint": (f.ComplaintDecided, {"contact": "c1", "complaint": False, "why": "A question."}),
    "home": (f.CustomerKnown, {"customer_kind": "residential"}),
    "large": (f.CustomerKnown, {"customer_kind": "larger-business", "headcount": 40}),
    "paused": (f.PromisePaused, {"clock": "O-handler", "why": "waiting for you"}),
    "later": (f.PromiseExtended, {"clock": "O-handler", "why": "A part is late."}),
    "excepted": (f.AdrExcepted, {"exception": "frivolous or vexatious", "second": "9"}),
    "closed": (f.CaseClosed, {"evidence": "customer confirmed"}),
    "closed, run": (f.CaseClosed, {"evidence": "ADR letter window run"}),
    "closed, silent": (f.CaseClosed, {"evidence": "silence after notices"}),
    "closed, scheme": (f.CaseClosed, {"evidence": "scheme decision carried out"}),
    "closed, not accepted": (f.CaseClosed, {"evidence": "scheme decision not accepted"}),
    "closed, none": (f.CaseClosed, {"evidence": "not a complaint"}),
    "reopened": (f.CaseReopened, {"why": "off again"}),
    "sent": (f.LetterDecided, {"key": "k", "letter": "acknowledgement", "channel": "email", "digest": "d"}),
    "left": (f.LetterFate, {"key": "k", "fate": "sent"}),
    "asked": (f.LetterDecided, {"key": "s", "letter": "silence-notice", "channel": "email", "digest": "d"}),
    "adr": (f.LetterDecided, {"key": "a", "letter": "adr-letter", "channel": "email", "digest": "d"}),
    "adr left": (f.LetterFate, {"key": "a", "fate": "posted"}),
    "referred": (f.SchemeReferred, {"scheme": "cisas", "number": "C 1"}),
    "adr lost": (f.LetterFate, {"key": "a", "fate": "bounced"}),
}  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Anything that may happen to a case, in any order, under any code, over some months."""
    story = Story(
        draw(st.sampled_from(ALL)),
        draw(st.sampled_from(["2026-03-20 10:00", "2026-04-08 23:30", "2026-11-27 16:59"])),
    )
    story.received(draw(st.sampled_from(["email", "phone", "letter", "form", "webchat", "fax"])))
    story.reachable(address="1 High Street\nTown")
    for name in draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=9)):
        kind, fields = STEPS[name]
        story.later(minutes=draw(st.integers(1, 60 * 24 * 20)))
        moments: dict[str, Any] = {}
        if kind is f.ContactReceived:
            moments["received"] = story.now
        if kind is f.PromiseExtended:
            moments["until"] = story.now + timedelta(days=3)
        story.tell(kind, **fields, **moments)
    return story.later(minutes=draw(st.integers(0, 60 * 24 * 60)))


@given(stories(), st.sampled_from([MEMBER, OTHER_MEMBER, ()]))
@settings(max_examples=150)
def test_every_letter_that_the_desk_owes_by_itself_can_be_written(
    story: Story, memberships: tuple[Membership, ...]
) -> None:
    owed = [d for d in ahead(story.case, story.book) if d.letter and d.act_from and d.act_from <= story.now]
    assert list(automatic(story.case, story.book, story.now)) == owed, (
        "the same letters, in the order of a queue"
    )
    for duty in owed:
        assert written(duty.letter, story, memberships=memberships).text()


EXTRA = {
    "link": "https://amends.example/in/abc",
    "link until": "2026-11-04T10:15:00+00:00",
    "answer by": "2026-12-01",
}


@given(stories(), st.booleans())
@settings(max_examples=150)
def test_a_letter_is_written_or_says_which_of_its_needs_is_missing(story: Story, with_words: bool) -> None:
    at_hand = matter(
        story, free_text="We went to look." if with_words else "", extra=EXTRA if with_words else {}
    )
    for kind in LETTERS:
        made = write(kind.id, at_hand)
        if isinstance(made, Letter):
            assert lacking([p for p in kind.parameters if p.name != "outcome"], at_hand) == ()
            check_words(made)
        elif kind.id == "adr-letter" and not lacking(kind.parameters, at_hand):
            assert made.fields == ("right to the letter",)
        else:
            assert made.fields == tuple(p.name for p in lacking(kind.parameters, at_hand))
            assert made.why


def test_a_parameter_of_one_name_is_one_question_for_all_letters() -> None:
    asked = {parameter for kind in LETTERS for parameter in kind.parameters}
    assert sorted(p.name for p in asked) == sorted({p.name for p in asked})
    assert all(p.otherwise for p in asked)


# --- A letter is a folder -----------------------------------------------------------------------------------------

ROOM = Path(letters.__file__).parent
NO_LETTERS = {"sentences"}
"""What lies beside the folders of letters: the sentences that several of them share."""


def folders() -> list[Path]:
    return sorted(p for p in ROOM.iterdir() if p.is_dir() and p.name not in {"__pycache__", *NO_LETTERS})


def test_every_letter_has_a_folder_and_no_folder_lacks_a_letter() -> None:
    assert [folder.name for folder in folders()] == sorted(kind.id.replace("-", "_") for kind in LETTERS)


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_the_folder_of_a_letter_holds_its_entry_its_words_its_parameters_and_its_examples(
    folder: Path,
) -> None:
    assert {path.name for path in folder.glob("*.py")} == {
        "__init__.py", "words.py", "parameters.py", "examples.py",
    }  # fmt: skip
    room = f"amends.core.letters.{folder.name}"
    (kind,) = [kind for kind in LETTERS if kind is import_module(room).LETTER]
    assert kind.id == folder.name.replace("_", "-")
    assert kind.writer.__module__ == f"{room}.words"
    assert kind.examples.__module__ == f"{room}.examples"
    assert kind.parameters is import_module(f"{room}.parameters").PARAMETERS


# --- Dates for both sides -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_message_says_that_there_is_nothing_to_do_or_to_come_beside_a_day_that_it_names(
    example: Example,
) -> None:
    """A question once said that nothing was to be done, and a request's letters that no date was set."""
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    words = flat(letter)
    if "Please answer by" in words or "we still need something" in words:
        assert "You do not need to do anything" not in words
    if "We will answer you by" in words or example.letter in ("data-answered", "data-refused"):
        assert "No date is set" not in words


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_message_names_what_comes_next_from_both_sides(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    headings = [b.text for b in letter.blocks if isinstance(b, Heading)]
    if letter.letter == "adr-letter":
        assert {"How to apply, and by when", "What we will do now"} <= set(headings)
    elif letter.letter == "access-link":
        assert "It works until" in flat(letter)
    else:
        assert {"What we will do, and when", "What you can do, and when"} <= set(headings)


@pytest.mark.parametrize(
    ("received", "opens"),
    [("2026-04-07 10:00", "Tuesday 2 June 2026"), ("2026-04-08 10:00", "Wednesday 20 May 2026")],
)
@pytest.mark.parametrize("name", FIVE)
def test_the_acknowledgement_names_the_day_on_which_the_scheme_opens(
    name: str, received: str, opens: str
) -> None:
    said = flat(written("acknowledgement", Story(name, received).received()))
    assert f"On {opens}: If your complaint is still open" in said
    assert f"From {opens} on you can take your complaint" in said


def test_the_acknowledgement_of_opus_names_the_handler_and_the_contact_time() -> None:
    said = flat(written("acknowledgement", Story("opus", "2026-04-02 16:00").received()))
    assert "By Saturday 4 April 2026, 4 pm: Your case handler will get in touch" in said
    assert "By Thursday 9 April 2026, 5:30 pm: If we have not settled your complaint by then" in said
    assert "24 working hours" not in said, "the acknowledgement itself is what that promise owes"


def test_dates_stand_in_their_order_and_a_late_one_is_owned_up_to() -> None:
    story = Story("example", "2026-11-04 09:20").received().at("2026-11-12 10:00")
    letter = written("update", story, free_text="We are still looking.")
    assert (
        "Was due Friday 6 November 2026, 5:30 pm: We were to reply to your message. We have not done so yet"
        in flat(letter)
    )
    rows = next(b for b in letter.blocks if isinstance(b, Details)).rows
    days = [datetime.strptime(" ".join(label.split(",")[0].split()[-3:]), "%d %B %Y") for label, _ in rows]  # noqa: DTZ007 - only compared
    assert all(one <= other for one, other in pairwise(days))


def test_an_update_names_the_next_update() -> None:
    story = Story("example", "2026-11-04 09:20").received()
    story.tell(f.HandlerIntroduced, channel="phone").at("2026-11-10 10:00")
    assert "By Tuesday 17 November 2026, 5:30 pm: We will tell you how" in flat(
        written("update", story, free_text="Still at it.")
    )


def test_an_introduction_names_the_first_update() -> None:
    story = Story("example", "2026-11-04 09:20").received()
    story.tell(
        f.HandlerAssigned, handler="7", handler_name="Hana Hall", phone="01632 960001", email="hana@x.example"
    )
    said = flat(written("introduction", story))
    assert "By Wednesday 11 November 2026, 5:30 pm: We will tell you how your complaint stands" in said
    assert "My name is Hana Hall" in said
    assert "01632 960001" in said
    assert "hana@x.example" in said


def test_where_the_calendar_ends_the_message_says_that_the_day_will_follow() -> None:
    story = Story("example", "2029-03-05 10:00").received()
    assert "Date to follow: We will reply to your message. We cannot yet work out the day." in flat(
        written("acknowledgement", story)
    )


def test_a_provider_without_a_code_still_names_the_law_s_day() -> None:
    alone = Rulebook(None, law(), calendars()["england-and-wales"])
    letter = written("acknowledgement", Story("example", "2026-11-04 09:20").received(), book=alone)
    assert "On Wednesday 16 December 2026: If your complaint is still open" in flat(letter)


def test_a_larger_business_is_promised_nothing_that_it_has_no_right_to() -> None:
    story = (
        Story("focus-group").received().tell(f.CustomerKnown, customer_kind="larger-business", headcount=40)
    )
    said = flat(written("acknowledgement", story))
    assert "scheme" not in said
    assert "No date is set for our next step." in said


# --- The acknowledgement ------------------------------------------------------------------------------------------


def test_the_acknowledgement_repeats_nothing_that_the_sender_wrote() -> None:
    story = Story("opus").received(
        subject="CHEAP PILLS", words="Buy them at pills.example", sender="x@pills.example"
    )
    story.tell(f.CustomerKnown, name="Buy at www.pills.example")
    letter = written("acknowledgement", story)
    assert "CHEAP" not in letter.subject + letter.text()
    assert "Buy them" not in letter.text()
    assert letter.text().startswith("Dear customer,")


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Priya Nair", "Dear Priya Nair,"),
        ("  Dr. J.R.\tO’Neill \n", "Dear Dr. J.R. O’Neill,"),
        ("Harbour Bakery Ltd", "Dear Harbour Bakery Ltd,"),
        ("محمد علي", "Dear محمد علي,"),
        ("", "Dear customer,"),
        ("https://evil.example", "Dear customer,"),
        ("evil.example", "Dear customer,"),
        ("me@evil.example", "Dear customer,"),
        ("<b>Jo</b>", "Dear customer,"),
        ("Call 0900123456", "Dear customer,"),
        ("a" * 61, "Dear customer,"),
    ],
)
def test_only_what_reads_like_a_name_is_greeted(name: str, greeted: str) -> None:
    story = Story("opus").received().tell(f.CustomerKnown, name=name)
    assert written("acknowledgement", story).blocks[0] == Paragraph(greeted)


def test_the_acknowledgement_confirms_details_and_leads_to_the_portal() -> None:
    story = Story("opus", "2026-11-04 09:20").received("letter").reachable(phone="01632 960812")
    letter = written(
        "acknowledgement", story, portal="https://amends.example/portal/opus/", access_code="MOSS72"
    )
    said = flat(letter)
    assert "We received your complaint on Wednesday 4 November 2026, 9:20 am, by post." in said
    assert "Reference: T-1 Name: Jo Field Email: jo@example.com Phone: 01632 960812" in said
    assert "you can ask for our Customer Service Manager" in said
    assert "020 8545 8200 Monday to Friday 8:30 am to 5:30 pm, not on bank holidays" in said
    assert "Access code: MOSS72" in said
    assert '<a href="https://amends.example/portal/opus/">' in letter.html()


# --- Handling -----------------------------------------------------------------------------------------------------


def test_an_agreed_time_is_confirmed_with_its_window_and_number() -> None:
    story = Story("opus", "2026-11-04 09:20").received()
    story.tell(f.HandlerAssigned, handler="7", handler_name="Hana Hall")
    story.tell(
        f.ContactTimeAgreed, appointment="t", starts=london("2026-11-09 13:00"), ends=london("2026-11-09 14:00"),
        person="7", number="01632 960812",
    )  # fmt: skip
    said = flat(written("contact-time", story))
    assert (
        "When: Monday 9 November 2026, between 1 pm and 2 pm How: By phone On: 01632 960812 With: Hana Hall"
        in said
    )
    assert "Please be ready to speak with us on Monday 9 November 2026" in said
    assert missing("contact-time", story.at("2026-11-09 15:00")).fields == ("contact time",)


def test_a_person_s_id_at_work_is_never_printed() -> None:
    story = Story("opus", "2026-11-04 09:20").received()
    story.tell(
        f.ContactTimeAgreed, appointment="t", starts=london("2026-11-09 13:00"), ends=london("2026-11-09 14:00"),
        person="8371",
    )  # fmt: skip
    assert "8371" not in written("contact-time", story).text()


def test_an_extension_tells_the_new_time_the_reason_and_that_the_law_s_day_stands() -> None:
    story = Story("example", "2026-11-04 09:20").received()
    story.tell(f.PromiseExtended, clock="L-outcome", until=london("2026-12-01 17:30"), why="A part is late.")
    said = flat(written("extension", story))
    assert "We need longer than we promised to tell you what we propose, and we are sorry." in said
    assert "by Tuesday 1 December 2026, 5:30 pm" in said
    assert "A part is late." in said
    assert "By Tuesday 1 December 2026, 5:30 pm: We will tell you what we propose." in said
    assert "On Wednesday 16 December 2026: If your complaint is still open" in said


def test_a_reply_needs_words_and_gives_them_as_they_are() -> None:
    story = Story("opus").received()
    assert missing("reply", story, free_text=" \n ").fields == ("words",)
    letter = written("reply", story, free_text="First.\r\n\r\nSecond *not bold*\nline.")
    assert [b.text for b in letter.blocks if isinstance(b, Paragraph)][2:4] == [
        "First.",
        "Second *not bold*\nline.",
    ]


# --- Outcomes -----------------------------------------------------------------------------------------------------


def test_an_outcome_tells_the_sum_how_it_is_paid_and_what_if_one_does_not_agree() -> None:
    story = Story("opus", "2026-11-04 09:20").received().at("2026-11-10 10:00")
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", credit_pence=1250, words="We were at fault.")
    said = flat(written("outcome", story))
    assert "We were at fault." in said
    assert "What we will pay you: £12.50 How: Credit" in said
    assert "Your complaint can then go to our Customer Service Manager" in said
    assert (
        "you can take your complaint to the Communications Ombudsman. It is free for you and independent"
        in said
    )
    assert "tell us by Tuesday 24 November 2026 whether you accept" in said
    assert "We will not take silence as a yes." in said


def test_the_letter_of_an_outcome_may_be_written_before_the_fact_that_names_it() -> None:
    story = Story("opus", "2026-11-04 09:20").received().at("2026-11-10 10:00")
    before = written(
        "outcome", story, free_text="We were at fault.", extra={"outcome": "o1", "credit_pence": "1250"}
    )
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", credit_pence=1250, words="We were at fault.")
    assert before == written("outcome", story)


def test_the_day_for_an_answer_may_be_the_handler_s_own() -> None:
    story = Story("opus").received().tell(f.OutcomeProposed, outcome="o1", channel="email", words="Sorry.")
    assert "tell us by Tuesday 5 May 2026 whether" in flat(
        written("outcome", story, extra={"answer by": "2026-05-05"})
    )


def test_an_escalation_names_the_role_and_where_to_reach_it() -> None:
    story = Story("netservers", "2026-11-04 09:20").received()
    story.tell(f.StageEntered, stage=1, role="Customer Services Manager", why="asked")
    letter = written("escalation", story)
    assert letter.subject == "Your complaint T-1: it is now with our Customer Services Manager"
    assert "By Wednesday 18 November 2026, 6 pm: You will have our answer in writing." in flat(letter)


@pytest.mark.parametrize("name", ALL)
def test_a_stage_s_contact_is_printed_only_where_it_leads_somewhere(name: str) -> None:
    for stage in code(name).stages:
        story = Story(name).received().tell(f.StageEntered, stage=1, role=stage.role, why="asked")
        said = flat(written("escalation", story))
        assert "given above" not in said
        assert "How to reach them:" not in said or "@" in said or any(c.isdigit() for c in stage.contact)


# --- The ADR letter -----------------------------------------------------------------------------------------------


def at_deadlock(name: str = "opus") -> Story:
    story = Story(name, "2026-05-11 10:00").received().at("2026-06-01 10:00").refused().at("2026-06-09 12:00")
    return story.tell(f.DeadlockDeclared, position="We have refunded all that you paid.")


REQUIRED = (
    "It is free for you. It is independent of us",
    "How to apply, and by when",
    "Tell the scheme of your complaint on its website",
    "That is 12 months from the date of this letter.",
    "This letter does not close your complaint.",
    "T-1",
)
"""What R-08 asks of every ADR letter besides the scheme and the outcome."""


def test_at_deadlock_the_adr_letter_tells_the_position_and_the_scheme_with_every_way_to_reach_it() -> None:
    letter = written("adr-letter", at_deadlock())
    said = flat(letter)
    assert letter.subject == "Your complaint T-1: you can take it to the Communications Ombudsman"
    assert "Your complaint has reached deadlock" in said
    assert "We offer an apology." in said
    assert "you are not happy with it" in said
    assert "We have refunded all that you paid." in said
    assert "Apply by Wednesday 9 June 2027." in said
    for way in ("https://www.commsombudsman.org/", "0330 440 1614", "enquiry@commsombudsman.org", "WA4 6WU"):
        assert way in said
    for required in REQUIRED:
        assert required in said
    assert "award you up to £10,000" in said
    assert "within 28 calendar days" in said
    assert "complaints from businesses with more than 10 people" in said
    assert "CISAS" not in said


def test_at_the_time_limit_with_an_outcome_the_letter_tells_it_and_that_it_can_still_be_accepted() -> None:
    story = Story("netfuse", "2026-04-08 10:00").received().at("2026-05-01 10:00")
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", words="A refund of two months.").at(
        "2026-05-20 00:00"
    )
    said = flat(written("adr-letter", story, memberships=OTHER_MEMBER))
    assert "After 6 weeks it is still not settled." in said
    assert "A refund of two months." in said
    assert "We have not had your answer to it yet." in said
    assert "You can still accept what we proposed." in said
    assert "020 7520 3814" in said
    assert "within 20 working days" in said
    assert "Apply by Thursday 20 May 2027." in said


def test_at_the_time_limit_without_an_outcome_the_letter_tells_what_is_done_and_that_the_work_goes_on() -> (
    None
):
    story = Story("infinity", "2026-03-20 10:00").received().letter("acknowledgement", "k")
    story.tell(f.HandlerAssigned, handler="7", handler_name="Hana Hall").later(days=1)
    story.tell(f.ContactMade, contact="o", channel="phone", purpose="update")
    story.tell(f.FindingsRecorded, words="secret notes of the engineer").at("2026-05-15 09:00")
    said = flat(written("adr-letter", story))
    assert "After 8 weeks it is still not settled." in said
    assert "We have not yet reached an outcome." in said
    for done in (
        "We received your complaint on Friday 20 March 2026.",
        "We confirmed on Friday 20 March 2026 that we had it.",
        "Hana Hall has looked after it since Friday 20 March 2026.",
        "We have been in touch with you once, on Saturday 21 March 2026.",
        "noted what we found on Saturday 21 March 2026.",
        "Hana Hall is working out how to put it right, and will tell you the outcome.",
        "We will go on working on it",
        *REQUIRED,
    ):
        assert done in said
    assert "secret notes" not in said


def test_where_the_scheme_is_not_known_both_are_named_and_the_customer_may_ask() -> None:
    letter = written("adr-letter", at_deadlock(), memberships=())
    said = flat(letter)
    assert letter.subject == "Your complaint T-1: you can take it to an independent scheme"
    for way in (
        "0330 440 1614",
        "020 7520 3814",
        "cisas@cedr.com",
        "enquiry@commsombudsman.org",
        "EC4M 8BU",
        "WA4 6WU",
    ):
        assert way in said
    assert "Please ask us which before you apply" in said


def test_the_scheme_is_that_of_the_day_of_the_letter() -> None:
    moved = (
        Membership("communications-ombudsman", date(2020, 1, 1), date(2026, 6, 8)),
        Membership("cisas", date(2026, 6, 9)),
    )
    story = at_deadlock()
    assert "take it to CISAS" in written("adr-letter", story, memberships=moved).subject
    day_before = partial(written, "adr-letter", story, today=date(2026, 6, 8))
    assert "take it to the Communications Ombudsman" in day_before(memberships=moved).subject


def test_a_membership_that_names_no_approved_scheme_counts_as_not_known() -> None:
    said = flat(written("adr-letter", at_deadlock(), memberships=(Membership("ispa", date(2020, 1, 1)),)))
    assert "Communications Ombudsman" in said
    assert "CISAS" in said


@pytest.mark.parametrize("name", FIVE)
@pytest.mark.parametrize("memberships", [MEMBER, OTHER_MEMBER, ()])
def test_no_letter_prints_what_the_code_gets_wrong_about_schemes(
    name: str, memberships: tuple[Membership, ...]
) -> None:
    for letter in (
        written("adr-letter", at_deadlock(name), memberships=memberships),
        written("outcome", at_deadlock(name)),
    ):
        words = f"{letter.subject}\n{letter.text()}"
        assert law().retired_in(words, date(2026, 6, 9)) == ()
        assert law().not_scheme_mentions(words) == ()
        assert "6 months" not in words
        assert "9 months" not in words


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        (f.CustomerKnown, {"customer_kind": "larger-business", "headcount": 11}, "CH-05"),
        (f.AdrExcepted, {"exception": "frivolous or vexatious", "second": "9"}, "R-09"),
        (f.ComplaintDecided, {"contact": "c1", "complaint": False}, "A-was-it-a-complaint"),
    ],
)
def test_no_adr_letter_where_there_is_no_right_to_one_and_the_reason_is_said(
    kind: type[f.Fact], fields: dict[str, Any], why: str
) -> None:
    refused = missing("adr-letter", at_deadlock().tell(kind, **fields))
    assert refused.fields == ("right to the letter",)
    assert why in refused.why


def test_a_letter_that_goes_by_post_before_its_day_names_the_day() -> None:
    story = Story("opus", "2026-05-17 10:00").received().at("2026-06-26 09:00")  # due on Sunday 28 June
    said = flat(written("adr-letter", story))
    assert "From Sunday 28 June 2026 on, 6 weeks after that day, you have the right to take it" in said
    assert "You now have" not in said


def test_a_deadlock_whose_words_were_erased_still_gives_a_position() -> None:
    story = Story("opus", "2026-05-11 10:00").received().at("2026-06-09 12:00").tell(f.DeadlockDeclared)
    assert "we stand by what we told you" in flat(written("adr-letter", story))


def test_before_the_law_knew_schemes_there_is_no_guessing() -> None:
    refused = missing("adr-letter", at_deadlock(), today=date(2017, 1, 2))
    assert refused.fields == ("scheme",)
    assert "2 January 2017" in refused.why


def test_after_the_adr_letter_every_message_names_its_last_day() -> None:
    story = at_deadlock().letter("adr-letter", "a").later(days=1)
    said = flat(written("update", story, free_text="As you asked."))
    assert "Our letter of Tuesday 9 June 2026 tells you how" in said
    assert "You can do so until Wednesday 9 June 2027." in said


# --- The end ------------------------------------------------------------------------------------------------------


def test_silence_is_asked_about_only_under_a_code_with_a_clause_for_it() -> None:
    assert missing("silence-notice", Story("opus").received()).fields == ("silence clause",)
    story = Story("example", "2026-11-04 09:20").received().at("2026-11-18 10:00").tell(
        f.OutcomeProposed, outcome="o1", channel="email", words="A new router."
    ).at("2026-12-03 10:00")  # fmt: skip
    first = flat(written("silence-notice", story))
    assert "A new router." in first
    assert "write to you once more, not before Thursday 17 December 2026" in first
    second = flat(written("silence-notice", story.letter("silence-notice", "s1").at("2026-12-18 10:00")))
    assert (first.count("silence"), second.count("silence")) == (1, 1), "each thing is said once"
    assert "one of our managers may decide, not before Wednesday 6 January 2027" in second
    heard = story.later(hours=1).received(contact="c9").later(hours=1)
    assert "write to you once more" in flat(written("silence-notice", heard)), (
        "an answer starts the count again"
    )


@pytest.mark.parametrize("evidence", f.EVIDENCE)
def test_a_closing_tells_its_evidence_and_how_to_open_it_again(evidence: str) -> None:
    story = Story("example", "2026-11-04 09:20").received().tell(f.CaseClosed, evidence=evidence)
    said = flat(written("closed", story))
    assert "is closed." in said
    assert "We will open it again, and it will still count from Wednesday 4 November 2026." in said


def test_a_closing_by_the_customer_s_word_names_the_day_and_the_sum() -> None:
    story = Story("opus", "2026-11-04 09:20").received()
    story.tell(f.OutcomeProposed, outcome="o1", channel="email", credit_pence=500, words="£5.").later(days=1)
    story.tell(f.OutcomeAnswered, outcome="o1", accepted=True, how="portal")
    story.tell(f.CaseClosed, evidence="customer confirmed")
    said = flat(written("closed", story))
    assert "You told us on Thursday 5 November 2026 that it is settled." in said
    assert "We agreed to pay you £5" in said


def test_money_that_is_owed_is_a_step_of_ours_until_the_customer_has_it_on_a_closed_case_too() -> None:
    """A credit note once gave the day, and then said that no date was set for our next step."""
    story = Story("example", "2026-11-04 09:20").received().letter("acknowledgement", "a")
    story.at("2026-11-18 10:00").tell(
        f.AwardPrepared, award="1", award_kind="credit", basis="goodwill", clause="L-compensation", pence=1155,
        words="For your trouble", beyond_control="no", looked_at="Our cabinet.",
    )  # fmt: skip
    story.tell(
        f.OutcomeProposed, outcome="o1", channel="email", credit_pence=1155, awards="1", words="Sorry."
    )
    story.at("2026-11-19 09:00").tell(f.OutcomeAnswered, outcome="o1", accepted=True, how="portal")
    story.tell(f.CaseClosed, evidence="customer confirmed", how="portal")
    step = "By Saturday 19 December 2026: You will have the £11.55 that we owe you."
    for letter in ("closed", "credit-note"):
        said = flat(written(letter, story, extra={"award": "1"}))
        assert step in said
        assert "no further step" not in said
    late = flat(written("closed", story.at("2026-12-21 10:00")))
    assert "Was due Saturday 19 December 2026: You were to have the £11.55 that we owe you." in late
    story.tell(f.AwardFate, award="1", fate="given", billing="B-1", why="Bill 12")
    assert "so no further step of ours is due" in flat(written("closed", story))


def test_the_letter_that_we_cannot_settle_it_says_what_is_wanting_to_go_to_the_scheme_before_the_day() -> (
    None
):
    example = next(e for e in examples(book("example")) if e.letter == "cannot-resolve")
    letter = write("cannot-resolve", example.matter)
    assert isinstance(letter, Letter)
    assert "if we write that we can do no more" not in flat(letter), "this letter has just written it"
    assert "If you tell us that you are not happy with this answer, and we have nothing to add to it" in flat(
        letter
    )


def test_once_the_customer_has_agreed_and_has_the_money_the_letter_says_that_nothing_more_is_due() -> None:
    (shown,) = [e for e in examples(book("example")) if (e.letter, e.name) == ("credit-note", "on a bill")]
    letter = write(shown.letter, shown.matter)
    assert isinstance(letter, Letter)
    assert "You accepted our answer. Nothing more is due from us." in flat(letter)
    assert "No date is set" not in letter.text()


def test_a_question_that_is_asked_again_names_its_new_day_among_what_the_customer_can_do() -> None:
    (shown,) = [e for e in examples(book("example")) if e.letter == "question-again"]
    letter = write(shown.letter, shown.matter)
    assert isinstance(letter, Letter)
    _, _, yours = flat(letter).partition("What you can do, and when")
    (day,) = re.findall(r"please answer by (\w+ \d+ \w+ \d+)", flat(letter))
    assert f"Please answer what we asked you on Tuesday 10 November 2026 by {day}." in yours


def test_where_we_proposed_nothing_the_letter_that_we_cannot_settle_it_says_why_and_promises_no_proposal() -> (
    None
):
    story = Story("example", "2026-11-04 09:20").received()
    assert "We will tell you what we propose." in flat(written("update", story, free_text="Still at it."))
    said = flat(written("cannot-resolve", story, free_text="No fibre comes to your street this year."))
    assert "What we say ----------- No fibre comes to your street this year." in said
    assert "We have not yet told you an outcome" not in said
    assert "what we propose" not in said


def test_a_sum_of_one_line_is_not_worked_out_twice() -> None:
    story = Story("example", "2026-11-04 09:20").received()
    line = {
        "pence": 2899,
        "lines": [["Credit for what went wrong", "28.99"]],
        "rounding": "NONE",
        "clause": "",
    }
    story.tell(
        f.AwardPrepared, award="1", award_kind="credit", basis="goodwill", clause="", pence=2899,
        words="Credit for what went wrong", arithmetic=json.dumps(line),
    )  # fmt: skip
    story.tell(
        f.OutcomeProposed, outcome="o1", channel="email", credit_pence=2899, awards="1", words="Sorry."
    )
    letter = flat(written("outcome", story))
    assert "What it is for: Credit for what went wrong" in letter
    assert (letter.count("£28.99"), "How we worked it out" in letter) == (1, False)
    two = {**line, "lines": [["Two visits", "20.00"], ["A month", "8.99"]]}
    story.tell(f.AwardPrepared, award="2", award_kind="credit", basis="goodwill", clause="", pence=2899, words="Both",
               arithmetic=json.dumps(two))  # fmt: skip
    story.tell(
        f.OutcomeProposed, outcome="o2", channel="email", credit_pence=2899, awards="2", words="Sorry."
    )
    assert "Two visits: £20" in flat(written("outcome", story))


def test_the_cover_of_the_case_file_tells_the_complaint_in_the_customer_s_words() -> None:
    story = Story("example", "2026-04-07 10:00")
    story.received(
        subject="Very slow", words="Every evening from six\nuntil ten a film stops. " + "So it is. " * 90
    )
    story.at("2026-06-10 10:00").tell(f.SchemeReferred, scheme="cisas", by="handler")
    made = written("case-file", story)
    (quote,) = [b.text for b in made.blocks if isinstance(b, Quote)]
    assert quote.startswith("Very slow: Every evening from six until ten a film stops. So it is.")
    assert len(quote) == 600
    assert quote.endswith("…")


def test_the_cover_of_the_case_file_says_that_a_complaint_was_opened_again() -> None:
    story = Story("example", "2026-04-07 10:00").received().tell(f.CaseClosed, evidence="customer confirmed")
    story.at("2026-05-01 10:00").tell(f.CaseReopened, why="off again")
    story.at("2026-06-10 10:00").tell(f.SchemeReferred, scheme="cisas", by="handler")
    said = flat(written("case-file", story))
    assert "The complaint was closed, and opened again on Friday 1 May 2026: it was not settled." in said


def test_reopening_names_the_first_receipt() -> None:
    story = Story("opus", "2026-04-07 10:00").received().tell(f.CaseClosed, evidence="customer confirmed")
    story.at("2026-05-01 10:00").tell(f.CaseReopened, why="off again")
    said = flat(written("reopened", story))
    assert "It still counts from Tuesday 7 April 2026, when we first received it" in said
    assert "On Tuesday 2 June 2026: If your complaint is still open" in said


def test_a_sign_in_link_is_only_ever_a_link_of_ours() -> None:
    story = Story("opus", "2026-11-04 09:20").received()
    until = london("2026-11-04 09:35").isoformat()
    letter = written(
        "access-link", story, extra={"link": "https://amends.example/in/abc", "link until": until}
    )
    assert "https://amends.example/in/abc" in letter.text().split()
    assert "It works until Wednesday 4 November 2026, 9:35 am, and only once." in flat(letter)
    assert missing("access-link", story, extra={"link": "javascript:alert(1)"}).fields == ("link",)
    assert missing("access-link", story).fields == ("link",)


# --- Words do no harm ---------------------------------------------------------------------------------------------

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&\"'`#$*_[]{}\\\u202e\u2066\u200b\ufeff\ud800\x00\x1b\r\n\t\U000e0041"),
    ),
    max_size=80,
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "p", "br", "h2", "table", "tr", "th", "td", "ul", "li",
    "blockquote", "a",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"lang", "charset", "name", "content", "dir", "scope", "href"}


class Markup(HTMLParser):
    """Reads a letter's HTML as a browser would, and keeps whatever is in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_words(letter: Letter) -> None:
    """Nothing in the letter is markup, hides, turns round or overflows, whoever wrote it."""
    read = Markup(letter.html())
    assert read.open == []
    assert read.tags <= ALLOWED
    assert read.attributes <= ALLOWED_ATTRIBUTES
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in read.links)
    assert "\n" not in letter.subject
    for words in (letter.subject, letter.text()):
        assert all(unicodedata.category(c) not in ("Cc", "Cs") or c == "\n" for c in words)
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff") & set(words)
    for line in letter.text().split("\n"):
        assert len(line) <= WIDTH or " " not in line.strip()
    assert letter_from_json(letter.to_json()) == letter
    assert letter_from_json(letter.to_json()).digest == letter.digest


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=60)
def test_names_outcomes_and_free_words_are_data_in_every_letter(name: str, outcome: str, words: str) -> None:
    story = at_deadlock("example").tell(f.CustomerKnown, name=name, address=outcome, account=words)
    story.tell(f.OutcomeProposed, outcome="o9", channel="email", words=outcome)
    story.tell(f.HandlerAssigned, handler="7", handler_name=name, email=words, phone=outcome)
    story.tell(f.DeadlockDeclared, position=words)
    for kind in LETTERS:
        made = write(
            kind.id, matter(story, free_text=words, provider_name=name, portal=outcome, access_code=words)
        )
        if isinstance(made, Letter):
            check_words(made)


TAGS = (
    "<script>alert(1)</script>",
    "</p></blockquote><img src=x>",
    '"><a href="https://evil.example">',
    "<!--",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("words", TAGS)
def test_tags_in_anybody_s_words_are_shown_and_not_read(words: str) -> None:
    story = at_deadlock("example").tell(f.CustomerKnown, name=words, address=words)
    story.tell(f.OutcomeProposed, outcome="o9", channel="email", words=words).tell(
        f.DeadlockDeclared, position=words
    )
    for kind in LETTERS:
        made = write(kind.id, matter(story, free_text=words, provider_name=words))
        if isinstance(made, Letter):
            check_words(made)
            assert "evil.example" not in "".join(Markup(made.html()).links)
            assert words in made.text()


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=90), min_size=1, max_size=80))
def test_plain_text_loses_no_word(words: list[str]) -> None:
    for block in (Paragraph(" ".join(words)), Quote(" ".join(words)), Bullets((" ".join(words),))):
        assert Letter("reply", "s", (block,)).text().replace("* ", "").split() == words


@given(HOSTILE)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b\x1bc", "abc"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("half \ud83d of", "half \ufffd of"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("a\n\n\n\n\nb  \n", "a\n\nb"),
        ("e\u0301", "é"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_misleads_goes_and_what_a_script_needs_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_links_are_made_only_of_what_is_ours() -> None:
    theirs = Letter(
        "reply", "s", (Details((("Name", "https://evil.example/"),)), Link("Look", "javascript:alert(1)"))
    )
    assert "<a " not in theirs.html()
    ours = Letter(
        "reply", "s", (Details((("Web", "https://x.example/?a=1&b=2"), ("Email", "a@x.example")), ours=True),)
    )
    assert Markup(ours.html()).links == ["https://x.example/?a=1&b=2", "mailto:a@x.example"]


BLOCKS: tuple[Block, ...] = (
    Paragraph("a\nb"),
    Heading("h"),
    Details((("l", "v\nw"),), ours=True),
    Bullets(("x", "y")),
    Quote("q\n\nr"),
    Link("t", "https://x.example/"),
)


def test_every_kind_of_block_goes_to_json_and_back() -> None:
    assert {type(block) for block in BLOCKS} == set(get_args(Block))
    assert tuple(block_from_json(block.to_json()) for block in BLOCKS) == BLOCKS


def test_a_block_of_a_newer_program_is_refused() -> None:
    with pytest.raises(ValueError, match="no block"):
        block_from_json({"kind": "picture", "source": "x"})


def test_the_digest_is_that_of_the_words_and_of_nothing_else() -> None:
    letter = Letter("reply", "s", BLOCKS)
    others = [
        replace(letter, subject="t"),
        replace(letter, letter="update"),
        replace(letter, blocks=BLOCKS[:-1]),
        replace(letter, blocks=(Paragraph("a\nc"), *BLOCKS[1:])),
    ]
    assert len({letter.digest, *(o.digest for o in others)}) == 5
    assert replace(letter, lane=3).digest == letter.digest
    assert letter.digest == "31417ba3a8e796c63b3ae4cd46c3c1f79a16889e803a25126bafa71c6b4a6185"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_digest_can_be_worked_out_from_the_frozen_words_alone(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    words = {name: value for name, value in letter.to_json().items() if name != "lane"}
    whole = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert letter.digest == hashlib.sha256(whole.encode()).hexdigest()


@given(
    st.text(st.sampled_from("aé—  \u00a0\u2003\n-الله字"), max_size=120), st.sampled_from(["", "* ", "    "])
)
def test_lines_break_as_the_standard_library_breaks_them(text: str, begin: str) -> None:
    """A line that fits is not handed to it, and reads as if it had been."""
    then = " " * len(begin)
    expected = []
    for number, line in enumerate(text.split("\n")):
        first = then if number else begin
        lines = textwrap.wrap(
            line, WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False,
            break_on_hyphens=False,
        )  # fmt: skip
        expected += lines or [""]
    assert _wrapped(text, begin, then) == "\n".join(expected)


def test_no_line_ends_within_a_date_or_a_time() -> None:
    for before in range(70):
        said = f"{'x ' * (before // 2)}{'y' * (before % 2 + 1)} by Monday 30 November 2026, 5:30 pm or at 12 noon."
        letter = Letter("reply", "s", (Paragraph(said), Quote(said), Bullets((said,))))
        assert " ".join(letter.text().split()).count(said) == 3
        for whole in ("30 November 2026", "5:30 pm", "12 noon"):
            assert letter.text().count(whole) == 3
        assert (
            '<span class="whole">LB-4F7-2KQ</span>'
            in Letter("reply", "s", (Paragraph("It is LB-4F7-2KQ."),)).html()
        )
        assert letter.html().count("30\u00a0November\u00a02026, 5:30\u00a0pm or at 12\u00a0noon") == 3


@pytest.mark.parametrize("number", ["0330 123 4567", "020 7946 0000", "+44 (0)20 7946 0000", "01632 960123"])
def test_no_line_ends_within_a_telephone_number(number: str) -> None:
    for before in range(70):
        said = f"{'x ' * (before // 2)}{'y' * (before % 2 + 1)} by phone on {number}, or write to us."
        letter = Letter("reply", "s", (Paragraph(said), Quote(said), Bullets((said,))))
        assert " ".join(letter.text().split()).count(said) == 3
        assert letter.text().count(number) == 3
        assert letter.html().count(number.replace(" ", "\u00a0")) == 3


def test_plain_text_is_laid_out_for_reading() -> None:
    assert Letter("reply", "s", BLOCKS).text() == (
        "a\nb\n\nh\n-\n\nl:\n  v\n  w\n\n* x\n* y\n\n    q\n\n    r\n\nt:\nhttps://x.example/\n"
    )


# --- Anybody can read them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_child_of_ten_can_read_it(example: Example) -> None:
    letter = write(example.letter, example.matter)
    assert isinstance(letter, Letter)
    case, stages = example.matter.case, example.matter.book.code.stages if example.matter.book.code else ()
    names = [scheme.name for scheme in example.matter.book.law.schemes]
    names += [
        example.matter.provider_name,
        case.reference,
        case.handler_name,
        case.customer.name,
        case.stage_role,
    ]
    names += [stage.role for stage in stages]
    assert reading_age(letter, names) <= READING_AGE


def test_the_measure_of_reading_age_tells_plain_words_from_hard_ones() -> None:
    plain = Letter("reply", "s", (Paragraph("We will call you. We will put it right."),))
    hard = Letter(
        "reply", "s",
        (Paragraph("Notwithstanding contractual stipulations, supplementary remuneration remains discretionary."),),
    )  # fmt: skip
    assert reading_age(plain, ()) < 7
    assert reading_age(hard, ()) > 18


ON_ITS_WAY = [
    ("introduction", f.HandlerIntroduced, {}, "Your case handler will get in touch", "says who looks after"),
    ("update", f.ContactMade, {"contact": "o1", "purpose": "update"}, "tell you how", "tells you how your"),
    ("reply", f.ContactMade, {"contact": "o1", "purpose": "reply"}, "We will reply to your message", "answers you"),
    (
        "outcome", f.OutcomeProposed, {"outcome": "o1", "words": "A refund."}, "tell you what we propose",
        "tells you what we propose",
    ),
]  # fmt: skip


@pytest.mark.parametrize("fate", ["", "sent", "bounced"])
@pytest.mark.parametrize(("letter", "fact", "fields", "promised", "written_"), ON_ITS_WAY)
def test_what_is_written_and_has_not_left_is_on_its_way_and_is_not_promised_again(
    fate: str, letter: str, fact: Any, fields: dict[str, Any], promised: str, written_: str
) -> None:
    """Two letters that arrive together once said: I am your handler; and: your handler will say who they are."""
    story = Story("example", "2026-11-04 09:20").received().letter("acknowledgement", "a")
    story.tell(f.HandlerAssigned, handler="7", handler_name="Hana Hall", phone="01632 960001")
    if letter != "introduction":
        story.tell(f.HandlerIntroduced, channel="phone")
    story.at("2026-11-05 10:00").letter(letter, "k", "")
    story.tell(fact, channel="email", letter="k", **fields)
    if fate:
        story.tell(f.LetterFate, key="k", fate=fate)
    said = flat(written("contact-time", agreed(story)))
    assert (f"Written on Thursday 5 November 2026: Our letter, which {written_}" in said) is (fate == "")
    if fate == "bounced":
        assert promised in said, "what came back is owed as before"
    elif letter == "update":
        assert "By Thursday 12 November 2026, 5:30 pm: We will tell you how" in said, "the next one"
    else:
        assert promised not in said


def agreed(story: Story) -> Story:
    """The story with a time to speak, which any letter may confirm."""
    return story.tell(
        f.ContactTimeAgreed, appointment="t", starts=london("2026-12-01 10:00"),
        ends=london("2026-12-01 11:00"), channel="phone",
    )  # fmt: skip


def test_a_letter_in_the_post_room_has_no_late_apology_for_what_it_says() -> None:
    story = Story("example", "2026-11-04 09:20").received("letter").letter("acknowledgement", "a")
    story.at("2026-11-05 10:00").letter("reply", "k", "", "letter")
    story.tell(f.ContactMade, channel="letter", contact="o1", purpose="reply", letter="k")
    said = flat(written("update", story.at("2026-11-12 10:00"), free_text="We go on."))
    assert "We were to reply to your message" not in said
    assert "Written on Thursday 5 November 2026: Our letter, which answers you, is on its way to you." in said

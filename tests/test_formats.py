"""What the desk promises of formats: who makes which, orders with their clock, and needs that are asked about again.

C5-01, C5-04; N-formats, O-formats, O-arrangements.
"""

from __future__ import annotations

from datetime import date

import pytest

from amends.core import facts as f
from amends.core.code import Unit
from amends.core.duties import Action, automatic
from amends.core.formats import CLAUSE, ORDER_WITHIN, Format, by_a_person, clause, letter_format
from tests.story import Story, code


def needs(story: Story, wanted: str, **fields: str) -> Story:
    return story.tell(f.FormatNeeded, **{"format": wanted, "consent": "agreed on the call", **fields})


def test_a_need_is_kept_with_its_consent_and_the_newest_word_counts() -> None:
    story = Story("opus").received()
    assert story.case.format is Format.STANDARD
    assert needs(story, "Braille").case.format is Format.BRAILLE
    assert needs(story, "large print").case.format is Format.LARGE_PRINT
    assert needs(story, "").case.format is Format.STANDARD
    assert story.case.format_need is not None
    assert story.case.format_need.consent == "agreed on the call"


def test_which_format_somebody_needs_is_erased_with_their_words() -> None:
    need = needs(Story("opus").received(), "Braille", review="2027-04-02").facts[-1]
    written = f.write(need)
    assert written.open == {"review": "2027-04-02", "carried_from": ""}
    erased = f.WrittenFact(written.kind, written.at, written.logged, written.by, written.open, {})
    again = f.read(erased)
    assert isinstance(again, f.FormatNeeded)
    assert again.format == Format.STANDARD


@pytest.mark.parametrize(
    ("wanted", "channel", "voice", "person"),
    [
        (Format.STANDARD, "letter", False, False), (Format.LARGE_PRINT, "email", False, False),
        (Format.LARGE_PRINT, "letter", False, False), (Format.PLAIN_TEXT, "email", False, False),
        (Format.PLAIN_TEXT, "letter", False, False), (Format.BRAILLE, "email", True, True),
        (Format.BRAILLE, "letter", True, True), (Format.AUDIO, "email", True, False), (Format.AUDIO, "email", False, True),
        (Format.AUDIO, "letter", True, True), (Format.SIGN_LANGUAGE, "email", True, True),
    ],
)  # fmt: skip
def test_a_person_makes_what_no_machine_here_can(
    wanted: Format, channel: str, voice: bool, person: bool
) -> None:
    assert bool(by_a_person(wanted, channel, voice=voice)) is person


def test_a_sign_in_link_works_for_minutes_and_goes_in_no_other_format() -> None:
    assert letter_format(Format.BRAILLE, "access-link") is Format.STANDARD
    assert letter_format(Format.BRAILLE, "outcome") is Format.BRAILLE


@pytest.mark.parametrize(
    ("name", "cited"), [("netfuse", "N-formats"), ("opus", "O-formats"), ("infinity", CLAUSE)]
)
def test_a_format_is_owed_by_the_code_s_own_clause_else_by_the_rule(name: str, cited: str) -> None:
    assert clause(code(name)) == cited
    assert clause(None) == CLAUSE


def ordered(story: Story) -> Story:
    story.letter("acknowledgement", "T-1/acknowledgement/1")
    return story.tell(
        f.FormatOrdered, order="1", letter="T-1/acknowledgement/1", format="Braille", why="It is embossed."
    )


def test_an_order_is_a_duty_for_a_person_within_five_working_days() -> None:
    story = ordered(Story("opus", "2026-04-02 16:00").received().reachable())  # Thursday before Easter
    duty = story.duties["format:1"]
    assert (ORDER_WITHIN.amount, ORDER_WITHIN.unit) == (5, Unit.WORKING_DAYS)
    assert (duty.what, duty.clause, duty.action) == (
        "Send the acknowledgement in Braille", "O-formats", Action.SEND_FORMAT,
    )  # fmt: skip
    assert duty.due is not None
    # Good Friday and Easter Monday are no working days: 7, 8, 9, 10 and 13 April are.
    assert duty.due.date() == date(2026, 4, 13)
    assert duty.role == "agent"
    assert not duty.letter, "no letter waits for it"


def test_an_order_is_owed_on_a_closed_case_too_and_ends_when_it_has_left() -> None:
    story = ordered(Story("opus").received().reachable())
    story.tell(f.CaseClosed, evidence="customer confirmed", how="portal")
    assert "format:1" in story.duties
    assert "format:1" not in story.tell(f.FormatDispatched, order="1", how="Posted.").duties
    assert story.case.format_orders[0].dispatched == story.now


def test_of_a_letter_that_was_withdrawn_nothing_is_made() -> None:
    story = ordered(Story("opus").received().reachable())
    story.tell(f.LetterFate, key="T-1/acknowledgement/1", fate="withdrawn")
    assert "format:1" not in story.duties


def test_an_order_whose_words_were_erased_still_stands() -> None:
    story = Story("opus").received().letter("acknowledgement", "k")
    story.tell(f.FormatOrdered, order="1", letter="k")
    assert story.duties["format:1"].what == "Send the acknowledgement in the customer’s format"


@pytest.mark.parametrize("wanted", [w for w in Format if w])
def test_no_clock_of_a_letter_waits_for_a_format(wanted: Format) -> None:
    plain = Story("opus").received().reachable()
    special = needs(Story("opus").received().reachable(), str(wanted))
    assert {k: c.due for k, c in plain.clocks.items()} == {k: c.due for k, c in special.clocks.items()}
    at = plain.now
    assert [d.letter for d in automatic(special.case, special.book, at)] == ["acknowledgement"]


def test_from_its_day_on_a_need_is_asked_about_again_and_holds_meanwhile() -> None:
    story = needs(Story("opus").received().reachable(), "large print", review="2026-05-01")
    assert "format-review" not in story.at("2026-04-30 23:59").duties
    duty = story.at("2026-05-01 00:00").duties["format-review"]
    assert (duty.action, duty.clause) == (Action.ASK_FORMAT, "O-formats")
    assert duty.what == "Ask the customer whether they still need large print"
    assert story.case.format is Format.LARGE_PRINT
    needs(story, "large print", review="2027-05-01")
    assert "format-review" not in story.duties
    assert "format-review" not in needs(story, "", review="").duties

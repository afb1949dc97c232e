"""The fold: a case is what its facts say."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core import facts as f
from amends.core.case import Case, State, fold, step
from tests.story import Story, london

NOON = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)

SAMPLES: dict[str, object] = {
    "str": "words",
    "bool": True,
    "int": 3,
    "datetime": NOON,
    "int | None": 7,
}


def sample(kind: type[f.Fact]) -> f.Fact:
    """A fact of this kind with every field filled."""
    special = {"customer_kind": "small-business", "fate": "sent", "evidence": "customer confirmed",
               "case_kind": "copy of the code", "award_kind": "credit",
               "basis": "goodwill", "pay_by": "2026-05-01"}  # fmt: skip
    own = {
        x.name: special.get(x.name, SAMPLES[str(x.type)])
        for x in fields(kind)
        if x.name not in ("at", "logged", "by")
    }
    return kind(at=NOON, logged=NOON + timedelta(hours=1), by="hana", **own)


@pytest.mark.parametrize("kind", f.KINDS.values(), ids=lambda k: k.KIND)
def test_a_fact_survives_being_written_and_read(kind: type[f.Fact]) -> None:
    fact = sample(kind)
    written = f.write(fact)
    again = f.WrittenFact(
        written.kind, written.at, written.logged, written.by,
        json.loads(json.dumps(written.open)), json.loads(json.dumps(written.private)),
    )  # fmt: skip
    assert f.read(again) == fact


@pytest.mark.parametrize("kind", f.KINDS.values(), ids=lambda k: k.KIND)
def test_every_kind_of_fact_has_its_step(kind: type[f.Fact]) -> None:
    story = Story("opus").received()
    assert step(story.case, sample(kind)).latest == NOON + timedelta(hours=1)


@pytest.mark.parametrize("kind", f.KINDS.values(), ids=lambda k: k.KIND)
def test_no_persons_words_stand_in_the_open_part(kind: type[f.Fact]) -> None:
    """Names, addresses and free words are private in every kind, so that erasure can reach them."""
    personal = {
        "words", "name", "email", "phone", "address", "account", "subject", "sender", "number", "position", "why",
        "how", "counted_how", "backdated_why", "handler_name",
    }  # fmt: skip
    open_by_design = {
        "handler assigned": {"handler_name", "phone", "email"},  # a colleague's details at work
        "letter decided": {"why"},  # the desk's own words, on a letter that it decides by itself
        "contact time settled": {"how"},  # one of four answers
        "outcome answered": {"how"},  # one of the listed ways
        "case file made": {"number"},  # which file of its case it is: 1, 2, 3 …
        "case file sent": {"number"},
        "data bundle made": {"number"},  # which copy of its case it is: 1, 2, 3 …
        "data bundle given": {"number", "how"},  # which copy, and one of two ways
        "data bundle fetched": {"number"},
        "case closed": {"how"},  # one of the listed ways
        "step taken": {"how"},  # one of three answers
        "question settled": {"how"},  # one of four answers
        "customer linked": {"account"},  # the id of a row of the customers' book, and no number of a bill
    }
    assert set(f.write(sample(kind)).open) & personal == open_by_design.get(kind.KIND, set())


@pytest.mark.parametrize("kind", f.KINDS.values(), ids=lambda k: k.KIND)
def test_a_fact_whose_words_were_erased_can_still_be_read(kind: type[f.Fact]) -> None:
    written = f.write(sample(kind))
    erased = f.WrittenFact(written.kind, written.at, written.logged, written.by, written.open, {})
    assert f.write(f.read(erased)).open == written.open


def test_a_fact_of_a_newer_program_is_refused_and_not_guessed() -> None:
    with pytest.raises(f.UnknownFact):
        f.read(f.WrittenFact("moon phase noted", NOON, NOON, "x", {}, {}))
    with pytest.raises(f.UnknownFact):
        f.read(f.WrittenFact("note added", NOON, NOON, "x", {"colour": "red"}, {}))


def test_the_chain_notices_every_change() -> None:
    written = f.write(sample(f.NoteAdded))
    digest = f.private_digest(written.private, "salt")
    head = f.link("", "T-1", 1, written, digest)
    assert head != f.link("", "T-2", 1, written, digest)
    assert head != f.link("x", "T-1", 1, written, digest)
    assert head != f.link("", "T-1", 2, written, digest)
    assert head != f.link("", "T-1", 1, written, f.private_digest({"words": "other"}, "salt"))
    assert head != f.link("", "T-1", 1, written, f.private_digest(written.private, "pepper"))


def test_the_chain_does_not_notice_another_zone_for_the_same_moment() -> None:
    written = f.write(sample(f.NoteAdded))
    elsewhere = f.WrittenFact(
        written.kind, london("2026-04-08 13:00"), written.logged, written.by, written.open, written.private
    )
    assert f.link("", "T-1", 1, written, "") == f.link("", "T-1", 1, elsewhere, "")


kinds = st.sampled_from(list(f.KINDS.values()))


@given(st.lists(kinds, max_size=12), st.lists(kinds, max_size=12))
def test_folding_in_two_parts_is_folding_at_once(
    first: list[type[f.Fact]], second: list[type[f.Fact]]
) -> None:
    a, b = [sample(k) for k in first], [sample(k) for k in second]
    assert fold(a + b) == fold(b, start=fold(a))


def test_a_case_is_undecided_until_a_person_has_said_so() -> None:
    story = Story("opus").received()
    verdicts = [story.case.complaint]
    story.tell(f.ComplaintDecided, contact="c1", complaint=False, why="a question")
    verdicts.append(story.case.complaint)
    story.received(contact="c2")
    verdicts.append(story.case.complaint)
    story.tell(f.ComplaintDecided, contact="c2", complaint=True)
    assert [*verdicts, story.case.complaint] == [None, False, None, True]


def test_mail_written_by_a_machine_starts_nothing() -> None:
    story = Story("opus").received(machine="delivery report")
    assert story.case.first_received is None
    assert story.clocks == {}
    assert story.duties == {}


def test_the_states_in_the_order_of_a_hard_case() -> None:
    story = Story("opus").received().reachable()
    steps: list[tuple[type[f.Fact], dict[str, object], State]] = [
        (f.OutcomeProposed, {"outcome": "o", "channel": "email", "words": "x"}, State.OUTCOME_PROPOSED),
        (f.OutcomeAnswered, {"outcome": "o", "accepted": False, "how": "portal", "words": "no"}, State.OPEN),
        (f.DeadlockDeclared, {"position": "p"}, State.DEADLOCKED),
        (
            f.LetterDecided,
            {"key": "k", "letter": "adr-letter", "channel": "email", "digest": "d"},
            State.DEADLOCKED,
        ),
        (f.LetterFate, {"key": "k", "fate": "sent"}, State.ADR_LETTER_SENT),
        (f.CaseClosed, {"evidence": "customer confirmed"}, State.CLOSED),
        (f.CaseReopened, {"why": "it came back"}, State.ADR_LETTER_SENT),
    ]
    assert story.case.state is State.OPEN
    for kind, fields_, state in steps:
        assert story.tell(kind, **fields_).case.state is state, kind.KIND


def test_what_is_known_of_a_customer_adds_up() -> None:
    story = Story("opus").received().reachable().tell(f.CustomerKnown, phone="01632 960123")
    assert (story.case.customer.email, story.case.customer.phone) == ("jo@example.com", "01632 960123")


@pytest.mark.parametrize("kind", [f.KINDS[name] for name in sorted(f.KINDS)], ids=sorted(f.KINDS))
def test_a_step_changes_what_it_says_and_keeps_all_else(kind: type[f.Fact]) -> None:
    """A case is copied without its constructor: every field is there, and the case before it stays as it was."""
    before = Story("opus", "2026-04-02 16:00").received().case
    as_it_was = dataclasses.replace(before)
    after = step(before, sample(kind))
    assert before == as_it_was
    assert set(vars(after)) == {x.name for x in fields(Case)}
    assert after == dataclasses.replace(after)

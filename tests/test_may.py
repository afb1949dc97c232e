"""What may not be done, and the clause that says so. Each refusal stands beside the same story in which it may."""

from __future__ import annotations

from dataclasses import replace

from amends.core import facts as f
from amends.core import may
from amends.core.code import Closing
from amends.core.duties import further_stage, next_stage
from amends.core.rulebook import Rulebook
from amends.law import calendars, law
from tests.story import Story, code, london


def story() -> Story:
    return Story("opus", "2026-04-08 09:00").received().reachable()


def test_silence_is_not_consent_to_close() -> None:
    told = story().tell(f.OutcomeProposed, outcome="o", channel="email", words="An apology.").later(days=300)
    refusal = may.close(told.case, told.book, "customer confirmed", told.now)
    assert refusal is not None
    assert refusal.clause == "A-consent"
    assert may.close(told.case, told.book, "silence after notices", told.now) is not None
    told.tell(f.OutcomeAnswered, outcome="o", accepted=True, how="portal")
    assert may.close(told.case, told.book, "customer confirmed", told.now) is None


def test_no_evidence_no_closing() -> None:
    told = story()
    assert may.close(told.case, told.book, "", told.now) is not None
    assert may.close(told.case, told.book, "handler thinks so", told.now) is not None


def test_settled_on_first_contact_is_the_customers_word_too_and_needs_the_words() -> None:
    told, how = story(), "settled on first contact"
    assert may.close(told.case, told.book, "customer confirmed", told.now, how=how) is not None
    assert may.close(told.case, told.book, "customer confirmed", told.now, how=how, words="Fine.") is None


def test_the_customers_word_recorded_by_a_person_needs_the_words() -> None:
    told = story()
    assert (
        may.close(told.case, told.book, "customer confirmed", told.now, how="recorded by a person")
        is not None
    )
    assert (
        may.close(
            told.case,
            told.book,
            "customer confirmed",
            told.now,
            how="recorded by a person",
            words="All is well now, she said.",
        )
        is None
    )


def test_the_letters_window_must_have_run() -> None:
    told = story().at("2026-05-20 09:00")
    assert may.close(told.case, told.book, "ADR letter window run", told.now) is not None
    told.letter("adr-letter", "k").at("2027-05-20 09:00")
    refusal = may.close(told.case, told.book, "ADR letter window run", told.now)
    assert refusal is not None
    assert refusal.clause == "AD-03"
    assert "until Thursday 20 May 2027" in refusal.what
    told.at("2027-05-21 00:00")
    assert may.close(told.case, told.book, "ADR letter window run", told.now) is None


def test_nobody_closes_on_the_window_what_a_scheme_still_has() -> None:
    told = story().at("2026-05-20 09:00").letter("adr-letter", "k")
    told.at("2027-05-19 12:00").tell(f.SchemeReferred, scheme="communications-ombudsman")
    told.at("2027-05-21 00:00")
    refusal = may.close(told.case, told.book, "ADR letter window run", told.now)
    assert refusal is not None
    assert (refusal.what, refusal.clause) == (
        "The customer took it to a scheme, and that is not over",
        "AD-03",
    )
    told.tell(f.SchemeDecided, outcome="not taken up")
    assert may.close(told.case, told.book, "ADR letter window run", told.now) is None


def with_silence_clause(told: Story) -> Story:
    base = code("opus")
    told.book = Rulebook(
        replace(base, closing=Closing("X-close", base.where, silence=True)),
        law(),
        calendars()["england-and-wales"],
    )
    return told


def test_silence_closes_only_by_the_codes_clause_after_two_notices_well_apart() -> None:
    told = with_silence_clause(story()).at("2026-04-13 09:00").letter("silence-notice", "n1")
    told.at("2026-04-20 09:00").letter("silence-notice", "n2").at("2026-05-11 09:00")
    refusal = may.close(told.case, told.book, "silence after notices", told.now)
    assert refusal is not None
    assert "at least 10 working days apart" in refusal.what
    told = with_silence_clause(story()).at("2026-04-13 09:00").letter("silence-notice", "n1")
    told.at("2026-04-28 09:00").letter("silence-notice", "n2").at("2026-05-14 09:00")
    assert may.close(told.case, told.book, "silence after notices", told.now) is None
    told.tell(f.SchemeReferred, scheme="communications-ombudsman")
    refusal = may.close(told.case, told.book, "silence after notices", told.now)
    assert refusal is not None
    assert refusal.clause == "AD-03"
    told.tell(f.SchemeDecided, outcome="not taken up")
    assert may.close(told.case, told.book, "silence after notices", told.now) is None
    told.received(contact="c2")
    assert may.close(told.case, told.book, "silence after notices", told.now) is not None


def test_deadlock_needs_an_outcome_a_refusal_and_a_manager() -> None:
    told = story()
    assert may.declare_deadlock(told.case, "manager", "p") is not None
    told.tell(f.OutcomeProposed, outcome="o1", channel="email", words="x")
    assert may.declare_deadlock(told.case, "manager", "p") is not None
    told.tell(f.OutcomeAnswered, outcome="o1", accepted=False, how="portal", words="no")
    refused = [may.declare_deadlock(told.case, r, "p") for r in ("agent", "handler", "auditor", "")]
    assert all(refused)
    assert may.declare_deadlock(told.case, "manager", " ") is not None
    assert may.declare_deadlock(told.case, "manager", "p") is None
    told.tell(f.DeadlockDeclared, position="p")
    assert may.declare_deadlock(told.case, "manager", "p") is not None


def test_a_law_clock_is_never_paused_or_extended() -> None:
    told = story()
    for refusal in (
        may.pause(told.case, told.book, "adr-letter", "w"),
        may.extend(told.case, told.book, "adr-letter", london("2027-01-01 00:00"), "w"),
    ):
        assert refusal is not None
        assert refusal.clause == "A-law-clock"
    assert may.pause(told.case, told.book, "O-3-days", "w") is None
    assert may.extend(told.case, told.book, "O-3-days", london("2027-01-01 00:00"), "w") is None


def test_a_pause_and_an_extension_need_their_reason() -> None:
    told = story()
    assert may.pause(told.case, told.book, "O-3-days", " ") is not None
    assert may.extend(told.case, told.book, "O-3-days", london("2027-01-01 00:00"), "") is not None
    assert may.extend(told.case, told.book, "O-3-days", london("2026-04-09 00:00"), "w") is not None


def test_leaving_out_an_adr_letter_takes_a_coded_reason_and_two_people() -> None:
    told = story()
    coded = "frivolous or vexatious"
    assert may.except_adr(told.case, told.book, coded, "mia", "mia", "w") is not None
    assert may.except_adr(told.case, told.book, coded, "mia", "", "w") is not None
    assert may.except_adr(told.case, told.book, "too hard", "mia", "dan", "w") is not None
    assert may.except_adr(told.case, told.book, coded, "mia", "dan", "") is not None
    assert may.except_adr(told.case, told.book, coded, "mia", "dan", "w") is None


def test_escalation_ends_where_the_codes_path_ends() -> None:
    told = story()
    assert may.escalate(told.case, told.book) is None
    told.tell(f.StageEntered, stage=1, role="r", why="w")
    assert may.escalate(told.case, told.book) is not None


def test_a_stage_that_the_code_only_offers_can_be_asked_for_and_deadlock_does_not_wait_for_it() -> None:
    """S-md: still unresolved after a manager, the customer may go to the Managing Director. S-ispa is outside."""
    told = Story("netservers", "2026-04-08 09:00").received()
    roles = []
    while role := further_stage(told.case, told.book):
        assert may.escalate(told.case, told.book) is None
        roles.append(role)
        stages = told.book.code.stages if told.book.code else ()
        place = next(n for n, s in enumerate(stages) if n > told.case.stage and s.role == role)
        told.tell(f.StageEntered, stage=place, role=role, why="w")
        if role == "Customer Services Manager":
            assert next_stage(told.case, told.book) == ""
    assert roles[-1] == "Managing Director"
    assert may.escalate(told.case, told.book) is not None


def test_a_closed_case_is_reopened_before_it_is_worked_on() -> None:
    told = story().tell(f.CaseClosed, evidence="customer confirmed")
    assert may.propose(told.case) is not None
    assert may.reopen(told.case) is None
    told.tell(f.CaseReopened, why="w")
    assert may.propose(told.case) is None
    assert may.reopen(told.case) is not None


def test_a_receipt_is_corrected_only_with_a_reason_and_never_into_the_future() -> None:
    told = story()
    assert may.correct_receipt(told.case, "c1", london("2026-04-01 09:00"), "", told.now) is not None
    assert may.correct_receipt(told.case, "c1", london("2026-05-01 09:00"), "w", told.now) is not None
    assert may.correct_receipt(told.case, "cx", london("2026-04-01 09:00"), "w", told.now) is not None
    assert may.correct_receipt(told.case, "c1", london("2026-04-01 09:00"), "w", told.now) is None


def test_nobody_is_introduced_before_somebody_holds_the_case() -> None:
    told = story()
    assert may.introduce(told.case) is not None
    told.tell(f.HandlerAssigned, handler="hana", handler_name="Hana")
    assert may.introduce(told.case) is None


def test_a_customer_who_cannot_be_written_to_gets_no_written_outcome() -> None:
    told = Story("opus").received("phone")
    assert may.propose(told.case) is not None
    assert may.propose(told.reachable().case) is None

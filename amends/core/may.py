"""What may be done with a case now, and why not: every refusal says so in plain words and cites its clause.

The rules that bite hardest:

  A-consent, CH-16, R-07   closing needs evidence; silence alone is not consent (L29)
  CH-11                    deadlock: the outcome was told, the customer is unhappy with it, no further review
  A-law-clock              a law clock is never paused, extended or reset
  R-09                     no ADR letter for one who is covered: a coded reason and two people
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from amends.core import saying, scheme_decision
from amends.core.calendar import UnknownDay, london_date
from amends.core.clocks import Kind, clocks
from amends.core.code import Period, Unit, Unless
from amends.core.duties import ADR, further_stage
from amends.core.eligibility import covered
from amends.core.facts import EVIDENCE_WAYS
from amends.core.scheme_decision import Standing
from amends.core.scheme_path import ABOUT, grounds
from amends.core.ways import ways

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.case import Case, SentLetter
    from amends.core.rulebook import Rulebook
    from amends.core.schemes import Ground

SILENCE_NOTICE = "silence-notice"
CANNOT_RESOLVE = "cannot-resolve"

MANAGERS = frozenset({"manager", "director"})
CASE_WORKERS = frozenset({"agent", "handler"}) | MANAGERS
WRITERS = CASE_WORKERS | {"compliance"}
"""Who may write on a case. An auditor reads, an administrator keeps the installation."""

ADR_EXCEPTIONS = {
    "frivolous or vexatious": "the complaint is frivolous or vexatious, and a second person agrees",
    "outside the scheme's scope": "the subject is one that the scheme does not take, whoever brings it",
}
"""The coded reasons for which one who is covered gets no ADR letter (R-09, unverified: each needs two people)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done now, the clause or rule behind it, and what to do instead."""

    what: str
    clause: str
    mend: str

    def __str__(self) -> str:
        return f"{self.what} ({self.clause}). {self.mend}"


def act(case: Case) -> Refusal | None:
    """Whether the case can be worked on at all."""
    if case.merged_into is not None:
        return Refusal(
            f"The case goes on as {case.merged_into.reference}", "A-evidence",
            "Work on that case, or undo the merge there.",
        )  # fmt: skip
    if case.closed is None:
        return None
    return Refusal("The case is closed", "A-evidence", "Reopen it first: its dates stand as they were.")


def assign(case: Case) -> Refusal | None:
    """Whether the case can be given to a person."""
    return act(case)


def introduce(case: Case) -> Refusal | None:
    """Whether the handler can introduce themselves."""
    if case.introduced is not None and not case.introduction_lost and case.introduce_again is None:
        return Refusal(
            "The handler has introduced themselves already", "A-evidence", "Send an update instead."
        )
    if not case.handler:
        return Refusal("Nobody holds the case yet", "A-evidence", "Assign a case handler first.")
    return act(case)


def agree_time(case: Case, starts: datetime, ends: datetime, now: datetime) -> Refusal | None:
    """Whether a contact time can be agreed."""
    if starts <= now:
        return Refusal(
            "The agreed time is not in the future", "A-evidence", "Give a time that is still to come."
        )
    if ends <= starts:
        return Refusal(
            "The agreed time ends before it starts",
            "A-evidence",
            "Give the end of the window after its start.",
        )
    return act(case)


def write_to(case: Case) -> Refusal | None:
    """Whether the customer can be written to."""
    if not ways(case):
        return Refusal(
            "There is no written way to reach the customer",
            "R-06",
            "Ask for an email or a postal address first.",
        )
    return None


def propose(case: Case) -> Refusal | None:
    """Whether an outcome can be proposed."""
    if case.complaint is False:
        return Refusal(
            "This was found to be no complaint", "A-was-it-a-complaint", "Correct that decision first."
        )
    return act(case) or write_to(case)


def answer(case: Case, how: str, words: str) -> Refusal | None:
    """Whether the customer's answer to an outcome can be recorded: there is one, and the way it came is known."""
    if case.open_outcome is None:
        return Refusal("No outcome waits for an answer", "A-consent", "Propose an outcome first.")
    if how not in EVIDENCE_WAYS:
        return Refusal(
            "The customer's word needs the way it came", "A-consent", f"One of: {', '.join(EVIDENCE_WAYS)}."
        )
    if how == "recorded by a person" and not words.strip():
        return Refusal(
            "A person who records the customer's word writes down what was said", "A-consent",
            "Write the customer's words, and on which call or visit they were said.",
        )  # fmt: skip
    return act(case)


def escalate(case: Case, book: Rulebook) -> Refusal | None:
    """Whether the case can go to the next stage of the code's path, which is the path of a complaint."""
    if case.care:
        return Refusal(
            "The stages of the code are for complaints", "A-law-clock",
            "If they are not satisfied with it, open it as a complaint first: its dates stand as they were.",
        )  # fmt: skip
    if not further_stage(case, book):
        return Refusal(
            "The code names no further stage", "A-law-clock",
            "Review the outcome once more, or a manager declares deadlock.",
        )  # fmt: skip
    return act(case)


def declare_deadlock(case: Case, role: str, position: str) -> Refusal | None:
    """Whether deadlock can be declared: all three facts of CH-11, by somebody with the power to do so."""
    if role not in MANAGERS:
        return Refusal(
            "Deadlock is declared by a manager or a director", "CH-11", "Ask one of them to decide."
        )
    return deadlock(case, position)


def deadlock(case: Case, position: str) -> Refusal | None:
    """Whether this is deadlock, whoever says so: the outcome was told, it was refused, and our last word is there."""
    if case.deadlocked is not None:
        return Refusal("Deadlock has been declared already", "CH-11", "The ADR letter is owed at once.")
    if not case.outcomes:
        return Refusal(
            "No outcome has been told to the customer",
            "CH-11",
            "Propose an outcome first: deadlock follows a refusal.",
        )
    if case.outcomes[-1].accepted is not False:
        return Refusal(
            "The customer has not refused the outcome",
            "CH-11",
            "Record the customer's answer, in their words, first.",
        )
    if not position.strip():
        return Refusal(
            "The ADR letter must tell the outcome", "R-08", "Write our last position for the customer."
        )
    return act(case)


def find_personal_data(case: Case, *, concerned: bool, contact: str, why: str) -> Refusal | None:
    """Whether it can be said that a complaint is, or is not after all, also about personal data."""
    heard = case.contact(contact)
    if case.complaint is False:
        return Refusal(
            "This was found to be no complaint", "A-was-it-a-complaint", "Correct that decision first."
        )
    if heard is None or not heard.inbound or heard.machine:
        return Refusal("That is nothing that the customer said", "DP-01", "Choose one of their contacts.")
    if not why.strip():
        return Refusal("It must stand what about their data it is", "DP-01", "Write it in a few words.")
    if not concerned and (case.personal_data is None or not case.personal_data.concerned):
        return Refusal(
            "Nobody has said that it is about personal data", "DP-01", "Nothing is to be corrected."
        )
    return act(case)


def find_scheme_limits(case: Case, found: frozenset[Ground], why: str) -> Refusal | None:
    """Whether it can be said that a scheme may not take this, or may after all. On closed cases too: the window is open."""
    if case.complaint is False:
        return Refusal(
            "This was found to be no complaint", "A-was-it-a-complaint", "Correct that decision first."
        )
    if not found <= frozenset(ABOUT):
        return Refusal("That is for the scheme to judge", "AD-13", "Choose one of those shown.")
    if found == grounds(case):
        return Refusal("That stands already", "AD-13", "Choose what is different, or leave it.")
    if not why.strip():
        return Refusal("It must stand why", "A-evidence", "Write in a few words what the complaint is about.")
    return None


def pause(case: Case, book: Rulebook, clock_id: str, why: str) -> Refusal | None:
    """Whether a promise may stand still."""
    clock = next((c for c in clocks(case, book) if c.id == clock_id), None)
    if clock is None:
        return Refusal(f"The case has no clock {clock_id}", "A-why", "Choose one of the clocks shown.")
    if clock.kind is Kind.LAW:
        return Refusal(
            "The law's clock never stands still", "A-law-clock", "Work on; the letter leaves on its day."
        )
    if not clock.running:
        return Refusal("That clock does not run", "A-why", "Nothing needs to be paused.")
    if clock.paused:
        return Refusal("That clock stands still already", "A-why", "Resume it first.")
    if not why.strip():
        return Refusal("A pause needs a named reason", "A-why", "Say what we wait for.")
    return act(case)


def resume(case: Case, clock_id: str) -> Refusal | None:
    """Whether a promise can run on."""
    if any(p.clock == clock_id and p.end is None for p in case.pauses):
        return act(case)
    return Refusal("That clock does not stand still", "A-why", "Nothing needs to be resumed.")


def extend(case: Case, book: Rulebook, clock_id: str, until: datetime, why: str) -> Refusal | None:
    """Whether a promise may be given a later time, with notice to the customer (A-why, S-complex)."""
    clock = next((c for c in clocks(case, book) if c.id == clock_id), None)
    if clock is None:
        return Refusal(f"The case has no clock {clock_id}", "A-why", "Choose one of the clocks shown.")
    if clock.kind is Kind.LAW:
        return Refusal(
            "The law's clock cannot be extended", "A-law-clock", "Work on; the letter leaves on its day."
        )
    if clock.due is not None and until <= clock.due:
        return Refusal("The new time is not later than the old one", "A-why", "Give a later time.")
    if not why.strip():
        return Refusal("An extension needs a reason that the customer is told", "A-why", "Write the reason.")
    return act(case) or write_to(case)


def except_adr(
    case: Case, book: Rulebook, exception: str, first: str, second: str, why: str
) -> Refusal | None:
    """Whether the ADR letter may be left out for one who is covered (R-09, unverified)."""
    if case.first_received is None:
        return Refusal("Nothing has been received yet", "A-law-clock", "There is no letter to leave out.")
    if case.care:
        return Refusal("It is no complaint: no ADR letter is owed", "CH-05", "Nothing needs to be excepted.")
    if not _covered(case, book):
        return Refusal(
            "This customer is not covered: no ADR letter is owed", "CH-05", "Nothing needs to be excepted."
        )
    if exception not in ADR_EXCEPTIONS:
        return Refusal("That is no coded reason", "R-09", f"One of: {', '.join(ADR_EXCEPTIONS)}.")
    if not second or first == second:
        return Refusal("Leaving out an ADR letter takes two people", "R-09", "Ask a second person to agree.")
    if not why.strip():
        return Refusal("The reason must stand on the case", "R-09", "Write why this exception holds here.")
    return act(case)


def _covered(case: Case, book: Rulebook) -> bool:
    assert case.first_received is not None
    on = london_date(case.first_received)
    return covered(case.customer.kind, case.customer.headcount, book.law, on).covered


def close(
    case: Case, book: Rulebook, evidence: str, now: datetime, *, how: str = "", words: str = ""
) -> Refusal | None:
    """Whether the case may be closed on this evidence. Without evidence it never may."""
    refusal = act(case)
    if refusal is not None:
        return refusal
    if evidence == "customer confirmed":
        return _confirmed(case, how, words)
    if evidence == "ADR letter window run":
        return _window_run(case, book, now)
    if evidence == "scheme decision carried out":
        return _decision_carried_out(case, words)
    if evidence == "scheme decision not accepted":
        return _decision_not_accepted(case)
    if evidence == "silence after notices":
        return _silence(case, book, now)
    if evidence == "not a complaint":
        return _no_complaint(case)
    return Refusal(
        "Closing needs evidence", "A-consent",
        "The customer's word, the ADR letter's window run, or the scheme's decision carried out.",
    )  # fmt: skip


def _confirmed(case: Case, how: str, words: str) -> Refusal | None:
    if case.resolved:
        return None
    if how not in (*EVIDENCE_WAYS, Unless.SETTLED_FIRST_CONTACT):
        return Refusal(
            "The customer has not said that it is resolved", "A-consent",
            "Record the customer's own word and the way it came, or propose an outcome.",
        )  # fmt: skip
    if how in ("recorded by a person", Unless.SETTLED_FIRST_CONTACT) and not words.strip():
        return Refusal(
            "The customer's word is missing", "A-consent", "Write down what the customer said, and when."
        )
    return None


def _left(case: Case, letter: str) -> list[SentLetter]:
    return [x for x in case.letters_of(letter) if x.left and x.fate_at is not None]


def _window_run(case: Case, book: Rulebook, now: datetime) -> Refusal | None:
    sent = _left(case, ADR)
    if not sent:
        return Refusal(
            "No ADR letter has left", "R-07", "The letter leaves on its day; its window runs from then."
        )
    refusal = _gone_to_scheme(case)
    if refusal is not None:
        return refusal
    assert sent[-1].fate_at is not None
    last_day = book.day(
        Unit.MONTHS,
        book.law.adr_window.on(london_date(sent[-1].fate_at)).value,
        london_date(sent[-1].fate_at),
    )
    if london_date(now) > last_day:
        return None
    return Refusal(
        f"The customer can go to the scheme until {saying.day(last_day)}", "AD-03",
        "Wait until the window has run, or record the customer's word.",
    )  # fmt: skip


def _gone_to_scheme(case: Case) -> Refusal | None:
    """Why a case is not closed because nobody went, or nobody wrote: they went to the scheme, or say so."""
    if case.scheme_told is not None:
        return Refusal(
            "The customer says that they took it to a scheme", "AD-03",
            "Ask the scheme, and write down what it says of it.",
        )  # fmt: skip
    if scheme_decision.standing(case) in scheme_decision.UNDER_WAY:
        return Refusal(
            "The customer took it to a scheme, and that is not over", "AD-03",
            "Write down how the dispute ended, and close it on that.",
        )  # fmt: skip
    return None


def _decision_carried_out(case: Case, words: str) -> Refusal | None:
    if not _left(case, ADR):
        return Refusal("No ADR letter has left", "CH-12", "A scheme decides after its letter.")
    stands = scheme_decision.standing(case)
    if stands in (None, Standing.WITH_SCHEME):
        return Refusal(
            "No decision of a scheme stands on the case", "AD-10", "Write down first how the dispute ended."
        )
    if stands is Standing.WAITS_FOR_ANSWER:
        return Refusal(
            "It is not known whether the customer accepted the decision",
            "AD-10",
            "Write down their answer first.",
        )
    if stands in (Standing.REFUSED, Standing.NOT_IN_TIME):
        return Refusal(
            "The customer did not accept the decision: there is nothing to carry out", "AD-10",
            "Close it on that, not on a decision carried out.",
        )  # fmt: skip
    undone = scheme_decision.undone(case)
    if undone:
        which = saying.listed([a.id for a in undone])
        return Refusal(
            f"What the scheme decided is not done yet: award {which}", undone[0].clause,
            "Do it, and say on the case how that is known.",
        )  # fmt: skip
    if not words.strip():
        return Refusal(
            "The decision is not described", "AD-10", "Write what was decided and how it was carried out."
        )
    return None


def _decision_not_accepted(case: Case) -> Refusal | None:
    if scheme_decision.standing(case) in (Standing.REFUSED, Standing.NOT_IN_TIME):
        return None
    return Refusal(
        "Nothing says that the customer refused a scheme's decision, or let its time pass", "AD-10",
        "Write down first what the scheme says of their answer.",
    )  # fmt: skip


def _silence(case: Case, book: Rulebook, now: datetime) -> Refusal | None:
    closing = book.code.closing if book.code else None
    if closing is None or not closing.silence:
        return Refusal(
            "This code has no clause for a customer who does not answer",
            "A-consent",
            "Silence alone is not consent.",
        )
    refusal = _gone_to_scheme(case)
    if refusal is not None:
        return refusal
    notices = _left(case, SILENCE_NOTICE)
    answered = max((c.at for c in case.contacts if c.inbound and not c.machine), default=None)
    fresh = [
        n.fate_at for n in notices if n.fate_at is not None and (answered is None or n.fate_at > answered)
    ]
    if len(fresh) < closing.silence_notices:
        return Refusal(
            f"{closing.silence_notices} dated notices are needed since the customer last wrote; {len(fresh)} left so far",
            closing.id, "Send the next notice.",
        )  # fmt: skip
    return _apart(fresh[-closing.silence_notices :], closing.silence_apart, closing.id, book, now)


def _apart(sent: list[datetime], apart: Period, clause: str, book: Rulebook, now: datetime) -> Refusal | None:
    moments = [*sent, now]
    for earlier, later in pairwise(moments):
        try:
            due = book.times(apart, earlier).due
        except UnknownDay:
            due = None
        if due is None or later < due:
            return Refusal(
                f"The notices, and the closing after the last, must be at least {apart} apart", clause,
                "Wait, and send the next notice on its day.",
            )  # fmt: skip
    return None


def _no_complaint(case: Case) -> Refusal | None:
    if case.complaint is False:
        return None
    return Refusal(
        "Nobody has decided that this was no complaint",
        "A-was-it-a-complaint",
        "Answer that on each contact first.",
    )


def reopen(case: Case) -> Refusal | None:
    """Whether the case can be reopened."""
    if case.merged_into is not None:
        return act(case)
    if case.closed is None:
        return Refusal("The case is open", "A-evidence", "Work on it.")
    return None


def correct_receipt(case: Case, contact: str, received: datetime, why: str, now: datetime) -> Refusal | None:
    """Whether a contact's receipt may be corrected: back-dating needs a reason (L11)."""
    if case.merged_into is not None:
        return Refusal(
            f"The case goes on as {case.merged_into.reference}, and its receipt governs there", "A-law-clock",
            "Undo the merge, correct the receipt, and merge again.",
        )  # fmt: skip
    if case.contact(contact) is None:
        return Refusal("The case has no such contact", "A-evidence", "Choose one of the contacts shown.")
    if received > now:
        return Refusal(
            "A receipt cannot lie in the future", "CH-10", "Give the moment at which it reached us."
        )
    if not why.strip():
        return Refusal("Back-dating needs a reason", "A-evidence", "Say why the receipt was another moment.")
    return None

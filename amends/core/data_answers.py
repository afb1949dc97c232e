"""What may be done on a request about personal data: make its month three, hand a copy out, answer it, turn it down.

DP-03   two months longer, once, where it is complex or there are many, told within the first month
DP-06   nothing is told or changed before we know who asks
DP-08   an objection to direct marketing is never weighed and never turned down
DP-10   whoever is refused hears why, and of the Information Commissioner and the courts
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from amends.core import saying
from amends.core.calendar import london_date
from amends.core.care import data, steps
from amends.core.data_requests import RULE, absolute, counted, handed_out, is_one
from amends.core.facts import BUNDLE_WAYS, DATA_ANSWERS
from amends.core.kinds import CaseKind
from amends.core.may import Refusal, act, write_to

if TYPE_CHECKING:
    from amends.core.case import Case
    from amends.core.rulebook import Rulebook

IDENTITY, MARKETING, REFUSING = "DP-06", "DP-08", "DP-10"
DONE, IN_PART, REFUSED = DATA_ANSWERS
GROUNDS: Final = {
    "unfounded": "it is manifestly unfounded or excessive",
    "identity": "we cannot tell who asks",
    "others": "it would tell of somebody else, who has not agreed",
    "privilege": "it is legal advice, or prepared for a dispute in law",
    "right as it is": "what we hold is right, as far as we can find out",
    "grounds": "our grounds for the use are compelling, and outweigh the objection",
    "law": "the law makes us keep it",
    "claims": "we need it for a claim in law, or a complaint that is not over",
    "not held": "we hold no such data",
}
"""On which grounds a request may be turned down, or not be done whole, as a letter goes on after "because"."""
GROUNDS_OF: Final = {
    CaseKind.DATA_ACCESS: ("unfounded", "identity", "others", "privilege", "not held"),
    CaseKind.DATA_CORRECTION: ("unfounded", "identity", "right as it is", "not held"),
    CaseKind.DATA_OBJECTION: ("unfounded", "grounds", "claims", "not held"),
    CaseKind.DATA_ERASURE: ("unfounded", "identity", "law", "claims", "not held"),
}


def refused_stop(case: Case, step: str, how: str) -> Refusal | None:
    """Why a step of such a request cannot be taken so, beyond what holds for every step; None where it can."""
    if not is_one(case):
        return None
    own = own_way(case)
    if own is not None:
        return own
    if step == data.IDENTITY and how == steps.DONE and not case.identity_passed:
        return Refusal(
            "No identity check that was passed stands on the case", IDENTITY, "Record the check first."
        )
    if step == data.STOPPED and how != steps.DONE and absolute(case):
        return Refusal("An objection to direct marketing is absolute", MARKETING, "Stop it, and say so.")
    return None


def own_way(case: Case) -> Refusal | None:
    """Why the step that comes next is taken on a page of its own; None where it is a step like any other."""
    following = steps.following(case) if is_one(case) else None
    name = following.step.name if following else ""
    if name == data.GATHERED:
        return Refusal(
            "What is held is brought together on a page of its own", RULE, "Decide each mark there."
        )
    if name == data.ANSWERED:
        return Refusal(
            "A request about personal data is answered in a letter of its own", REFUSING,
            "Hand the copy out, or turn the request down." if case.kind is CaseKind.DATA_ACCESS else "Answer the request.",
        )  # fmt: skip
    return None


def extend(case: Case, book: Rulebook, now: datetime, why: str) -> Refusal | None:
    """Whether the month may be made three: once, with its reason, told within the first month (DP-03)."""
    if not is_one(case):
        return Refusal("This is no request about personal data", RULE, "Extend a promise of ours instead.")
    found = counted(case, book)
    refusal = act(case)
    if refusal is not None:
        return refusal
    if case.data_answer is not None or found is None:
        return Refusal("It is answered", RULE, "Nothing more is owed.")
    if case.data_extended is not None:
        return Refusal("It was made longer once", RULE, "The law allows that once: answer by its day.")
    if found.stands is None and london_date(now) > found.day:
        return Refusal(
            f"Its month was over on {saying.day(found.day)}", RULE, "The person had to be told before: answer at once."
        )  # fmt: skip
    if not why.strip():
        return Refusal("The person is told why", RULE, "Write what makes it complex, or how many they are.")
    return write_to(case)


def answer(case: Case, how: str, ground: str, why: str) -> Refusal | None:
    """Whether the request may be answered so."""
    if not is_one(case):
        return Refusal("This is no request about personal data", RULE, "Reply to it instead.")
    refusal = act(case)
    if refusal is not None:
        return refusal
    if case.data_answer is not None:
        return Refusal("It is answered", RULE, "Nothing more is owed.")
    return _worded(case, how, ground, why) or _before(case, how) or write_to(case)


def _worded(case: Case, how: str, ground: str, why: str) -> Refusal | None:
    """Whether an answer says what it must."""
    if how not in DATA_ANSWERS:
        return Refusal("That is none of the answers", RULE, f"One of: {', '.join(DATA_ANSWERS)}.")
    if how == DONE and (ground or why.strip()):
        return Refusal(
            "What is done as asked needs no ground against it", RULE, "Say that it is done in part."
        )
    if how != DONE and ground not in GROUNDS_OF[case.kind]:
        return Refusal("What is not done needs its ground in law", REFUSING, "Choose one.")
    if how != DONE and not why.strip():
        return Refusal("Whoever is refused hears why", REFUSING, "Write the reasons, as they will read them.")
    if how != DONE and absolute(case):
        return Refusal("An objection to direct marketing is absolute", MARKETING, "Stop it, and say so.")
    return None


def _before(case: Case, how: str) -> Refusal | None:
    """What stands before an answer: everything but the answer itself is taken, unless it is refused."""
    if how == REFUSED:
        return None
    if case.kind is CaseKind.DATA_ACCESS:
        if handed_out(case) is None:
            return Refusal("Nothing was handed out", RULE, "Hand the copy out: that answers the request.")
        return None
    following = steps.following(case)
    if following is not None and following.step.name != data.ANSWERED:
        does = following.step.does
        return Refusal("Something stands before the answer", RULE, f"First: {does[0].lower()}{does[1:]}.")
    return None


def bring_together(case: Case) -> Refusal | None:
    """Whether what is held of the person may be brought together for this request."""
    if case.kind is not CaseKind.DATA_ACCESS:
        return Refusal(
            "This is no request for a copy of personal data", RULE, "Nothing is brought together here."
        )
    return act(case)


def hand_out(case: Case, number: int, how: str) -> Refusal | None:
    """Whether a bundle may be handed out: made, and to somebody of whom we know who they are."""
    refusal = bring_together(case)
    if refusal is not None:
        return refusal
    if how not in BUNDLE_WAYS:
        return Refusal("That is no way to hand it out", RULE, f"One of: {', '.join(BUNDLE_WAYS)}.")
    if not case.bundles or number != case.bundles[-1].number:
        return Refusal("That is not the newest bundle", RULE, "Look at the newest, and hand that out.")
    if not case.identity_passed:
        return Refusal("Nobody has seen who asks", IDENTITY, "Record an identity check that was passed.")
    if case.bundles[-1].given is not None:
        return Refusal("It was handed out", RULE, "Make another, if more is held now.")
    return None

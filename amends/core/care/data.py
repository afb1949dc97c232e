"""The four requests about personal data, each declared once: a copy, a correction, an objection, an erasure.

N-gdpr, DP-03, DP-06 to DP-09. What they have in common (the month, what may stop it, the answer) is `core.data_requests`.
"""

from __future__ import annotations

from typing import Final

from amends.core.care.declared import Declared, Particular, Sort, Step
from amends.core.kinds import CaseKind

IDENTITY, CLARIFIED, ANSWERED = "identity", "clarified", "answered"
GATHERED, CORRECTED, STOPPED, WEIGHED, DECIDED = "gathered", "corrected", "stopped", "weighed", "decided"
MARKETING: Final = "direct marketing"
"""What an objection to is absolute (DP-08)."""
OBJECTS: Final = "objects to"
"""The particular that holds it."""
SENT, PORTAL, POST = "sent", "on our website", "in the post"
"""How somebody wants the copy: the particular, and what may stand there."""

_WHO: Final = Step(IDENTITY, "See who asks, before anything is told or changed", holds=True)
_ANSWER: Final = Step(ANSWERED, "Answer the request", tells=True)

ACCESS: Final = Declared(
    CaseKind.DATA_ACCESS,
    (
        Particular("data", "Which data do they ask for?", Sort.WORDS, help="Everything, if it is left empty."),
        Particular("asks", "For whom do they ask?", Sort.CHOICE, True,
                   ("for themselves", "for somebody who asked them to"), missing="Say for whom they ask."),
        Particular(SENT, "How do they want it?", Sort.CHOICE, True, (PORTAL, POST), missing="Say how they want it."),
    ),
    (
        _WHO,
        Step(CLARIFIED, "Ask which data they mean, where that is not clear", holds=True),
        Step(GATHERED, "Bring together what is held of them, and decide about each mark"),
        Step(ANSWERED, "Hand it out, or say why not", tells=True),
    ),
    ANSWERED,
)  # fmt: skip
CORRECTION: Final = Declared(
    CaseKind.DATA_CORRECTION,
    (
        Particular("wrong", "What is wrong?", Sort.WORDS, True, missing="Write what is wrong."),
        Particular("right", "What is right?", Sort.WORDS, True, missing="Write what is right."),
        Particular("where", "Where was it put right?", Sort.WORDS, missing="Write where it was put right."),
        Particular("told", "Who was told that had it from us?", Sort.WORDS,
                   help="Everybody to whom we gave it, unless that cannot be done. Leave it empty where it went to nobody."),
    ),
    (
        _WHO,
        Step(CORRECTED, "Put it right everywhere, and tell whoever had it from us", asks=("where", "told")),
        _ANSWER,
    ),
    ANSWERED,
)  # fmt: skip
OBJECTION: Final = Declared(
    CaseKind.DATA_OBJECTION,
    (
        Particular(OBJECTS, "What do they object to?", Sort.CHOICE, True, (MARKETING, "another use of their data"),
                   missing="Say what they object to."),
        Particular("use", "Which use, and why?", Sort.WORDS, help="In their own words. Marketing needs no reason."),
        Particular("weighing", "What speaks for the use, and what against it?", Sort.WORDS,
                   missing="Write what was weighed."),
    ),
    (
        Step(STOPPED, "Stop it: marketing for good, any other use while it is weighed"),
        Step(WEIGHED, "Weigh the objection, with reasons; marketing is never weighed", asks=("weighing",)),
        _ANSWER,
    ),
    ANSWERED,
)  # fmt: skip
ERASURE: Final = Declared(
    CaseKind.DATA_ERASURE,
    (
        Particular("to erase", "What is to be erased?", Sort.WORDS, True, help="Everything, or what they name.",
                   missing="Write what is to be erased."),
        Particular("erased", "What is erased?", Sort.WORDS, missing="Write what is erased, or that nothing is."),
        Particular("kept", "What is kept, and why?", Sort.WORDS,
                   help="Such as complaints that the rules make us keep. Leave it empty where nothing is kept."),
    ),
    (
        _WHO,
        Step(DECIDED, "Decide what is erased, and what is kept and why", asks=("erased", "kept")),
        _ANSWER,
    ),
    ANSWERED,
)  # fmt: skip

"""Every letter that the desk can write, and the one way to write one."""

from __future__ import annotations

from dataclasses import replace

from amends.core.case import step
from amends.core.facts import HandlerIntroduced, OutcomeProposed
from amends.core.kinds import COPY_LETTER, FORMAT_LETTER
from amends.core.letters import (
    adr,
    case_file,
    copy,
    credit,
    endings,
    format_sent,
    handling,
    outcomes,
    receipt,
)
from amends.core.letters.letter import ACKNOWLEDGEMENT, LAW, REPLY, Letter
from amends.core.letters.matter import LetterKind, LetterMatter, Missing
from amends.core.letters.needs import lacking, why
from amends.core.letters.own import worded
from amends.core.letters.phrases import comes_again

_ALWAYS = ("reference", "first receipt")

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        "acknowledgement", "Acknowledgement", "We have your complaint; this is its reference and what happens next.",
        receipt.KEEPS, True, _ALWAYS, ACKNOWLEDGEMENT, receipt.acknowledgement,
    ),
    LetterKind(
        "introduction", "Introduction", "Who looks after the complaint, and how to reach them.",
        handling.INTRODUCTION_KEEPS, False, (*_ALWAYS, "handler"), REPLY, handling.introduction,
    ),
    LetterKind(
        "contact-time", "Agreed contact time", "When we will speak, as agreed.",
        handling.CONTACT_TIME_KEEPS, False, (*_ALWAYS, "contact time"), REPLY, handling.contact_time,
    ),
    LetterKind(
        "update", "Update", "How the complaint stands.",
        handling.UPDATE_KEEPS, False, (*_ALWAYS, "words"), REPLY, handling.update,
    ),
    LetterKind(
        "reply", "Reply", "An answer in a person's own words.",
        handling.REPLY_KEEPS, False, (*_ALWAYS, "words"), REPLY, handling.reply,
    ),
    LetterKind(
        "call-follow-up", "Follow-up of a call", "What was said on the phone, in writing.",
        handling.CALL_KEEPS, False, (*_ALWAYS, "call", "words"), REPLY, handling.call_follow_up,
    ),
    LetterKind(
        "chat-transcript", "Transcript of a chat", "What was written in a chat, word for word.",
        handling.CHAT_KEEPS, False, (*_ALWAYS, "words"), REPLY, handling.chat_transcript,
    ),
    LetterKind(
        "extension", "We need longer", "A promise of ours that needs longer, and its new time.",
        (), False, (*_ALWAYS, "extension"), REPLY, handling.extension,
    ),
    LetterKind(
        "outcome", "Outcome", "What we found and propose, and what the customer can do if they do not agree.",
        outcomes.OUTCOME_KEEPS, False, (*_ALWAYS, "outcome"), REPLY, outcomes.outcome,
    ),
    LetterKind(
        "escalation", "Taken to the next stage", "Who holds the complaint now, by the name of the role.",
        (), False, (*_ALWAYS, "stage"), REPLY, outcomes.escalation,
    ),
    LetterKind(
        "cannot-resolve", "We cannot settle it", "We say in writing that we cannot settle the complaint.",
        outcomes.CANNOT_KEEPS, False, _ALWAYS, REPLY, outcomes.cannot_resolve,
    ),
    LetterKind(
        "adr-letter", "ADR letter", "The right to go to an independent scheme, free of charge: which, how and by when.",
        adr.KEEPS, True, _ALWAYS, LAW, adr.adr_letter,
    ),
    LetterKind(
        "case-file", "Case-file cover", "To the scheme, on top of the case file: the complaint, and where we stand.",
        (), False, (*_ALWAYS, "referral"), REPLY, case_file.cover,
    ),
    LetterKind(
        "silence-notice", "Is it settled?", "We have not heard from the customer, and ask.",
        (), False, (*_ALWAYS, "silence clause"), REPLY, endings.silence_notice,
    ),
    LetterKind(
        "closed", "Closed", "The case is closed, on which evidence, and how to open it again.",
        (), False, (*_ALWAYS, "closing"), REPLY, endings.closed,
    ),
    LetterKind(
        "credit-note", "Credit note", "Money that the customer gets: how it was worked out, and by when or on which bill.",
        (), False, ("reference", "award"), REPLY, credit.credit_note,
    ),
    LetterKind(
        "reopened", "Open again", "The case is open again and has lost no date.",
        (), False, (*_ALWAYS, "reopening"), REPLY, endings.reopened,
    ),
    LetterKind(
        "copy-of-code", "Copy of the code", "The code that the customer asked for goes with it, free of charge.",
        copy.KEEPS, True, ("reference", "code", "copy"), REPLY, copy.copy_of_code,
    ),
    LetterKind(
        FORMAT_LETTER, "Letter in another format", "An earlier letter in the format that the customer asked for.",
        (), False, (*_ALWAYS, "sent letter"), REPLY, format_sent.format_sent,
    ),
    LetterKind(
        "access-link", "Sign-in link", "The link to the case that the customer asked for.",
        (), False, ("reference", "link"), ACKNOWLEDGEMENT, receipt.access_link,
    ),
)  # fmt: skip

_BY_ID = {kind.id: kind for kind in LETTERS}


def kind_of(letter_id: str) -> LetterKind:
    """The kind of letter with this id. Raises KeyError for an id that is none."""
    return _BY_ID[letter_id]


def _unmet(matter: LetterMatter) -> bool:
    """Whether the customer has yet to meet the handler."""
    case = matter.case
    return case.introduced is None or case.introduction_lost or case.introduce_again is not None


def _with_its_own_fact(letter_id: str, matter: LetterMatter) -> LetterMatter:
    """The matter as it stands once the fact is recorded that names this letter, and can only follow its writing.

    An outcome comes as `outcome` (its id) and `credit_pence` in `extra`, its words as the free text.
    """
    case, now, outcome = matter.case, matter.now, matter.extra.get("outcome", "")
    if letter_id == "introduction" and _unmet(matter):
        return replace(matter, case=step(case, HandlerIntroduced(at=now, logged=now, channel="")))
    if letter_id == "outcome" and outcome and all(o.id != outcome for o in case.outcomes):
        pence = int(matter.extra.get("credit_pence", "0") or "0")
        fact = OutcomeProposed(
            at=now, logged=now, outcome=outcome, channel="", credit_pence=pence, words=matter.free_text
        )
        return replace(matter, case=step(case, fact), free_text="")
    return matter


def write(letter_id: str, matter: LetterMatter) -> Letter | Missing:
    """The letter, written from what the case says now; or what is missing for it, which is never silent.

    Raises KeyError for an id that is none of `LETTERS`.
    """
    kind = kind_of(letter_id)
    matter = _with_its_own_fact(letter_id, matter)
    names = lacking(kind.needs, matter)
    if names:
        return Missing(letter_id, names, why(names))
    written = kind.writer(matter)
    if isinstance(written, Missing):
        return written
    subject, blocks = written
    if kind.automatic:
        blocks = (*blocks[:1], *comes_again(letter_id, matter), *blocks[1:])
    said = worded(letter_id, blocks, matter.own, matter.free_text)
    encloses, in_format = _encloses(letter_id, matter)
    own = matter.own.name if matter.own and said != blocks else ""
    return Letter(letter_id, subject, said, kind.lane, encloses, in_format, own)


def _encloses(letter_id: str, matter: LetterMatter) -> tuple[str, str]:
    """What goes with a letter, and the format that both go in where it was asked for by itself."""
    code, copy_ = matter.book.code, matter.case.copy_waiting
    if letter_id == COPY_LETTER and code is not None and copy_ is not None:
        return f"code {code.fingerprint}", copy_.format
    if letter_id == FORMAT_LETTER:
        return f"letter {matter.extra['of']}", matter.extra["format"]
    return "", ""

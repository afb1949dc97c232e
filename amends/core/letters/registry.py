"""Every letter that the desk can write, collected from the folders of this room, and the one way to write one."""

from __future__ import annotations

from amends.core.letters import (
    access_link,
    acknowledgement,
    adr_letter,
    call_follow_up,
    cannot_resolve,
    case_file,
    chat_transcript,
    closed,
    contact_time,
    copy_of_code,
    credit_note,
    data_acknowledged,
    data_answered,
    data_extended,
    data_refused,
    escalation,
    extension,
    format_sent,
    introduction,
    outage_end,
    outage_update,
    outcome,
    question,
    question_again,
    reopened,
    reply,
    silence_notice,
    update,
)
from amends.core.letters.kind import LetterKind
from amends.core.letters.letter import Letter
from amends.core.letters.matter import LetterMatter, Missing
from amends.core.letters.own import worded
from amends.core.letters.parameters import lacking, why
from amends.core.letters.sentences.phrases import comes_again

LETTERS: tuple[LetterKind, ...] = (
    acknowledgement.LETTER,
    introduction.LETTER,
    contact_time.LETTER,
    update.LETTER,
    outage_update.LETTER,
    outage_end.LETTER,
    reply.LETTER,
    call_follow_up.LETTER,
    chat_transcript.LETTER,
    extension.LETTER,
    question.LETTER,
    question_again.LETTER,
    outcome.LETTER,
    escalation.LETTER,
    cannot_resolve.LETTER,
    adr_letter.LETTER,
    case_file.LETTER,
    silence_notice.LETTER,
    closed.LETTER,
    credit_note.LETTER,
    reopened.LETTER,
    copy_of_code.LETTER,
    data_acknowledged.LETTER,
    data_extended.LETTER,
    data_answered.LETTER,
    data_refused.LETTER,
    format_sent.LETTER,
    access_link.LETTER,
)
"""In the order in which a complaint comes to them."""

_BY_ID = {kind.id: kind for kind in LETTERS}


def kind_of(letter_id: str) -> LetterKind:
    """The kind of letter with this id. Raises KeyError for an id that is none."""
    return _BY_ID[letter_id]


def write(letter_id: str, matter: LetterMatter) -> Letter | Missing:
    """The letter, written from what the case says now; or what is missing for it, which is never silent.

    Raises KeyError for an id that is none of `LETTERS`.
    """
    kind = kind_of(letter_id)
    if kind.recorded is not None:
        matter = kind.recorded(matter)
    lacks = lacking(kind.parameters, matter)
    if lacks:
        return Missing(letter_id, tuple(parameter.name for parameter in lacks), why(lacks))
    written = kind.writer(matter)
    if isinstance(written, Missing):
        return written
    subject, blocks = written
    if kind.automatic:
        blocks = (*blocks[:1], *comes_again(letter_id, matter), *blocks[1:])
    said = worded(kind, blocks, matter.own, matter.free_text)
    encloses, in_format = kind.encloses(matter) if kind.encloses is not None else ("", "")
    own = matter.own.name if matter.own and said != blocks else ""
    return Letter(letter_id, subject, said, kind.lane, encloses, in_format, own)

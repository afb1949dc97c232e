"""A case told from top to bottom: contacts, letters as they looked, and facts in words, grouped by London day.

The people of the provider read it, in full; `story_to_customer` tells the customer without what was written for colleagues.
Nothing is worked out here but the words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeVar, cast

from amends.core import facts as f
from amends.core import saying
from amends.core.calendar import london_date
from amends.core.care import arrangement, steps
from amends.core.data_answers import GROUNDS
from amends.core.letters import LETTERS
from amends.core.scheme_decision import lines
from amends.core.scheme_path import ABOUT
from amends.core.schemes import Ground
from amends.desk.models import Outgoing, Upload
from amends.law import law

LETTER_TITLES = {kind.id: kind.title for kind in LETTERS}
BY_A_PERSON = "recorded by a person"
PRIVATE_LETTERS = frozenset({"access-link"})
"""Letters that only their reader may see: they carry a key."""


def proof_of(key: str, file: str) -> str:
    """What stands for the contact with a file (by its SHA-256) that proves the posting of a letter."""
    return f"posting {hashlib.sha256(f'{key} {file}'.encode()).hexdigest()[:32]}"


class Look(StrEnum):
    """How an entry looks: as somebody's words, as a letter, as a note, or as a quiet line."""

    THEIRS = "theirs"
    OURS = "ours"
    LETTER = "letter"
    NOTE = "note"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in words."""

    at: datetime
    look: Look
    what: str
    """A short sentence: who did what."""
    words: str = ""
    more: tuple[str, ...] = ()
    """Further short sentences about it: a decision, a fate, a reason."""
    contact: str = ""
    message: str = ""
    """The id of the kept raw message."""
    letter: Outgoing | None = None
    uploads: tuple[Upload, ...] = ()
    logged: datetime | None = None
    """When it was written down, where that is another day."""
    under: str = ""
    """The reference under which it stands, where that is another case that goes on as this one."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What hangs on a case besides its facts: letters by key, files by contact, names by id."""

    letters: Mapping[str, Outgoing] = field(default_factory=dict)
    uploads: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, who: str) -> str:
        """What somebody is called by whom a fact is."""
        if who == f.SYSTEM:
            return "The desk"
        if who == f.CUSTOMER:
            return "The customer"
        return self.names.get(who, who)


Others = Mapping[str, list[f.Fact]]
"""The facts of cases that go on as this one, by their references."""


def tell(
    facts: list[f.Fact], papers: Papers, others: Others = MappingProxyType({})
) -> list[tuple[date, list[Entry]]]:
    """The story for the people of the provider, by day, the first day first, with that of cases that go on here."""
    return by_day([*_told(facts, papers), *_under(others, papers)])


def _under(others: Others, papers: Papers) -> Iterator[Entry]:
    for name, facts in others.items():
        yield from (replace(entry, under=name) for entry in _told(facts, papers))


def _told(facts: list[f.Fact], papers: Papers) -> list[Entry]:
    entries: list[Entry] = []
    places: dict[str, int] = {}
    for fact in facts:
        about = _belongs_to(fact)
        if about in places:
            entries[places[about]] = _with(entries[places[about]], fact, papers)
            continue
        if isinstance(fact, f.ContactMade) and fact.letter in places:
            continue
        entry = _entry(fact, papers)
        if entry is None:
            continue
        if isinstance(fact, f.LetterDecided):
            places[fact.key] = len(entries)
        elif isinstance(fact, f.ContactReceived | f.ContactMade):
            places[fact.contact] = len(entries)
        entries.append(entry)
    return entries


def _belongs_to(fact: f.Fact) -> str:
    """The entry that this fact only adds a sentence to."""
    if isinstance(fact, f.LetterFate | f.PostingProved):
        return fact.key
    about_contact = f.ComplaintDecided | f.ReceiptCorrected | f.CallTimed
    return fact.contact if isinstance(fact, about_contact) else ""


def _with(entry: Entry, fact: f.Fact, papers: Papers) -> Entry:
    if isinstance(fact, f.LetterFate):
        why = f": {fact.why}" if fact.why else ""
        return replace(
            entry,
            more=(*entry.more, f"{saying.moment(fact.at)}: {_FATES_SAID.get(fact.fate, fact.fate)}{why}"),
        )
    if isinstance(fact, f.CallTimed):
        return replace(entry, more=(*entry.more, f"It took {took(fact.at, fact.ended)}"))
    if isinstance(fact, f.PostingProved):
        number = f", certificate {fact.certificate}" if fact.certificate else ""
        uploads = papers.uploads.get(proof_of(fact.key, fact.file), ())
        more = (*entry.more, f"Proof of posting{number}")
        return replace(entry, more=more, uploads=(*entry.uploads, *uploads))
    if isinstance(fact, f.ComplaintDecided):
        found = "was a complaint" if fact.complaint else "was no complaint"
        why = f": {fact.why}" if fact.why else ""
        return replace(entry, more=(*entry.more, f"{papers.name(fact.by)} found that this {found}{why}"))
    if isinstance(fact, f.ReceiptCorrected):
        corrected = (
            f"{papers.name(fact.by)} corrected its receipt to {saying.moment(fact.received)}: {fact.why}"
        )
        return replace(entry, more=(*entry.more, corrected))
    return entry


_FATES_SAID = {
    "sent": "it left", "posted": "it was posted", "failed": "it could not be sent",
    "in doubt": "it may or may not have left", "bounced": "it came back undelivered",
    "returned": "the post brought it back", "withdrawn": "it was withdrawn before it left",
}  # fmt: skip

_GIVEN_BY = {"portal": "through the portal", "post": "by post"}


def _last_day(until: str) -> str:
    return f", to be fetched until {saying.day(date.fromisoformat(until))}" if until else ""


ASKED_SAID: Mapping[str, str] = {
    "compensation": "compensation over their limit",
    "award": "an award over their limit",
    "deadlock": "deadlock",
    "extension": "more time for a promise of ours",
    "back-dating": "another date of receipt",
    "escalation": "somebody of the next stage to take the case",
}  # fmt: skip
"""What was asked for, by its deed."""

F = TypeVar("F", bound=f.Fact)
_TELLERS: dict[type[f.Fact], Callable[[Any, Papers], Entry | None]] = {}


def _on(
    kind: type[F],
) -> Callable[[Callable[[F, Papers], Entry | None]], Callable[[F, Papers], Entry | None]]:
    def keep(how: Callable[[F, Papers], Entry | None]) -> Callable[[F, Papers], Entry | None]:
        _TELLERS[kind] = cast("Callable[[Any, Papers], Entry | None]", how)
        return how

    return keep


def _entry(fact: f.Fact, papers: Papers) -> Entry | None:
    teller = _TELLERS.get(type(fact))
    if teller is None:
        return Entry(fact.at, Look.LINE, f"{papers.name(fact.by)}: {fact.KIND}")
    return teller(fact, papers)


_CAME_BY = {
    "phone": "called", "email": "wrote by email", "letter": "wrote a letter", "form": "wrote through the web form",
    "webchat": "wrote in the chat", "fax": "sent a fax",
}  # fmt: skip


@_on(f.ContactReceived)
def _received(fact: f.ContactReceived, papers: Papers) -> Entry:
    who = "A machine" if fact.machine else "The customer"
    more = [f"A machine wrote it: {fact.machine}"] if fact.machine else []
    if fact.junk:
        more.append("It came from the junk folder: a filter had taken it for junk")
    if fact.backdated_why:
        counts = (
            f"Counts from this time, measured {saying.moment(fact.received)}"
            if fact.received != fact.at
            else f"Written down {saying.moment(fact.logged)}"
        )
        more.append(f"{counts}: {fact.backdated_why}")
    return Entry(
        fact.at, Look.THEIRS, f"{who} {_CAME_BY.get(fact.channel, f'made contact ({fact.channel})')}",
        "\n\n".join(filter(None, (fact.subject, fact.words))), tuple(more), fact.contact, fact.message,
        uploads=papers.uploads.get(fact.contact, ()), logged=_if_another_day(fact),
    )  # fmt: skip


def _if_another_day(fact: f.Fact) -> datetime | None:
    return fact.logged if london_date(fact.logged) != london_date(fact.at) else None


_MADE_FOR = {
    "reply": " with an answer",
    "update": " to say how the case stands",
    "call back": " back",
    "acknowledgement": " to give the reference",
}
"""What a contact was made for, behind whom it was made to; what only told or asked something needs no more words."""


@_on(f.ContactMade)
def _made(fact: f.ContactMade, papers: Papers) -> Entry:
    did = "called" if fact.channel == "phone" else f"contacted ({fact.channel})"
    reached = "" if fact.reached else ", and did not reach them"
    what = f"{papers.name(fact.by)} {did} the customer{_MADE_FOR.get(fact.purpose, '')}{reached}"
    return Entry(fact.at, Look.OURS, what, fact.words)


@_on(f.LetterDecided)
def _letter(fact: f.LetterDecided, papers: Papers) -> Entry | None:
    title = LETTER_TITLES.get(fact.letter, fact.letter)
    if fact.letter in PRIVATE_LETTERS:
        return Entry(fact.at, Look.LINE, f"{title} sent by {fact.channel}, as the customer asked")
    why = (_decided(fact),) if fact.why else ()
    return Entry(
        fact.at, Look.LETTER, f"{title}, by {fact.channel}", more=why, letter=papers.letters.get(fact.key)
    )


def _decided(fact: f.LetterDecided) -> str:
    """Why a letter was decided: the clause, where the desk did it by itself for a duty."""
    duty = _OF_DUTY.fullmatch(fact.why)
    return f"The desk owed it under {duty[1]}{duty[2]}" if duty else f"Decided because: {fact.why}"


_OF_DUTY = re.compile(r"\S+:\S+ \(([^;]+)\)((?:; .+)?)")


@_on(f.NoteAdded)
def _note(fact: f.NoteAdded, papers: Papers) -> Entry:
    files = papers.uploads.get(fact.note, ()) if fact.note else ()
    return Entry(fact.at, Look.NOTE, f"Note by {papers.name(fact.by)}", fact.words, uploads=files)


@_on(f.LessonNoted)
def _lesson(fact: f.LessonNoted, papers: Papers) -> Entry:
    # Like a note it is for colleagues: it begins as left out of what goes to a scheme.
    what = f"{papers.name(fact.by)} wrote down what should be learned: {fact.cause}"
    return Entry(fact.at, Look.NOTE, what, fact.words)


@_on(f.FindingsRecorded)
def _findings(fact: f.FindingsRecorded, papers: Papers) -> Entry:
    more = (f"Whose fault: {fact.fault_owner}",) if fact.fault_owner else ()
    return Entry(fact.at, Look.NOTE, f"What {papers.name(fact.by)} found", fact.words, more)


@_on(f.OutcomeProposed)
def _proposed(fact: f.OutcomeProposed, papers: Papers) -> Entry:
    more = [f"With {saying.pence(fact.credit_pence)} of credit or refund"] if fact.credit_pence else []
    if fact.fault_owner:
        more.append(f"Whose fault it was: {fact.fault_owner}")
    if fact.cites:
        more.append(f"Its reasons by the code: {', '.join(fact.cites.split())}")
    if fact.because:
        more.append(f"Why they hold here: {fact.because}")
    return Entry(
        fact.at,
        Look.LINE,
        f"{papers.name(fact.by)} proposed an outcome",
        "" if fact.letter else fact.words,
        tuple(more),
    )


@_on(f.OutcomeAnswered)
def _answered(fact: f.OutcomeAnswered, papers: Papers) -> Entry:
    said = "accepted" if fact.accepted else "refused"
    by = f" (as {papers.name(fact.by)} wrote down)" if fact.how == BY_A_PERSON else f" ({fact.how})"
    return Entry(fact.at, Look.THEIRS, f"The customer {said} the outcome{by}", fact.words)


_CLOSED_ON = {
    "customer confirmed": "the customer said that it is settled",
    "ADR letter window run": "the time to go to the scheme is over",
    "scheme decision carried out": "what the scheme decided is carried out",
    "scheme decision not accepted": "the customer did not accept what the scheme decided",
    "silence after notices": "the customer did not answer the notices of the code",
    "not a complaint": "it was no complaint",
    "copy sent": "the copy has left",
    "request carried out": "what was asked for is carried out",
    "closed before it came here": "it was closed before it came to this desk",
}
"""The evidence on which a case closes, in words."""


@_on(f.CaseClosed)
def _closed(fact: f.CaseClosed, papers: Papers) -> Entry:
    on = _CLOSED_ON.get(fact.evidence, fact.evidence)
    return Entry(fact.at, Look.LINE, f"{papers.name(fact.by)} closed the case: {on}", fact.words)


@_on(f.CaseMergedFrom)
def _came(fact: f.CaseMergedFrom, papers: Papers) -> Entry | None:
    said = f"{papers.name(fact.by)} let {fact.reference} go on here, first received {saying.moment(fact.first_received)}"
    return Entry(fact.at, Look.LINE, said, fact.why)


@_on(f.CaseMergeUndone)
def _parted(fact: f.CaseMergeUndone, papers: Papers) -> Entry | None:
    return Entry(
        fact.at, Look.LINE, f"{papers.name(fact.by)} undid the merge with {fact.reference}", fact.why
    )


def _need_said(fact: f.FormatNeeded, papers: Papers) -> str:
    if fact.carried_from:
        return f"As they said on {fact.carried_from}, the customer reads what we write in {fact.format or 'the usual form'}"
    return f"{papers.name(fact.by)} wrote down that the customer reads what we write in {fact.format or 'the usual form'}"


def _needs_said(fact: f.NeedsKnown, _papers: Papers) -> str:
    return (
        "From their record: what the customer needs" if fact.needs else "From their record: no need any more"
    )


def _line(kind: type[F], say: Callable[[F, Papers], str], words: Callable[[F], str] | None = None) -> None:
    """A fact that is told in one quiet line."""

    @_on(kind)
    def told(fact: F, papers: Papers) -> Entry:
        return Entry(fact.at, Look.LINE, say(fact, papers), words(fact) if words else "")


_line(
    f.CaseOpened,
    lambda x, p: f"{p.name(x.by)} opened the case{', under the code then in force' if x.code else ''}",
)
_line(f.CustomerKnown, lambda x, p: f"{p.name(x.by)} wrote down: {_known(x)}")
_line(
    f.PartyAdded, lambda x, p: f"{p.name(x.by)} let {x.name or 'somebody'} ({x.role}) write about it: {x.why}"
)
_line(
    f.IdentityChecked,
    lambda x, p: (
        f"{p.name(x.by)} checked the caller’s identity: {'passed' if x.passed else 'failed'} ({x.how})"
    ),
)
_line(
    f.HandlerAssigned,
    lambda x, _: f"{x.handler_name} has the case now{f': {x.why}' if x.why else ''}",
)
_line(f.HandlerIntroduced, lambda x, p: f"{p.name(x.by)} introduced themselves ({x.channel})")
_line(
    f.ContactTimeAgreed,
    lambda x, _: (
        f"Contact time agreed{' instead' if x.instead_of else ''}: "
        f"{saying.between(x.starts, x.ends)}{f', on {x.number}' if x.number else ''}"
    ),
    lambda x: x.plan,
)
_line(
    f.ContactTimeSettled,
    lambda x, _: f"Agreed contact time: {x.how}{f': {x.why}' if x.why else ''}",
)
_line(
    f.UpdateIntervalAgreed,
    lambda x, _: f"Agreed: the customer hears from us every {saying.counted(x.working_days, 'working day')}",
)
_line(f.PromisePaused, lambda x, p: f"{p.name(x.by)} let {_promise(x.clock)} stand still: {x.why}")
_line(f.PromiseResumed, lambda x, p: f"{p.name(x.by)} let {_promise(x.clock)} run on")
_line(
    f.PromiseExtended,
    lambda x, p: f"{p.name(x.by)} extended {_promise(x.clock)} to {saying.moment(x.until)}: {x.why}",
)
_line(
    f.EscalationAsked,
    lambda x, _: f"The customer asked for the next stage ({x.channel})",
)
_line(
    f.StageEntered,
    lambda x, _: f"{x.role} holds the case now: {x.why}",
)
_line(
    f.DeadlockDeclared,
    lambda x, p: f"{p.name(x.by)} declared deadlock",
    lambda x: x.position,
)
_line(
    f.AdrExcepted,
    lambda x, p: (
        f"No ADR letter: {x.exception}. Asked by {p.name(x.by)}, agreed by {p.name(x.second)}: {x.why}"
    ),
)
_line(f.FormatNeeded, _need_said, lambda x: x.consent)
_line(
    f.FormatOrdered,
    lambda x, p: f"A person is to send {_letter_named(x.letter, p)} in {x.format or 'the customer’s format'}",
    lambda x: x.why,
)
_line(
    f.FormatDispatched,
    lambda x, p: f"{p.name(x.by)} sent what was ordered in the customer’s format",
    lambda x: x.how,
)
_line(
    f.PersonalDataFound,
    lambda x, p: f"{p.name(x.by)} found that it is {'also' if x.concerned else 'not'} about personal data",
    lambda x: x.why,
)
_line(
    f.SchemeLimitsFound,
    lambda x, p: (
        f"{p.name(x.by)} found that it is about {_about(x.grounds)}, which a scheme may not take"
        if x.grounds
        else f"{p.name(x.by)} found nothing in it that a scheme may not take"
    ),
    lambda x: x.why,
)
_line(f.Categorised, lambda x, p: f"{p.name(x.by)} sorted it: {_sorted(x)}")
_line(
    f.CustomerLinked,
    lambda x, p: (
        f"{p.name(x.by)} found whose case it is: a customer of the book"
        if x.customer
        else f"{p.name(x.by)} found that it was another’s case than the customer of the book"
    ),
)
_line(
    f.CaseImported,
    lambda x, _: f"Imported from {x.source}{f', {x.number}' if x.number else ''}",
)
_line(
    f.LetterBefore,
    lambda x, _: (
        f"The letter “{LETTER_TITLES.get(x.letter, x.letter)}” had left, by {x.channel}, from {x.source}: "
        "there is no copy of it here"
    ),
)
_line(f.NeedsKnown, _needs_said, lambda x: x.needs)
_line(
    f.SchemeReferred,
    lambda x, _: f"The customer took it to {_scheme(x.scheme)}{f', number {x.number}' if x.number else ''}",
)
_line(
    f.SchemeTold,
    lambda x, p: (
        f"{p.name(x.by)} told us that they took it to {_scheme(x.scheme)} on {saying.day(london_date(x.applied))}"
        f"{f', number {x.number}' if x.number else ''}"
    ),
)
_line(
    f.SchemeNotFound,
    lambda x, p: f"{p.name(x.by)} found that the scheme knows of no such dispute",
    lambda x: x.words,
)
_line(
    f.SchemeDecided,
    lambda x, _: (
        f"The scheme’s outcome: {x.outcome}{f', {saying.pence(x.award_pence)} to pay' if x.award_pence else ''}"
        f"{f', its number {x.number}' if x.number else ''}"
    ),
    lambda x: "\n".join(filter(None, (x.words, *(f"To do: {line}" for line in lines(x.asked))))),
)
_line(
    f.SchemeCorrected,
    lambda x, p: (
        f"{p.name(x.by)} corrected the scheme’s outcome: {x.outcome}"
        f"{f', {saying.pence(x.award_pence)} to pay' if x.award_pence else ''}"
        f"{f', its number {x.number}' if x.number else ''}, on {saying.day(london_date(x.at))}"
    ),
    lambda x: "\n".join(filter(None, (x.why, x.words, *(f"To do: {line}" for line in lines(x.asked))))),
)
_line(
    f.SchemeAnswered,
    lambda x, _: f"The customer’s answer to the scheme’s decision: {x.answer}",
    lambda x: x.words,
)
_line(
    f.SchemeAnswerCorrected,
    lambda x, p: (
        f"{p.name(x.by)} corrected the customer’s answer to the scheme’s decision: {x.answer or 'none has come yet'}"
        f"{f', on {saying.day(london_date(x.at))}' if x.answer else ''}"
    ),
    lambda x: "\n".join(filter(None, (x.why, x.words))),
)
_line(
    f.TradeBodyAsked,
    lambda x, _: (
        f"The customer raised it with {x.body}"
        f"{f', its number {x.number}' if x.number else ''}. It is no approved scheme, and all dates go on"
    ),
)
_line(f.TradeBodySaid, lambda x, _: f"What {x.body} said, which binds nobody", lambda x: x.words)
_line(
    f.CaseFileDue,
    lambda x, _: f"The scheme wants our case file by {saying.day(london_date(x.due))}",
    lambda x: x.words,
)
_line(
    f.CaseFileMade,
    lambda x, p: (
        f"{p.name(x.by)} made case file {x.number} for the scheme, with {saying.counted(x.documents, 'document')}"
        f"{f', {x.left_out} left out' if x.left_out else ''}"
    ),
)
_line(
    f.CaseFileSent,
    lambda x, p: f"{p.name(x.by)} sent case file {x.number} to the scheme",
    lambda x: x.how,
)
_line(
    f.CopyAsked,
    lambda x, _: f"The customer asked for a copy of the code, {_copy_goes(x)}",
)
_line(
    f.ParticularsGiven,
    lambda _x, p: f"{p.name(_x.by)} wrote down the particulars",
    lambda x: steps.told(x.given),
)
_line(
    f.StepTaken,
    lambda x, p: f"{p.name(x.by)}: the step “{x.step}” is {x.how}{_until(x.again)}",
    lambda x: x.words,
)
_line(
    f.PaymentSeen,
    lambda x, p: (
        f"{p.name(x.by)}: {arrangement.Payment(date.fromisoformat(x.due), x.pence).said}"
        f" {'came' if x.came else 'did not come'}"
    ),
    lambda x: x.words,
)
_line(
    f.DataRequestExtended,
    lambda x, p: f"{p.name(x.by)} made the month of the request three, because {x.because}",
    lambda x: x.why,
)
_line(
    f.DataRequestAnswered,
    lambda x, p: (
        f"{p.name(x.by)} answered the request: {x.answer}{f', because {GROUNDS[x.ground]}' if x.ground else ''}"
    ),
    lambda x: x.why,
)
_line(
    f.DataBundleMade,
    lambda x, p: (
        f"{p.name(x.by)} brought together what is held of them (copy {x.number}, "
        f"{saying.counted(x.documents, 'document')}), {x.taken_out} taken out"
    ),
)
_line(
    f.DataBundleGiven,
    lambda x, p: f"{p.name(x.by)} handed out copy {x.number}, {_GIVEN_BY[x.how]}{_last_day(x.until)}",
    lambda x: x.words,
)
_line(
    f.DataBundleFetched,
    lambda x, _: f"The customer took copy {x.number} of their data away",
)
_line(f.CallTimed, lambda x, _: f"The call took {took(x.at, x.ended)}")
_line(
    f.ApprovalAsked,
    lambda x, p: f"{p.name(x.by)} asked for a decision: {ASKED_SAID[x.deed]}",
    lambda x: x.why,
)
_line(f.ApprovalGiven, lambda x, p: f"{p.name(x.by)} agreed to what was asked", lambda x: x.why)
_line(
    f.ApprovalRefused,
    lambda x, p: f"{p.name(x.by)} did not agree to what was asked, or took it back",
    lambda x: x.why,
)
_QUESTION_ENDS = {
    f.ANSWERED: "it is answered",
    f.NOT_YET: "what they wrote does not answer it, and we go on waiting",
    f.NOT_GIVEN: "no answer came, and we go on with what we have",
    f.NOT_NEEDED: "it is not needed any more",
}
_line(
    f.QuestionAsked,
    lambda x, p: (
        f"{p.name(x.by)} asked the customer for something, by {saying.day(london_date(x.answer_by))}: the desk asks "
        "again by itself if no answer comes"
    ),
)
_line(
    f.QuestionSettled,
    lambda x, p: (
        f"{p.name(x.by)} wrote down of what we asked the customer: {_QUESTION_ENDS.get(x.how, x.how)}"
    ),
    lambda x: x.words,
)
_line(
    f.SupplierAsked,
    lambda x, p: (
        f"{p.name(x.by)} asked {x.supplier}{f', their reference {x.number}' if x.number else ''}; "
        f"we ask again on {saying.day(london_date(x.chase))}"
    ),
    lambda x: x.words,
)
_line(
    f.SupplierChased,
    lambda x, p: f"{p.name(x.by)} chased the supplier; the next time on {saying.day(london_date(x.chase))}",
    lambda x: x.words,
)
_line(
    f.SupplierAnswered,
    lambda x, p: f"{p.name(x.by)} wrote down what the supplier answered",
    lambda x: x.words,
)
_line(
    f.OutageLinked,
    lambda x, p: f"{p.name(x.by)} linked outage {x.outage}{f': {x.service}' if x.service else ''}",
)
_line(f.OutageUnlinked, lambda x, p: f"{p.name(x.by)} took outage {x.outage} away", lambda x: x.why)
_line(f.OutageTold, lambda x, _: f"Written with everybody who is linked to outage {x.outage}")
_line(f.CaseLinked, lambda x, p: f"{p.name(x.by)} linked {x.reference}", lambda x: x.why)
_line(f.CaseUnlinked, lambda x, p: f"{p.name(x.by)} took the link to {x.reference} away")
_line(f.CaseMergedInto, lambda x, p: f"{p.name(x.by)} let the case go on as {x.reference}", lambda x: x.why)
_line(
    f.MergedDateKept,
    lambda x, _: (
        f"Under {x.reference} the ADR letter was due {saying.moment(x.due)} ({x.clause}): it is due here no later"
    ),
)
_line(f.MergedLetterCounts, lambda x, _: f"The ADR letter that left under {x.reference} counts here")
_line(
    f.MergedLimitsCount,
    lambda x, _: (
        f"Under {x.reference} it was found to be about {_about(x.grounds)}, which a scheme may not take: so here"
    ),
)
_line(
    f.MergedMessageWaits,
    lambda x, _: f"What the customer wrote under {x.reference} ({x.channel}) waits for its answer here",
)
_line(
    f.AwardPrepared,
    lambda x, p: f"{p.name(x.by)} worked out {_award(x)} ({x.basis}, {x.clause})",
    lambda x: x.words,
)
_line(
    f.AwardFate,
    lambda x, _: (
        f"Award {x.award}: {_AWARD_FATES.get(x.fate, x.fate)}{f', number {x.billing}' if x.billing else ''}"
    ),
    lambda x: x.why,
)
_line(
    f.CaseReopened,
    lambda x, p: f"{p.name(x.by)} opened the case again: {x.why}",
)
_line(f.PostingProved, lambda x, p: f"{p.name(x.by)} kept proof of posting for {_letter_named(x.key, p)}")
_line(
    f.CodeGoverns,
    lambda x, _: (
        f"{'The published code governs' if x.code else 'No code governs'} the case from here on: {x.because}"
    ),
)
_line(f.DatesReplanned, lambda x, _: f"Dates moved, because {_because(x.because)}", lambda x: _moved(x.moved))
_line(
    f.LetterFate,
    lambda x, p: f"About {_letter_named(x.key, p)}: {_FATES_SAID.get(x.fate, x.fate)}",
)
_line(f.ComplaintDecided, lambda x, p: f"{p.name(x.by)} decided whether a contact was a complaint")
_line(f.ReceiptCorrected, lambda x, p: f"{p.name(x.by)} corrected the receipt of a contact: {x.why}")


def took(began: datetime, ended: datetime) -> str:
    """How long a call took, with its hours: "12 minutes, from 9 am to 9.12 am"."""
    minutes = max(1, round((ended - began).total_seconds() / 60))
    return f"{saying.counted(minutes, 'minute')}, from {saying.time(began)} to {saying.time(ended)}"


_AWARD_FATES: dict[str, str] = {
    "given": "the customer has it", "handed over": "handed over to billing", "in doubt": "it may or may not have arrived",
    "failed": "billing could not give it", "reversed": "billing took it back", "again": "it goes to billing once more",
    "withdrawn": "withdrawn",
}  # fmt: skip


def _scheme(key: str) -> str:
    """A scheme as the law's directory calls it; one that is there no more, as it was written down."""
    found = next((scheme for scheme in law().schemes if scheme.id == key), None)
    return f"the {found.name}" if found is not None and " " in found.name else found.name if found else key


def _about(grounds: str) -> str:
    """What a complaint is about that a scheme may not take, in words."""
    return saying.listed([ABOUT[Ground(each)] for each in grounds.split(",")])


def _award(fact: f.AwardPrepared) -> str:
    """An award by its number, kind and sum."""
    return f"award {fact.award}, {fact.award_kind}{f' of {saying.pence(fact.pence)}' if fact.pence else ''}"


def _promise(clock: str) -> str:
    """A promise by its clause; of several that one clause started, which."""
    clause, _, number = clock.partition("#")
    return f"the promise {clause}{f' (number {number})' if number else ''}"


def _letter_named(key: str, papers: Papers) -> str:
    """A letter by what it is, where the reader may know."""
    letter = papers.letters.get(key)
    return f"the letter “{LETTER_TITLES.get(letter.letter, letter.letter)}”" if letter else "a letter"


def _because(because: str) -> str:
    """Why dates were worked out anew: in words, where the fact names versions by their digests."""
    changed, named, _digests = because.partition(": ")
    return (
        "another version of them is in use: the program, the law or the bank holidays"
        if (named and changed.startswith("versions of"))
        else because
    )


def _moved(moved: str) -> str:
    """Which dates moved, with their moments as people say them."""
    return _ISO.sub(lambda found: saying.moment(datetime.fromisoformat(found[0])), moved).replace(
        " -> ", ", now "
    )


_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")


def _copy_goes(fact: f.CopyAsked) -> str:
    way = "by email" if fact.channel == "email" else "by post"
    return f"{way}, in {fact.format}" if fact.format else way


def _until(day: str) -> str:
    return f" until {saying.day(date.fromisoformat(day))}" if day else ""


def _sorted(fact: f.Categorised) -> str:
    cause = f"the root cause is {fact.cause}" if fact.cause else "no root cause yet"
    return f"about {fact.category or 'nothing in particular'}, {cause}"


def _known(fact: f.CustomerKnown) -> str:
    names = {
        "name": "name", "email": "email", "phone": "phone", "address": "postal address", "account": "account",
        "prefers": "wish for replies", "customer_kind": "kind of customer", "headcount": "number of people",
    }  # fmt: skip
    known = [said for name, said in names.items() if getattr(fact, name) not in ("", None)]
    return saying.listed(known) or "nothing new"


def by_day(entries: list[Entry]) -> list[tuple[date, list[Entry]]]:
    """Entries under their London days, the first day first."""
    # A letter that lay in the post room belongs to the day on which it counts.
    ordered: Iterator[tuple[date, Iterator[Entry]]] = groupby(
        sorted(entries, key=lambda e: e.at), key=lambda e: london_date(e.at)
    )
    return [(day, list(of_day)) for day, of_day in ordered]

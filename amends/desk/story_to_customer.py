"""The story of a case in the words in which its customer reads it in the portal, ready for translation.

What was written for colleagues is no part of it: only the facts that are told here are, each without its private reasons.
The same story for the people of the provider is told by `story`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amends.core import facts as f
from amends.core import saying
from amends.core.calendar import london_date
from amends.desk import dates_said
from amends.desk.story import PRIVATE_LETTERS, Entry, Look, Others, Papers, by_day

LETTER_TITLES: Final = {
    "acknowledgement": gettext_lazy("Acknowledgement"),
    "introduction": gettext_lazy("Introduction"),
    "contact-time": gettext_lazy("Agreed contact time"),
    "update": gettext_lazy("Update"),
    "reply": gettext_lazy("Reply"),
    "call-follow-up": gettext_lazy("Follow-up of a call"),
    "chat-transcript": gettext_lazy("Transcript of a chat"),
    "extension": gettext_lazy("We need longer"),
    "outcome": gettext_lazy("Outcome"),
    "escalation": gettext_lazy("Taken to the next stage"),
    "cannot-resolve": gettext_lazy("We cannot settle it"),
    "adr-letter": gettext_lazy("ADR letter"),
    "case-file": gettext_lazy("Case-file cover"),
    "silence-notice": gettext_lazy("Is it settled?"),
    "closed": gettext_lazy("Closed"),
    "credit-note": gettext_lazy("Credit note"),
    "reopened": gettext_lazy("Open again"),
    "copy-of-code": gettext_lazy("Copy of the code"),
    "format-sent": gettext_lazy("Letter in another format"),
    "outage-update": gettext_lazy("Outage: how it stands"),
    "outage-end": gettext_lazy("Outage: it is over"),
    "data-acknowledged": gettext_lazy("We have your request"),
    "data-extended": gettext_lazy("Your request needs longer"),
    "data-answered": gettext_lazy("Your request is done"),
    "data-refused": gettext_lazy("Your request is turned down"),
    "question": gettext_lazy("A question"),
    "question-again": gettext_lazy("The question once more"),
}
WAYS: Final = {
    "phone": gettext_lazy("by phone"), "email": gettext_lazy("by email"), "letter": gettext_lazy("by letter"),
    "form": gettext_lazy("through the web form"), "webchat": gettext_lazy("in the chat"), "fax": gettext_lazy("by fax"),
    "post": gettext_lazy("by post"),
}  # fmt: skip
_CAME: Final = {
    "phone": gettext_lazy("You called"),
    "email": gettext_lazy("You wrote by email"),
    "letter": gettext_lazy("You wrote a letter"),
    "form": gettext_lazy("You wrote through the web form"),
    "webchat": gettext_lazy("You wrote in the chat"),
    "fax": gettext_lazy("You sent a fax"),
}
_FATES: Final = {
    "sent": gettext_lazy("it left"),
    "posted": gettext_lazy("it was posted"),
    "failed": gettext_lazy("it could not be sent"),
    "in doubt": gettext_lazy("it may or may not have left"),
    "bounced": gettext_lazy("it came back undelivered"),
    "returned": gettext_lazy("the post brought it back"),
    "withdrawn": gettext_lazy("it was withdrawn before it left"),
}
_TIMES: Final = {
    "kept": gettext_lazy("We spoke, as agreed"),
    "missed by us": gettext_lazy("We missed the time that we had agreed"),
    "missed by the customer": gettext_lazy("We could not reach you at the time that we had agreed"),
    "moved": gettext_lazy("The time that we had agreed was moved"),
}
_CLOSED: Final = {
    "customer confirmed": gettext_lazy("The case was closed: you told us that it is settled"),
    "ADR letter window run": gettext_lazy(
        "The case was closed: the time to go to an independent scheme is over"
    ),
    "scheme decision carried out": gettext_lazy(
        "The case was closed: we have done what was decided at the scheme"
    ),
    "scheme decision not accepted": gettext_lazy(
        "The case was closed: the decision of the scheme was not accepted"
    ),
    "silence after notices": gettext_lazy("The case was closed: we wrote to you twice and heard nothing"),
    "not a complaint": gettext_lazy("The case was closed: it was not a complaint"),
    "copy sent": gettext_lazy("The case was closed: the copy has left"),
    "request carried out": gettext_lazy("The case was closed: what you asked for is done"),
    "closed before it came here": gettext_lazy("The case was closed before it came here"),
}


def tell_customer(
    facts: list[f.Fact], papers: Papers, others: Others = MappingProxyType({})
) -> list[tuple[date, list[Entry]]]:
    """What they wrote, what we wrote and said to them, and the steps of their case, by day, the first day first."""
    under = (replace(entry, under=name) for name, these in others.items() for entry in _told(these, papers))
    return by_day([*_told(facts, papers), *under])


def _told(facts: list[f.Fact], papers: Papers) -> Iterator[Entry]:
    entries: list[Entry] = []
    letters: dict[str, int] = {}
    for fact in facts:
        if isinstance(fact, f.LetterFate) and fact.key in letters:
            entry = entries[letters[fact.key]]
            fate = f"{dates_said.moment(fact.at)}: {_FATES.get(fact.fate, fact.fate)}"
            entries[letters[fact.key]] = replace(entry, more=(*entry.more, fate))
        elif isinstance(fact, f.ContactMade) and fact.letter in letters:
            continue
        elif type(fact) in TELLERS:
            found = TELLERS[type(fact)](fact, papers)
            if found is None:
                continue
            if isinstance(fact, f.LetterDecided):
                letters[fact.key] = len(entries)
            entries.append(found)
    yield from entries


F = TypeVar("F", bound=f.Fact)
TELLERS: Final[dict[type[f.Fact], Callable[[Any, Papers], Entry | None]]] = {}
"""How each kind of fact is told to a customer; what is not here they are not told."""


def _on(
    kind: type[F],
) -> Callable[[Callable[[F, Papers], Entry | None]], Callable[[F, Papers], Entry | None]]:
    def keep(how: Callable[[F, Papers], Entry | None]) -> Callable[[F, Papers], Entry | None]:
        TELLERS[kind] = cast("Callable[[Any, Papers], Entry | None]", how)
        return how

    return keep


def _who(fact: f.Fact, papers: Papers) -> str:
    return papers.names.get(fact.by, "") or _("We")


def _words(choices: Mapping[str, Any], key: str) -> str:
    return str(choices.get(key, key))


@_on(f.ContactReceived)
def _received(fact: f.ContactReceived, papers: Papers) -> Entry:
    came = _CAME.get(fact.channel) or _("You were in touch")
    what = _("A machine wrote to us") if fact.machine else str(came)
    words = "\n\n".join(filter(None, (fact.subject, fact.words)))
    return Entry(
        fact.at, Look.THEIRS, what, words, contact=fact.contact, uploads=papers.uploads.get(fact.contact, ())
    )


@_on(f.ContactMade)
def _made(fact: f.ContactMade, papers: Papers) -> Entry:
    name = {"name": _who(fact, papers)}
    if fact.channel != "phone":
        return Entry(fact.at, Look.OURS, _("%(name)s wrote to you") % name, fact.words)
    # What a colleague wrote down of a call is for colleagues.
    said = _("%(name)s called you") if fact.reached else _("%(name)s called you, and did not reach you")
    return Entry(fact.at, Look.OURS, said % name)


@_on(f.LetterDecided)
def _letter(fact: f.LetterDecided, papers: Papers) -> Entry | None:
    if fact.letter in PRIVATE_LETTERS:
        return None
    said = {"letter": _words(LETTER_TITLES, fact.letter), "way": _words(WAYS, fact.channel)}
    return Entry(fact.at, Look.LETTER, _("%(letter)s, %(way)s") % said, letter=papers.letters.get(fact.key))


@_on(f.LetterFate)
def _fate(fact: f.LetterFate, papers: Papers) -> Entry:
    letter = papers.letters.get(fact.key)
    fate = {"fate": _words(_FATES, fact.fate)}
    if letter is None:
        return Entry(fact.at, Look.LINE, _("About a letter: %(fate)s") % fate)
    said = {**fate, "letter": _words(LETTER_TITLES, letter.letter)}
    return Entry(fact.at, Look.LINE, _("About the letter “%(letter)s”: %(fate)s") % said)


@_on(f.ContactTimeAgreed)
def _agreed(fact: f.ContactTimeAgreed, _papers: Papers) -> Entry:
    said = {"when": dates_said.between(fact.starts, fact.ends), "number": fact.number}
    if fact.instead_of:
        what = _("We agreed another time to speak: %(when)s, on %(number)s") if fact.number else _(
            "We agreed another time to speak: %(when)s"
        )  # fmt: skip
    else:
        what = _("We agreed a time to speak: %(when)s, on %(number)s") if fact.number else _(
            "We agreed a time to speak: %(when)s"
        )  # fmt: skip
    return Entry(fact.at, Look.LINE, what % said, fact.plan)


@_on(f.ContactTimeSettled)
def _settled(fact: f.ContactTimeSettled, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, _words(_TIMES, fact.how))


@_on(f.OutcomeProposed)
def _proposed(fact: f.OutcomeProposed, _papers: Papers) -> Entry:
    more: list[str] = []
    if fact.credit_pence:
        more.append(_("With %(sum)s of credit or refund") % {"sum": saying.pence(fact.credit_pence)})
    if fact.fault_owner:
        more.append(_("Whose fault it was: %(whose)s") % {"whose": fact.fault_owner})
    if fact.cites:
        more.append(_("Its reasons by the code: %(clauses)s") % {"clauses": ", ".join(fact.cites.split())})
    if fact.because:
        more.append(_("Why they hold here: %(why)s") % {"why": fact.because})
    words = "" if fact.letter else fact.words
    return Entry(fact.at, Look.LINE, _("We proposed an outcome"), words, tuple(more))


@_on(f.OutcomeAnswered)
def _answered(fact: f.OutcomeAnswered, _papers: Papers) -> Entry:
    said = _("You accepted the outcome") if fact.accepted else _("You refused the outcome")
    return Entry(fact.at, Look.THEIRS, said, fact.words)


@_on(f.EscalationAsked)
def _higher(fact: f.EscalationAsked, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, _("You asked for somebody higher up to look at it"))


@_on(f.StageEntered)
def _stage(fact: f.StageEntered, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, _("Our %(role)s looks at your case now") % {"role": fact.role})


@_on(f.DeadlockDeclared)
def _deadlock(fact: f.DeadlockDeclared, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, _("We told you our last word"), fact.position)


@_on(f.HandlerAssigned)
def _handler(fact: f.HandlerAssigned, _papers: Papers) -> Entry:
    # Why a colleague has it ("on leave", "asked for Braille") is said among colleagues.
    return Entry(fact.at, Look.LINE, _("%(name)s looks after your case now") % {"name": fact.handler_name})


@_on(f.CopyAsked)
def _copy(fact: f.CopyAsked, _papers: Papers) -> Entry:
    by_email = fact.channel == "email"
    if fact.format:
        what = _("You asked for a copy of the code, by email, in %(format)s") if by_email else _(
            "You asked for a copy of the code, by post, in %(format)s"
        )  # fmt: skip
        return Entry(fact.at, Look.LINE, what % {"format": fact.format})
    what = (
        _("You asked for a copy of the code, by email")
        if by_email
        else _("You asked for a copy of the code, by post")
    )
    return Entry(fact.at, Look.LINE, what)


@_on(f.SchemeTold)
def _scheme_told(fact: f.SchemeTold, _papers: Papers) -> Entry:
    said = {"day": dates_said.day(london_date(fact.applied)), "number": fact.number}
    what = (
        _("You told us that you went to the scheme on %(day)s, and that its number is %(number)s")
        if fact.number
        else _("You told us that you went to the scheme on %(day)s")
    )
    return Entry(fact.at, Look.LINE, what % said)


@_on(f.SchemeNotFound)
def _scheme_not_found(fact: f.SchemeNotFound, _papers: Papers) -> Entry:
    # How we know is said among colleagues.
    return Entry(fact.at, Look.LINE, _("We asked the scheme. It does not have your complaint yet"))


@_on(f.TradeBodyAsked)
def _trade_body(fact: f.TradeBodyAsked, _papers: Papers) -> Entry:
    said = {"body": fact.body, "number": fact.number}
    what = (
        _("You raised it with %(body)s, its number %(number)s.")
        if fact.number
        else _("You raised it with %(body)s.")
    )
    return Entry(fact.at, Look.LINE, f"{what % said} {_('It is no approved scheme, and all dates go on')}")


@_on(f.DataBundleGiven)
def _bundle_given(fact: f.DataBundleGiven, _papers: Papers) -> Entry:
    if not fact.until:
        return Entry(fact.at, Look.LINE, _("We sent you the copy of what we hold about you by post"))
    until = {"day": dates_said.day(date.fromisoformat(fact.until))}
    return Entry(
        fact.at, Look.LINE, _("We put the copy of what we hold about you here for you, until %(day)s") % until
    )


@_on(f.DataBundleFetched)
def _bundle_fetched(fact: f.DataBundleFetched, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, _("You took away the copy of what we hold about you"))


@_on(f.CaseMergedFrom)
def _merged(fact: f.CaseMergedFrom, _papers: Papers) -> Entry | None:
    # Who is not known to be the same customer learns nothing of the other case.
    if not fact.same_customer:
        return None
    return Entry(
        fact.at, Look.LINE, _("Your case %(reference)s goes on here") % {"reference": fact.reference}
    )


@_on(f.CaseClosed)
def _closed(fact: f.CaseClosed, _papers: Papers) -> Entry:
    return Entry(fact.at, Look.LINE, str(_CLOSED.get(fact.evidence) or _("The case was closed")))


@_on(f.CaseReopened)
def _reopened(fact: f.CaseReopened, papers: Papers) -> Entry:
    if fact.by == f.CUSTOMER:
        return Entry(fact.at, Look.LINE, _("You opened the case again"))
    return Entry(fact.at, Look.LINE, _("%(name)s opened the case again") % {"name": _who(fact, papers)})

"""Named examples of every letter, from one story told under any code: for tests, previews and the documentation.

The people, numbers and addresses are invented: the telephone numbers are of those kept for drama, the domain is
`example`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from amends.core import facts as f
from amends.core.awards import AwardKind, paid_clause
from amends.core.calendar import LONDON, london_date
from amends.core.case import fold
from amends.core.code import Trigger
from amends.core.kinds import CaseKind
from amends.core.letters.matter import NOTHING, LetterMatter
from amends.core.redress.refund import Outage, Paid, refund
from amends.core.redress.sums import Sum
from amends.core.rulebook import Rulebook
from amends.core.schemes import Membership

MEMBER = (Membership("communications-ombudsman", date(2024, 1, 1)),)
OTHER_MEMBER = (Membership("cisas", date(2024, 1, 1)),)

FOUND = (
    "A fault in the cabinet on Mill Lane cut your line off each time it rained. Our engineer replaced the joint on "
    "16 November, and the line has been steady since.\n\nYou were without broadband for 11 days. We will refund those "
    "days, and pay you a further £25 for the two visits on which nobody came."
)
POSITION = (
    "We have refunded every day without service and paid for both missed visits. We cannot pay for the loss of "
    "earnings that you describe, because our terms do not cover it."
)


@dataclass(frozen=True)
class Example:
    """One example: which letter, a name that is its own among them, and what it shows."""

    letter: str
    name: str
    shows: str
    matter: LetterMatter


_Value = str | int | bool | datetime


@dataclass
class _Story:
    """Facts as they happen, under one code; times are London's of November and December 2026."""

    book: Rulebook
    provider_name: str
    facts: list[f.Fact] = field(default_factory=list)

    def told(
        self, month: int, day: int, hour: int, minute: int, kind: type[f.Fact], **fields: _Value
    ) -> None:
        at = _at(month, day, hour, minute)
        values: Mapping[str, Any] = {"at": at, "logged": at, **fields}
        self.facts.append(kind(**values))

    def matter(
        self, month: int, day: int, hour: int = 10, *, words: str = "",
        memberships: tuple[Membership, ...] = MEMBER, extra: Mapping[str, str] = NOTHING,
    ) -> LetterMatter:  # fmt: skip
        now = _at(month, day, hour, 0)
        return LetterMatter(
            case=fold(self.facts), book=self.book, provider_name=self.provider_name, today=london_date(now),
            now=now, memberships=memberships, portal="https://amends.example/larkfield/my-case",
            access_code="MOSS-72-LARK", free_text=words, extra=extra,
        )  # fmt: skip

    def copy(self) -> _Story:
        return _Story(self.book, self.provider_name, list(self.facts))


def _at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def _received(
    book: Rulebook, provider_name: str, channel: str = "email", kind: CaseKind = CaseKind.COMPLAINT
) -> _Story:
    story = _Story(book, provider_name)
    code = book.code
    story.told(
        11, 4, 9, 20, f.CaseOpened, reference="LB-4F7-2KQ", provider=code.provider if code else "larkfield",
        code=code.id if code else "", code_version=code.fingerprint if code else "",
        case_kind=str(kind),
    )  # fmt: skip
    story.told(
        11, 4, 9, 20, f.ContactReceived, contact="c1", channel=channel, received=_at(11, 4, 9, 20),
        sender="priya.nair@mail.example", subject="Broadband dead when it rains", words="It is off again.",
    )  # fmt: skip
    story.told(
        11, 4, 9, 20, f.CustomerKnown, name="Priya Nair", email="priya.nair@mail.example",
        address="Priya Nair\n7 Mill Lane\nLarkfield\nLK1 2AB", customer_kind="residential",
    )  # fmt: skip
    return story


def _handled(book: Rulebook, provider_name: str) -> _Story:
    story = _received(book, provider_name)
    story.told(11, 4, 10, 0, f.ComplaintDecided, contact="c1", complaint=True, by="agent")
    story.told(
        11, 4, 10, 1, f.LetterDecided, key="a1", letter="acknowledgement", channel="email", digest="0" * 64
    )
    story.told(11, 4, 10, 2, f.LetterFate, key="a1", fate="sent")
    story.told(
        11, 4, 11, 0, f.HandlerAssigned, handler="17", handler_name="Tom Ashworth", phone="01632 960145",
        email="tom.ashworth@larkfield.example",
    )  # fmt: skip
    story.told(11, 5, 14, 0, f.HandlerIntroduced, channel="phone")
    story.told(11, 5, 14, 10, f.UpdateIntervalAgreed, working_days=5)
    story.told(
        11,
        5,
        14,
        12,
        f.ContactMade,
        contact="c2",
        channel="phone",
        purpose="call back",
        words="Spoke to Priya.",
    )
    return story


def _answered(book: Rulebook, provider_name: str) -> _Story:
    story = _handled(book, provider_name)
    story.told(11, 17, 15, 0, f.FindingsRecorded, fault_owner="network", words="Joint failed in cabinet 14.")
    story.told(
        11, 18, 11, 0, f.OutcomeProposed, outcome="o1", channel="email", credit_pence=4350, words=FOUND
    )
    return story


def _refused(book: Rulebook, provider_name: str) -> _Story:
    story = _answered(book, provider_name)
    story.told(
        11,
        20,
        9,
        0,
        f.OutcomeAnswered,
        outcome="o1",
        accepted=False,
        how="portal",
        words="I lost two days' work.",
    )
    return story


def examples(book: Rulebook, provider_name: str = "Larkfield Broadband") -> tuple[Example, ...]:
    """Every example that this code's own story reaches: one without stages has no step up, for one."""
    return (
        *_at_the_door(book, provider_name),
        *_on_the_way(book, provider_name),
        *_about_outcomes(book, provider_name),
        *_to_the_scheme(book, provider_name),
        *_at_the_end(book, provider_name),
    )


def _at_the_door(book: Rulebook, name: str) -> Iterator[Example]:
    yield Example("acknowledgement", "by email", "the usual one", _received(book, name).matter(11, 4))
    yield Example(
        "acknowledgement",
        "by post",
        "the complaint came in a letter",
        _received(book, name, "letter").matter(11, 4),
    )
    if book.code is not None:
        yield from _copies(book, name)
    link = {
        "link": "https://amends.example/larkfield/in/k7QmV2xR",
        "link until": _at(11, 4, 10, 15).isoformat(),
    }
    yield Example(
        "access-link",
        "asked for",
        "the customer asked to see the case",
        _received(book, name).matter(11, 4, extra=link),
    )


def _copies(book: Rulebook, name: str) -> Iterator[Example]:
    by_email = _copy_asked(book, name, "email", "")
    yield Example("copy-of-code", "by email", "the code is attached", by_email.matter(11, 4))
    in_print = _copy_asked(book, name, "letter", "large print")
    yield Example(
        "copy-of-code", "by post, in large print", "the code follows the letter", in_print.matter(11, 4)
    )
    embossed = _copy_asked(book, name, "letter", "Braille")
    yield Example("copy-of-code", "in Braille", "a person makes it, and it follows", embossed.matter(11, 4))


def _copy_asked(book: Rulebook, provider_name: str, channel: str, wanted: str) -> _Story:
    story = _received(book, provider_name, "form", CaseKind.COPY_OF_CODE)
    story.told(
        11, 4, 9, 20, f.ComplaintDecided, contact="c1", complaint=False, why="Asked for a copy of the code."
    )
    story.told(11, 4, 9, 20, f.CopyAsked, copy="1", channel=channel, format=wanted)
    return story


def _on_the_way(book: Rulebook, name: str) -> Iterator[Example]:
    handled = _handled(book, name)
    for wanted in ("large print", "Braille", "audio"):
        asked = {"of": "a1", "format": wanted, "subject": "we have received it"}
        yield Example(
            "format-sent",
            f"in {wanted}",
            "an earlier letter in another format",
            handled.matter(11, 6, extra=asked),
        )
    yield Example(
        "introduction", "after the first call", "the handler's direct details", handled.matter(11, 5, 15)
    )
    agreed = handled.copy()
    agreed.told(
        11, 5, 14, 20, f.ContactTimeAgreed, appointment="t1", starts=_at(11, 9, 13, 0), ends=_at(11, 9, 14, 0),
        person="17", number="01632 960812",
    )  # fmt: skip
    yield Example("contact-time", "a call", "a time to speak, agreed on the phone", agreed.matter(11, 5, 15))
    waits = "Our engineer was at the cabinet today and found water in it. A new joint goes in on Monday 16 November."
    yield Example("update", "work goes on", "what has been found so far", handled.matter(11, 10, words=waits))
    told = "Yes: you may send us the photographs by email, as large as they are. We will add them to your complaint."
    yield Example("reply", "a question answered", "a person's own words", handled.matter(11, 6, words=told))
    said = (
        "You told us that the line goes dead within minutes of rain, and that two visits were missed. "
        "We will test the line overnight and send an engineer on Tuesday."
    )
    yield Example("call-follow-up", "after a call", "what was said", handled.matter(11, 5, 15, words=said))
    chat = (
        "Tuesday 3 November 2026\n09:10 Priya Nair (customer): The line drops each time it rains.\n"
        f"09:12 Amy Reed ({name}): I am sorry. An engineer will look at the cabinet."
    )
    yield Example(
        "chat-transcript", "after a chat", "what was written", handled.matter(11, 5, 15, words=chat)
    )
    longer = handled.copy()
    clause = next((c.id for c in handled.matter(11, 10).clocks if c.running), "O-outcome")
    longer.told(
        11, 16, 9, 0, f.PromiseExtended, clock=clause, until=_at(11, 30, 17, 30),
        why="The part for the cabinet comes on 27 November.",
    )  # fmt: skip
    yield Example("extension", "a part is late", "a promise with a later time", longer.matter(11, 16))


def _about_outcomes(book: Rulebook, name: str) -> Iterator[Example]:
    yield Example(
        "outcome", "with a payment", "what was found and is offered", _answered(book, name).matter(11, 18, 11)
    )
    refused = _refused(book, name)
    stages = book.code.stages if book.code else ()
    if len(stages) > 1:
        up = refused.copy()
        up.told(
            11, 20, 9, 30, f.StageEntered, stage=1, role=stages[1].role, why="the customer is not satisfied"
        )
        yield Example("escalation", "refused", "the next stage by name", up.matter(11, 20))
    elif book.code is not None and Trigger.ESCALATION_ASKED in book.promises:
        up = refused.copy()
        up.told(11, 20, 9, 30, f.EscalationAsked, channel="phone")
        yield Example("escalation", "asked", "a next stage that the code speaks of", up.matter(11, 20))
    yield Example("cannot-resolve", "before deadlock", "we can do no more", refused.matter(11, 24))


def _to_the_scheme(book: Rulebook, name: str) -> Iterator[Example]:
    locked = _refused(book, name)
    locked.told(11, 27, 16, 0, f.DeadlockDeclared, position=POSITION, by="manager")
    yield Example(
        "adr-letter", "deadlock", "outcome told, refused, no further review", locked.matter(11, 27, 16)
    )
    yield Example(
        "adr-letter", "time limit with outcome", "six weeks have passed and no answer has come",
        _answered(book, name).matter(12, 16),
    )  # fmt: skip
    yield Example(
        "adr-letter", "time limit without outcome", "six weeks have passed and we have not answered yet",
        _handled(book, name).matter(12, 16, memberships=OTHER_MEMBER),
    )  # fmt: skip
    priced = locked.copy()
    priced.told(
        11, 27, 15, 0, f.SchemeLimitsFound, grounds="commercial", why="the price rise of July", by="manager"
    )
    yield Example(
        "adr-letter", "about a price", "the scheme may not take it, and the letter says so",
        priced.matter(11, 27, 16, memberships=OTHER_MEMBER),
    )  # fmt: skip
    taken = locked.copy()
    taken.told(
        11, 27, 16, 1, f.LetterDecided, key="d1", letter="adr-letter", channel="email", digest="0" * 64
    )
    taken.told(11, 27, 16, 2, f.LetterFate, key="d1", fate="sent")
    taken.told(
        12, 4, 12, 0, f.SchemeReferred, scheme="communications-ombudsman", number="CO-118204", by="handler"
    )
    yield Example("case-file", "at deadlock", "our last position, in our own words", taken.matter(12, 8))
    unanswered = _handled(book, name)
    unanswered.told(12, 18, 12, 0, f.SchemeReferred, scheme="cisas", by="handler")
    yield Example(
        "case-file", "no outcome told", "the time limit passed, and we had not answered yet",
        unanswered.matter(12, 21, words="Our engineer's report follows this week.", memberships=OTHER_MEMBER),
    )  # fmt: skip
    yield Example(
        "adr-letter", "scheme unknown", "nobody has recorded which scheme is the provider's",
        _handled(book, name).matter(12, 16, memberships=()),
    )  # fmt: skip


def _at_the_end(book: Rulebook, name: str) -> Iterator[Example]:
    quiet = _answered(book, name)
    closing = book.code.closing if book.code else None
    if closing is not None and closing.silence:
        yield Example("silence-notice", "first", "we ask, and say when we ask again", quiet.matter(12, 3))
        second = quiet.copy()
        second.told(
            12, 3, 10, 0, f.LetterDecided, key="s1", letter="silence-notice", channel="email", digest="0" * 64
        )
        second.told(12, 3, 10, 1, f.LetterFate, key="s1", fate="sent")
        yield Example("silence-notice", "last", "a manager may close it", second.matter(12, 18))
    done = quiet.copy()
    done.told(11, 19, 9, 0, f.OutcomeAnswered, outcome="o1", accepted=True, how="portal", words="Thank you.")
    done.told(11, 19, 9, 1, f.CaseClosed, evidence="customer confirmed", how="portal")
    yield Example("closed", "settled", "the customer said so", done.matter(11, 19))
    enquiry = _received(book, name)
    enquiry.told(
        11, 4, 12, 0, f.ComplaintDecided, contact="c1", complaint=False, why="Asked for a price.", by="agent"
    )
    enquiry.told(11, 4, 12, 1, f.CaseClosed, evidence="not a complaint")
    yield Example("closed", "no complaint", "read as a question", enquiry.matter(11, 4, 13))
    yield from _credited(book, name)
    again = done.copy()
    again.told(11, 25, 9, 0, f.CaseReopened, why="The line is off again.")
    yield Example("reopened", "not settled after all", "first receipt stands", again.matter(11, 25))


def _credited(book: Rulebook, name: str) -> Iterator[Example]:
    """A refund that was accepted, on its way and then on a bill."""
    bill = Paid("Broadband", Decimal("31.50"), date(2026, 11, 1), date(2026, 11, 30))
    outage = Outage("Broadband", _at(11, 5, 8), _at(11, 16, 8))
    sum_ = refund([outage], [bill], paid_clause(book, AwardKind.REFUND))
    assert isinstance(sum_, Sum)
    story = _handled(book, name)
    story.told(
        11, 18, 10, 50, f.AwardPrepared, award="1", award_kind="refund", basis="refund of what was paid",
        clause=sum_.clause, pence=sum_.pence, words="Eleven days without broadband",
        arithmetic=json.dumps(sum_.to_json()), beyond_control="no", looked_at="Our own cabinet.",
    )  # fmt: skip
    story.told(
        11, 18, 11, 0, f.OutcomeProposed, outcome="o1", channel="email", credit_pence=sum_.pence, awards="1", words=FOUND
    )  # fmt: skip
    yield Example("outcome", "with its arithmetic", "how a refund was worked out", story.matter(11, 18, 11))
    story.told(11, 19, 9, 0, f.OutcomeAnswered, outcome="o1", accepted=True, how="portal", words="Thank you.")
    coming = story.matter(11, 19, extra={"award": "1"})
    yield Example("credit-note", "on its way", "by when it comes, and how it was worked out", coming)
    number = coming.case.awards[0].number(coming.case.reference)
    story.told(11, 20, 9, 0, f.AwardFate, award="1", fate="handed over", billing=number)
    story.told(12, 1, 9, 0, f.AwardFate, award="1", fate="given", billing=number, why="Bill 2026-12")
    shown = story.matter(12, 1, extra={"award": "1", "bill": "2026-12"})
    yield Example("credit-note", "on a bill", "on which bill it stands", shown)

"""The story that the named examples of letters are played from, under any code: facts as they happen.

The people, numbers and addresses are invented: the telephone numbers are of those kept for drama, the domain is
`example`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from amends.core import facts as f
from amends.core.awards import AwardKind, paid_clause
from amends.core.calendar import LONDON, london_date
from amends.core.case import fold
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

_Value = str | int | bool | datetime


@dataclass
class Story:
    """Facts as they happen, under one code; times are London's of November and December 2026."""

    book: Rulebook
    provider_name: str
    facts: list[f.Fact] = field(default_factory=list)

    def told(
        self, month: int, day: int, hour: int, minute: int, kind: type[f.Fact], **fields: _Value
    ) -> None:
        """One more fact, at this moment."""
        at = moment(month, day, hour, minute)
        values: Mapping[str, Any] = {"at": at, "logged": at, **fields}
        self.facts.append(kind(**values))

    def matter(
        self, month: int, day: int, hour: int = 10, *, words: str = "",
        memberships: tuple[Membership, ...] = MEMBER, extra: Mapping[str, str] = NOTHING,
    ) -> LetterMatter:  # fmt: skip
        """What a letter of this moment is written from."""
        now = moment(month, day, hour, 0)
        return LetterMatter(
            case=fold(self.facts), book=self.book, provider_name=self.provider_name, today=london_date(now),
            now=now, memberships=memberships, portal="https://amends.example/larkfield/my-case",
            access_code="MOSS-72-LARK", free_text=words, extra=extra,
        )  # fmt: skip

    def copy(self) -> Story:
        """The story so far, to go on in another way."""
        return Story(self.book, self.provider_name, list(self.facts))


def moment(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A London moment."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def received(
    book: Rulebook, provider_name: str, channel: str = "email", kind: CaseKind = CaseKind.COMPLAINT
) -> Story:
    """A complaint, or another matter, that has come in and that nobody has looked at yet."""
    story = Story(book, provider_name)
    code = book.code
    story.told(
        11, 4, 9, 20, f.CaseOpened, reference="LB-4F7-2KQ", provider=code.provider if code else "larkfield",
        code=code.id if code else "", code_version=code.fingerprint if code else "",
        case_kind=str(kind),
    )  # fmt: skip
    story.told(
        11, 4, 9, 20, f.ContactReceived, contact="c1", channel=channel, received=moment(11, 4, 9, 20),
        sender="priya.nair@mail.example", subject="Broadband dead when it rains", words="It is off again.",
    )  # fmt: skip
    story.told(
        11, 4, 9, 20, f.CustomerKnown, name="Priya Nair", email="priya.nair@mail.example",
        address="Priya Nair\n7 Mill Lane\nLarkfield\nLK1 2AB", customer_kind="residential",
    )  # fmt: skip
    return story


def handled(book: Rulebook, provider_name: str) -> Story:
    """A complaint that has been acknowledged, has a handler and has been spoken about on the phone."""
    story = received(book, provider_name)
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


def answered(book: Rulebook, provider_name: str) -> Story:
    """A complaint that was looked into, with an outcome proposed."""
    story = handled(book, provider_name)
    story.told(11, 17, 15, 0, f.FindingsRecorded, fault_owner="network", words="Joint failed in cabinet 14.")
    story.told(
        11, 18, 11, 0, f.OutcomeProposed, outcome="o1", channel="email", credit_pence=4350, words=FOUND
    )
    return story


def refused(book: Rulebook, provider_name: str) -> Story:
    """An outcome that the customer does not accept."""
    story = answered(book, provider_name)
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


def deadlocked(book: Rulebook, provider_name: str) -> Story:
    """A complaint on which we can do no more, and say so."""
    story = refused(book, provider_name)
    story.told(11, 27, 16, 0, f.DeadlockDeclared, position=POSITION, by="manager")
    return story


def settled(book: Rulebook, provider_name: str) -> Story:
    """A complaint whose outcome was accepted, and that is closed."""
    story = answered(book, provider_name)
    story.told(11, 19, 9, 0, f.OutcomeAnswered, outcome="o1", accepted=True, how="portal", words="Thank you.")
    story.told(11, 19, 9, 1, f.CaseClosed, evidence="customer confirmed", how="portal")
    return story


def refunded(book: Rulebook, provider_name: str) -> Story:
    """A refund that was worked out, and proposed with its outcome."""
    bill = Paid("Broadband", Decimal("31.50"), date(2026, 11, 1), date(2026, 11, 30))
    outage = Outage("Broadband", moment(11, 5, 8), moment(11, 16, 8))
    sum_ = refund([outage], [bill], paid_clause(book, AwardKind.REFUND))
    assert isinstance(sum_, Sum)
    story = handled(book, provider_name)
    story.told(
        11, 18, 10, 50, f.AwardPrepared, award="1", award_kind="refund", basis="refund of what was paid",
        clause=sum_.clause, pence=sum_.pence, words="Eleven days without broadband",
        arithmetic=json.dumps(sum_.to_json()), beyond_control="no", looked_at="Our own cabinet.",
    )  # fmt: skip
    story.told(
        11, 18, 11, 0, f.OutcomeProposed, outcome="o1", channel="email", credit_pence=sum_.pence, awards="1", words=FOUND
    )  # fmt: skip
    return story


def asked_about_data(
    book: Rulebook, provider_name: str, kind: CaseKind = CaseKind.DATA_ACCESS, **given: str
) -> Story:
    """A request about personal data that came through the website, and has passed the check of who asks."""
    story = received(book, provider_name, "form", kind)
    story.told(11, 4, 9, 20, f.ComplaintDecided, contact="c1", complaint=False, why="They asked for it.")
    story.told(11, 4, 9, 20, f.ParticularsGiven, channel="form", given=json.dumps(given))
    story.told(11, 5, 10, 0, f.IdentityChecked, passed=True, how="Postcode and the last bill")
    return story

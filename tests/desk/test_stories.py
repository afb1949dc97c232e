"""One complaint under each of the five codes, from the first mail to the ADR letter, through the real desk.

Mail comes in through the inbox and goes out by SMTP to a real server on loopback; people act through the actions; time
is what the story says. A regulator should be able to read each story as it stands.
"""

from __future__ import annotations

import email.policy
import socket
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from amends.core import facts as f
from amends.core.calendar import LONDON
from amends.core.case import Case
from amends.core.clocks import clocks
from amends.core.may import Refusal
from amends.desk import actions as a
from amends.desk import approvals
from amends.desk.actions import Actor
from amends.desk.inbox import receive
from amends.desk.models import CaseRow, Mail, Mailbox, Outgoing, Provider
from amends.desk.providers import Adopted, adopt, switch_mail
from amends.desk.record import docket
from amends.desk.ticker import tick
from tests.desk.made import CODES, london
from tests.desk.mails import mail

pytestmark = pytest.mark.django_db

AMY = Actor("1", "Amy Okafor", "agent")
HANA = Actor("2", "Hana Price", "handler", "01632 960142", "hana@example.net")
MIA = Actor("3", "Mia Lowe", "manager")


@dataclass
class Postbag:
    """A mail server that takes everything and remembers it."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        got = message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(got, EmailMessage)
        self.mails.append(got)
        return "250 kept"

    def about(self, words: str) -> EmailMessage:
        """The one mail whose subject holds these words."""
        found = [m for m in self.mails if words.lower() in str(m["Subject"]).lower()]
        assert len(found) == 1, [str(m["Subject"]) for m in self.mails]
        return found[0]


@pytest.fixture
def post() -> Generator[tuple[Postbag, int]]:
    bag = Postbag()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = Controller(bag, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield bag, port
    finally:
        server.stop()


class Desk:
    """One provider's desk on one day, and the days after it."""

    def __init__(self, code: str, begins: str, post: tuple[Postbag, int], scheme: str = "") -> None:
        self.bag, port = post
        self.now = london(begins)
        path = CODES / f"{code}.yaml"
        adopted = adopt(
            path.read_text(encoding="utf-8"), path.name, now=self.now, by="story", as_published=True,
            scheme=scheme, since=date(2024, 1, 1) if scheme else None,
        )  # fmt: skip
        assert isinstance(adopted, Adopted), adopted
        self.provider = Provider.objects.get(pk=adopted.provider)
        Mailbox.objects.create(
            provider=self.provider, address="complaints@example.net", from_name=self.provider.name,
            smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none",
        )  # fmt: skip
        assert switch_mail(self.provider, Mail.LIVE, by="story", now=self.now) is None
        self.provider.refresh_from_db()
        self.row: CaseRow | None = None

    def on(self, iso: str) -> Self:
        """The desk ticks through the days until this London time, twice a day, as a worker would."""
        until = london(iso)
        while self.now < until:
            self.now = min(self.now + timedelta(hours=12), until)
            tick(self.now)
        return self

    def mail_comes(self, words: str = "My internet is down and nobody answers.") -> Self:
        """The customer writes for the first time."""
        got = receive(self.provider, mail(words), self.now, now=self.now)
        self.row = CaseRow.objects.get(provider=self.provider, reference=got.case)
        tick(self.now)
        return self

    def do(self, deed: object, *needs_docket: bool, **fields: object) -> Refusal | None:
        """Somebody does something to the case, and the desk sends what follows from it."""
        assert self.row is not None
        with docket(self.row.pk, now=self.now) as d:
            hand = d.cases[self.row.pk]
            before = (d, hand) if needs_docket else (hand,)
            refusal: Refusal | None = deed(*before, fields.pop("by", HANA), self.now, **fields)  # type: ignore[operator]  # an action, of whatever kind the story names
        tick(self.now)
        return refusal

    def done(self, deed: object, *needs_docket: bool, **fields: object) -> Self:
        """The same, and it must not be refused."""
        refusal = self.do(deed, *needs_docket, **fields)
        assert refusal is None, str(refusal)
        return self

    @property
    def case(self) -> Case:
        assert self.row is not None
        with docket(self.row.pk, now=self.now) as d:
            return d.cases[self.row.pk].case

    def standing(self, clock: str) -> str:
        """How a clock stands now."""
        assert self.row is not None
        with docket(self.row.pk, now=self.now) as d:
            hand = d.cases[self.row.pk]
            return {c.id: c for c in clocks(hand.case, hand.book)}[clock].standing(self.now)

    def letters(self) -> list[tuple[str, str]]:
        """The letters of the case in their order, with what became of each."""
        return [(o.letter, o.state) for o in Outgoing.objects.filter(case=self.row).order_by("pk")]

    def refused_outcome(self, words: str = "We are sorry and offer a credit of ten pounds.") -> Self:
        """An outcome is proposed, and the customer refuses it on the telephone."""
        self.done(a.propose, True, words=words, credit_pence=1000)
        self.now += timedelta(hours=3)
        return self.done(
            a.answer,
            True,
            accepted=False,
            how="recorded by a person",
            words="On the phone: no, that is not enough.",
        )

    def taken_on(self) -> Self:
        """An agent decides that it is a complaint, and a handler takes it."""
        first = self.case.contacts[0].id
        self.done(a.decide_complaint, by=AMY, contact=first, complaint=True, why="")
        return self.done(a.assign, by=AMY, handler=HANA)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def names_the_scheme(message: EmailMessage, *words: str) -> None:
    """What an ADR letter must say, and that it comes with its PDF."""
    said = text_of(message)
    for must in ("free", "independent", "12 months", *words):
        assert must in said, (must, said)
    pdfs = [part for part in message.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert len(pdfs) == 1
    assert pdfs[0].get_content().startswith(b"%PDF-")


def test_opus_an_engineer_never_comes_and_six_weeks_pass(post: tuple[Postbag, int]) -> None:
    """Nobody settles it: the letter leaves by itself, names both schemes because Opus names none, and work goes on."""
    desk = Desk("opus", "2026-04-08 10:00", post).mail_comes()
    assert desk.letters() == [("acknowledgement", "sent")]
    assert desk.row is not None
    assert desk.row.reference in text_of(desk.bag.mails[0])
    assert desk.bag.mails[0]["Auto-Submitted"] == "auto-replied"
    assert desk.standing("O-acknowledge") == "kept"

    desk.on("2026-04-08 15:00").taken_on()
    desk.on("2026-04-09 11:00").done(a.introduce, True, channel="email", words="I look after your complaint.")
    assert desk.standing("O-handler") == "kept"
    assert "01632 960142" in text_of(desk.bag.mails[-1])
    desk.done(a.agree_interval, working_days=5)
    desk.done(
        a.agree_time,
        True,
        starts=london("2026-04-10 14:00"),
        ends=london("2026-04-10 15:00"),
        number="07700 900123",
    )
    assert desk.standing("O-3-days") == "kept"
    desk.on("2026-04-15 16:00").done(
        a.write, True, purpose="update", words="The engineer is asked for again."
    )
    assert desk.standing("O-updates") == "kept"

    desk.on("2026-05-19 23:00")
    assert "adr-letter" not in dict(desk.letters())
    desk.on("2026-05-20 00:30")
    assert dict(desk.letters())["adr-letter"] == "sent"
    names_the_scheme(
        desk.bag.mails[-1], "Communications Ombudsman", "CISAS", "0330 440 1614", "020 7520 3814"
    )
    assert "Ofcom, " not in text_of(desk.bag.mails[-1])
    assert desk.case.state == "ADR letter sent"
    assert desk.standing("adr-letter") == "kept"
    assert desk.case.closed is None


def test_a_complaint_of_the_day_before_keeps_its_eight_weeks(post: tuple[Postbag, int]) -> None:
    desk = Desk("opus", "2026-04-07 10:00", post).mail_comes().on("2026-06-01 23:00")
    assert "adr-letter" not in dict(desk.letters())
    assert dict(desk.on("2026-06-02 00:30").letters())["adr-letter"] == "sent"


def test_netfuse_refused_climbs_to_the_managing_director_and_ends_in_deadlock(
    post: tuple[Postbag, int],
) -> None:
    desk = Desk("netfuse", "2026-04-08 10:00", post, scheme="cisas").mail_comes().taken_on()
    desk.on("2026-04-14 10:00").refused_outcome()
    desk.done(a.declare_deadlock, position="Our offer stands.")
    assert desk.case.deadlocked is None, "a handler asks; a manager declares"
    [asked] = desk.case.approvals
    assert (asked.deed, asked.clause, asked.waits) == ("deadlock", "CH-11", True)
    desk.done(approvals.answer, True, by=MIA, approval=asked.id, agree=False, why="Escalate it first.")
    assert desk.case.deadlocked is None
    desk.done(a.escalate, True, channel="phone", why="refused")
    assert desk.case.stage_role == "Managing Director"
    assert "Managing Director" in text_of(desk.bag.mails[-1])
    assert desk.do(a.escalate, True, channel="phone", why="again") is not None
    desk.on("2026-04-21 10:00").refused_outcome(
        "The Managing Director has looked at it and the offer stands."
    )
    desk.done(
        a.declare_deadlock, by=MIA, position="We cannot pay for lost business. We will not review this again."
    )
    assert desk.letters()[-1] == ("adr-letter", "sent")
    letter = desk.bag.mails[-1]
    names_the_scheme(
        letter, "CISAS", "cisas@cedr.com", "100 St Paul's Churchyard", "We cannot pay for lost business"
    )
    assert "70 Fleet Street" not in text_of(letter)
    assert "Communications Ombudsman" not in text_of(letter)
    assert desk.case.state == "ADR letter sent"

    desk.on("2026-05-21 10:00")
    assert [x for x, _ in desk.letters()].count("adr-letter") == 1


def test_netservers_goes_to_its_manager_by_email_though_its_page_asks_for_a_letter(
    post: tuple[Postbag, int],
) -> None:
    """S-scheme: the letter names the scheme of today, and no detail of the one that is retired."""
    desk = (
        Desk("netservers", "2026-04-08 10:00", post, scheme="communications-ombudsman")
        .mail_comes()
        .taken_on()
    )
    desk.on("2026-04-10 10:00").refused_outcome()
    desk.on("2026-04-13 09:00").done(
        a.escalate, True, channel="email", why="the customer asks for the manager"
    )
    assert desk.case.stage_role == "Customer Services Manager"
    # Ten working days after Monday 13 April, when Netservers closes at six.
    desk.on("2026-04-27 17:59")
    assert desk.standing("S-csm") == "running"
    desk.on("2026-04-27 18:01")
    assert desk.standing("S-csm") == "broken"
    desk.done(a.write, True, purpose="reply", words="The line was repaired on Friday. We stand by our offer.")
    assert desk.standing("S-csm") == "kept late"
    desk.on("2026-05-20 00:30")
    letter = desk.bag.mails[-1]
    names_the_scheme(letter, "Communications Ombudsman", "enquiry@commsombudsman.org")
    assert "os-communications.org" not in text_of(letter)


def test_infinity_answers_in_five_working_days_and_its_old_window_is_overlaid(
    post: tuple[Postbag, int],
) -> None:
    desk = (
        Desk("infinity", "2026-04-08 10:00", post, scheme="communications-ombudsman").mail_comes().taken_on()
    )
    desk.on("2026-04-15 17:00")
    assert desk.standing("I-email-5") == "running"
    desk.done(a.write, True, purpose="reply", words="We have found the fault and are mending it.")
    assert desk.standing("I-email-5") == "kept"
    desk.on("2026-04-20 10:00").refused_outcome()
    desk.done(a.escalate, True, channel="phone", why="refused")
    assert desk.case.stage_role == "Operations Director"
    desk.on("2026-04-28 10:00").refused_outcome()
    desk.done(a.escalate, True, channel="phone", why="refused again")
    assert desk.case.stage_role == "Managing Director"
    desk.on("2026-05-20 00:30")
    letter = desk.bag.mails[-1]
    names_the_scheme(letter, "Communications Ombudsman")
    assert "6 months" not in text_of(letter)
    assert "20 May 2027" in text_of(letter)


def test_focus_group_promises_nothing_and_the_law_runs_alone(post: tuple[Postbag, int]) -> None:
    desk = Desk("focus-group", "2026-04-08 10:00", post).mail_comes()
    assert desk.letters() == [("acknowledgement", "sent")]
    desk.on("2026-05-20 00:30")
    assert desk.letters()[-1] == ("adr-letter", "sent")
    # Nobody had decided whether it was a complaint; the letter left all the same, and somebody is told.
    assert desk.case.complaint is None


def test_the_customers_word_closes_and_a_reopening_keeps_the_first_date(post: tuple[Postbag, int]) -> None:
    """O-close."""
    desk = Desk("opus", "2026-04-08 10:00", post).mail_comes().taken_on()
    desk.on("2026-04-10 10:00").done(a.propose, True, words="We refund four days.", credit_pence=480)
    unheard = desk.do(a.close, True, evidence="customer confirmed")
    assert unheard is not None
    assert unheard.clause == "A-consent"
    desk.on("2026-04-12 10:00").done(
        a.answer, True, accepted=True, how="recorded by a person", words="Yes, she said."
    )
    assert desk.case.state == "closed"
    desk.on("2026-06-10 10:00")
    assert "adr-letter" not in dict(desk.letters())
    desk.done(a.reopen, True, why="the refund never came")
    # Its day was 20 May: reopened after it with no letter sent, the letter is owed at once.
    assert desk.letters()[-1] == ("adr-letter", "sent")
    assert desk.case.first_received == datetime(2026, 4, 8, 10, 0, tzinfo=LONDON)


def test_a_larger_business_gets_every_promise_and_no_letter_of_the_law(post: tuple[Postbag, int]) -> None:
    desk = Desk("opus", "2026-04-08 10:00", post).mail_comes().taken_on()
    known = f.CustomerKnown(at=desk.now, logged=desk.now, customer_kind="larger-business", headcount=40)
    assert desk.row is not None
    with docket(desk.row.pk, now=desk.now) as d:
        assert a.know_customer(d.cases[desk.row.pk], known) is None
    desk.on("2026-07-01 10:00")
    assert "adr-letter" not in dict(desk.letters())
    assert desk.standing("O-handler") == "broken"


def test_while_mail_is_off_everything_is_decided_and_held_and_nothing_leaves(
    post: tuple[Postbag, int],
) -> None:
    desk = Desk("opus", "2026-04-08 10:00", post)
    assert switch_mail(desk.provider, Mail.OFF, by="story", now=desk.now) is None
    desk.provider.refresh_from_db()
    desk.mail_comes().on("2026-05-20 00:30")
    assert desk.letters() == [("acknowledgement", "held"), ("adr-letter", "held")]
    assert desk.bag.mails == []

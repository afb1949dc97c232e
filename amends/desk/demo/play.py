"""Plays storylines on one calendar: each storyline acts, waits, and goes on when its moment comes.

Everything goes through the real rooms: mail through the inbox, people's work through the actions, time through the
ticker. What happens at the same moment happens in the order in which it was planned, so that a play is the same twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from random import Random

from amends.core import facts as f
from amends.core.calendar import in_london, london_date
from amends.core.case import Case
from amends.core.clocks import Clock, Kind, clocks
from amends.core.code import Owed
from amends.core.duties import next_stage
from amends.core.may import Refusal
from amends.core.schemes import membership_on
from amends.desk import care, data_requests, inbox, merging
from amends.desk.actions import Actor, NewContact, check_identity, know_customer, open_case
from amends.desk.case_files import making
from amends.desk.customers import linking
from amends.desk.houses import memberships_of
from amends.desk.models import Account, CaseRow, Mailbox, Outgoing, Provider, Upload
from amends.desk.opened import gathered, read
from amends.desk.record import CaseInHand, Docket, docket
from amends.desk.story import tell
from amends.desk.ticker import tick
from amends.desk.tokens import reply_address
from amends.law import calendars

Storyline = Generator[timedelta, None, None]


OPENS = 9
HOME_TIME = 17
"""From this hour on nobody of the desk begins anything, if it can be helped."""


class PlayRefused(Exception):
    """A storyline tried something that the desk refuses: the play is wrong, not the desk."""


@dataclass(order=True)
class _Turn:
    at: datetime
    place: int
    line: Storyline = field(compare=False)


@dataclass
class Play:
    """One provider's stage, with the time that it is there."""

    provider: Provider
    mailbox: Mailbox
    people: dict[str, Actor]
    now: datetime
    accounts: dict[str, Account]
    """The accounts of the customers' book, by the customer's name."""
    until: datetime | None = None
    """The moment that the play ends at: nobody acts after it."""
    _dice: Random = field(default_factory=lambda: Random(11))  # noqa: S311 - draws minutes for a play, no secret
    _turns: list[_Turn] = field(default_factory=list)
    _places: count[int] = field(default_factory=count)
    _messages: count[int] = field(default_factory=lambda: count(1))

    def plan(self, at: datetime, line: Storyline) -> None:
        """A storyline begins at this moment."""
        heapq.heappush(self._turns, _Turn(at, next(self._places), line))

    def run(self, until: datetime, told: Callable[[datetime], None] = lambda _at: None) -> None:
        """Play on until this moment; the desk ticks between the turns, at least once a day."""
        self.until = until
        while True:
            at = min(self._turns[0].at if self._turns else until, self.now + timedelta(hours=12), until)
            self.now = max(self.now, at)
            while self._turns and self._turns[0].at <= self.now:
                self._turn(heapq.heappop(self._turns))
            told(self.now)
            if self.now >= until:
                tick(self.now)
                return
            tick(self.now, rounds=False)

    def _turn(self, turn: _Turn) -> None:
        wait = next(turn.line, None)
        if wait is not None:
            heapq.heappush(self._turns, _Turn(self._some_time_after(wait), next(self._places), turn.line))

    def _some_time_after(self, wait: timedelta) -> datetime:
        """About so long from now, at an odd minute, and not in the evening where the same day has an earlier hour."""
        at = self.at_work(self.now + wait + timedelta(minutes=self._dice.randint(-25, 15)))
        local = in_london(at)
        if local.hour >= HOME_TIME:
            earlier = local.replace(hour=self._dice.randint(10, 15), minute=self._dice.randint(0, 59))
            at = earlier if earlier > self.now else at
        elif local.hour < OPENS:
            at = local.replace(hour=OPENS, minute=self._dice.randint(5, 59))
        return max(at, self.now + timedelta(minutes=5))

    def _a_little_later(self) -> None:
        """People need some minutes for each thing that they do; none of them acts after the end of the play."""
        later = self.now + timedelta(minutes=self._dice.randint(1, 6), seconds=self._dice.randint(0, 59))
        if self.until is not None and later <= self.until:
            self.now = later

    @staticmethod
    def at_work(at: datetime) -> datetime:
        """This moment, or the same hour of the next working day: people of the desk rest at weekends."""
        calendar = calendars()["england-and-wales"]
        while not calendar.is_working_day(london_date(at)):
            at += timedelta(days=1)
        return at

    # --- what customers do ------------------------------------------------------------------------------

    def mail(self, name: str, address: str, subject: str, words: str, **headers: str) -> str | None:
        """A mail comes in; the reference of its case, if it has one."""
        mail = EmailMessage()
        mail["From"] = f'"{name}" <{address}>' if name.isascii() else f"<{address}>"
        mail["To"] = headers.pop("to", self.mailbox.address)
        mail["Subject"] = subject
        mail["Date"] = format_datetime(in_london(self.now))
        mail["Message-ID"] = f"<demo-{next(self._messages)}@{address.rpartition('@')[2]}>"
        for header, value in headers.items():
            mail[header.replace("_", "-")] = value
        mail.set_content(words)
        received = inbox.receive(self.provider, mail.as_bytes(), self.now, now=self.now, mailbox=self.mailbox)
        return received.case

    def answer_mail(self, reference: str, name: str, address: str, words: str, **headers: str) -> str | None:
        """The customer answers our last letter: to its reply address, in its thread."""
        row = self.row(reference)
        last = Outgoing.objects.filter(case=row, channel="email").order_by("-pk").first()
        if last is None:
            return self.mail(name, address, "My complaint", words, **headers)
        return self.mail(
            name, address, f"Re: {last.subject}", words,
            to=reply_address(self.mailbox.address, self.provider.pk, row.pk, address),
            In_Reply_To=last.message_id, References=last.message_id, **headers,
        )  # fmt: skip

    # --- what the people of the desk do -----------------------------------------------------------------

    def log(self, who: str, contact: NewContact, known: f.CustomerKnown) -> str:
        """Somebody logs a call, a letter or a form as a new case; its reference."""
        with docket(now=self.now) as taken:
            hand = open_case(taken, self.provider, contact, known, self.people[who], self.now)
            return hand.row.reference

    def request(self, who: str, contact: NewContact, known: f.CustomerKnown, asked: care.Asked) -> str:
        """Somebody opens a case of another kind than a complaint; its reference."""
        with docket(now=self.now) as taken:
            hand = care.open_case(taken, self.provider, contact, known, self.people[who], self.now, asked)
            return hand.row.reference

    def take_step(self, who: str, reference: str, step: care.Taken) -> None:
        """Somebody takes the next step of such a case."""
        self._a_little_later()
        with self._in_hand(reference) as (taken, hand):
            accepted(care.take_step(taken, hand, self.people[who], self.now, step))

    def identified(self, who: str, reference: str, how: str) -> None:
        """Somebody has seen who asks."""
        self._a_little_later()
        with self._in_hand(reference) as (_, hand):
            accepted(check_identity(hand, self.people[who], self.now, passed=True, how=how))

    def answer_data(self, who: str, reference: str, said: data_requests.Answered) -> None:
        """Somebody answers a request about personal data."""
        self._a_little_later()
        with self._in_hand(reference) as (taken, hand):
            accepted(data_requests.answer(taken, hand, self.people[who], self.now, said))

    def knows(self, reference: str, known: f.CustomerKnown) -> None:
        """Somebody writes down what is known of the customer."""
        self._a_little_later()
        with self._in_hand(reference) as (_, hand):
            accepted(know_customer(hand, known))

    def link(self, who: str, reference: str, name: str) -> None:
        """Somebody says whose case it is."""
        self._a_little_later()
        account = self.accounts[name]
        with self._in_hand(reference) as (_, hand):
            linked = linking.link(
                hand, account.customer, by=self.people[who].id, now=self.now, account=account,
                service=account.services.first(),
            )  # fmt: skip
            accepted(linked)

    def do(self, who: str, reference: str, action: Callable[..., Refusal | None], **fields: object) -> None:
        """Somebody does something to a case that sends nothing by itself."""
        self._a_little_later()
        with self._in_hand(reference) as (_, hand):
            accepted(action(hand, self.people[who], self.now, **fields))

    def send(self, who: str, reference: str, action: Callable[..., Refusal | None], **fields: object) -> None:
        """Somebody does something to a case that a letter goes with."""
        self._a_little_later()
        with self._in_hand(reference) as (taken, hand):
            accepted(action(taken, hand, self.people[who], self.now, **fields))

    def merge(self, who: str, reference: str, ends: str, why: str) -> None:
        """Somebody lets a second case go on as the first."""
        self._a_little_later()
        one, other = self.row(reference), self.row(ends)
        with docket(one.pk, other.pk, now=self.now) as taken:
            survivor, second = taken.cases[one.pk], taken.cases[other.pk]
            accepted(merging.merge(taken, survivor, second, self.people[who], self.now, why=why))

    @property
    def scheme(self) -> str:
        """The scheme to which the provider belongs on this day."""
        found = membership_on(memberships_of(self.provider.pk), london_date(self.now))
        assert found is not None, "the demonstration's provider belongs to one"
        return found.scheme

    def case_file(self, who: str, reference: str, words: str) -> None:
        """Somebody makes the case file for the scheme, with all that it offers."""
        self._a_little_later()
        opened = read(self.row(reference))
        letters, files = Outgoing.objects.filter(case=opened.row), Upload.objects.filter(case=opened.row)
        story = tell(opened.facts, gathered(letters, files, {}))
        made = making.make(
            opened.row, opened.case, opened.book, len(opened.facts), story, {}, words, by=self.people[who], now=self.now
        )  # fmt: skip
        accepted(made if isinstance(made, Refusal) else None)

    def further(self, reference: str) -> bool:
        """Whether the code names a stage above the one at which the case is."""
        with self._in_hand(reference) as (_, hand):
            return bool(next_stage(hand.case, hand.book))

    def runs(self, reference: str) -> tuple[Clock, ...]:
        """The promises of the code that run on the case, those on an outcome first, those to tell how it stands last."""
        with self._in_hand(reference) as (_, hand):
            found = [
                c for c in clocks(hand.case, hand.book) if c.running and c.kind is Kind.PROMISE and c.due
            ]
        places = {Owed.OUTCOME: 0, Owed.UPDATE: 2}
        return tuple(sorted(found, key=lambda c: (places.get(c.owe, 1), c.id)))

    def case(self, reference: str) -> Case:
        """The case as it stands."""
        with self._in_hand(reference) as (_, hand):
            return hand.case

    @contextmanager
    def _in_hand(self, reference: str) -> Iterator[tuple[Docket, CaseInHand]]:
        row = self.row(reference)
        with docket(row.pk, now=self.now) as taken:
            yield taken, taken.cases[row.pk]

    def row(self, reference: str) -> CaseRow:
        """The case's row."""
        return CaseRow.objects.get(provider=self.provider, reference=reference)


def accepted(refusal: Refusal | None) -> None:
    """Raise PlayRefused where the desk said no."""
    if refusal is not None:
        raise PlayRefused(str(refusal))

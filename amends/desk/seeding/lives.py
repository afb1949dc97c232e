"""How a seeded case lives: from its receipt through what people do to where it stands at the end of its time.

People act through `actions`, as they do at the console; between what they do, the letters that the desk owes are
decided on their own day, as the ticker would. Letters of the past count as having left; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from amends.core import facts as f
from amends.core.awards import Stand
from amends.core.calendar import in_london
from amends.core.duties import due_hint, next_stage
from amends.core.may import Refusal
from amends.core.ways import EMAIL
from amends.desk import actions as a
from amends.desk import at_scheme, lessons, redress
from amends.desk.categories import CATEGORIES, CAUSES
from amends.desk.demo import words as w
from amends.desk.demo.words import Trouble
from amends.desk.models import Provider
from amends.desk.record import CaseInHand, Docket
from amends.desk.seeding.cast import Cast, Customer, known

ON_THE_PHONE = "recorded by a person"
MAIL_TAKES = timedelta(seconds=40)
POST_TAKES = timedelta(hours=2)
OPENS, CLOSES = 9, 17
"""Between which hours of a weekday the seeded people work, in London."""
CLOCK_STEPS = 20
"""More times than the desk acts on a case by itself between two deeds."""

Plot = Callable[["Life"], Generator[timedelta, None, None]]
"""A course of events: each step waits so long and then acts."""


class LifeRefused(Exception):
    """A plot tried something that the desk refuses: the plot is wrong, not the desk."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at the provider."""

    agents: tuple[a.Actor, ...]
    handlers: tuple[a.Actor, ...]
    manager: a.Actor


@dataclass
class Life:
    """One case in its time: `now` is where it stands, `until` where it ends."""

    docket: Docket
    provider: Provider
    staff: Staff
    cast: Cast
    now: datetime
    until: datetime
    reference: str
    customer: Customer = field(init=False)
    trouble: Trouble = field(init=False)
    agent: a.Actor = field(init=False)
    handler: a.Actor = field(init=False)
    hand: CaseInHand = field(init=False)
    _hint: datetime | None = None

    def __post_init__(self) -> None:
        self.customer, self.trouble = self.cast.customer(), self.cast.trouble()
        self.agent = self.cast.random.choice(self.staff.agents)
        self.handler = self.cast.random.choice(self.staff.handlers)

    def live(self, plot: Plot) -> None:
        """Go through the plot as far as time reaches, and come to rest at its end."""
        self.docket.at(self.now)
        for wait in plot(self):
            then = at_work(self.now + wait)
            if then >= self.until:
                break
            self._pass(then)
        self._pass(self.until)

    def _pass(self, until: datetime) -> None:
        """Let time go by: the desk decides each letter that it owes on its day."""
        self._leave()
        for _ in range(CLOCK_STEPS):
            if self._hint is None or self._hint > until:
                break
            self._at(max(self._hint, self.now))
            self._rest()
        self._at(max(until, self.now))

    def _rest(self) -> None:
        """Come to rest, and work out when the desk must look next: a hint that may be early, as the ticker's may."""
        self.docket.rest(self.hand)
        self._hint = due_hint(self.hand.case, self.hand.book)
        self._leave()

    def _at(self, now: datetime) -> None:
        self.now = now
        self.docket.at(now)

    def _leave(self) -> None:
        """What was decided has left, by mail in a minute, by post when somebody is at work."""
        for letter in self.hand.case.letters:
            if letter.fate:
                continue
            by_mail = letter.channel == EMAIL
            at = letter.decided + MAIL_TAKES if by_mail else at_work(letter.decided + POST_TAKES)
            if at < self.until:
                fate, by = ("sent", f.SYSTEM) if by_mail else ("posted", self.agent.id)
                self._at(max(at, self.now))
                self.hand.add(f.LetterFate(at=self.now, logged=self.now, by=by, key=letter.key, fate=fate))

    # --- deeds ------------------------------------------------------------------------------------------

    def arrives(self, channel: str, *, stays: bool = True) -> None:
        """The complaint comes in. What comes by itself is opened by the desk, a call or letter by an agent.

        What does not stay is settled in the same breath, and nothing is acknowledged.
        """
        by = a.Actor(f.SYSTEM) if channel in ("email", "form") else self.agent
        contact = a.NewContact(
            channel, self.now, f"{self.trouble.words}\n\n{self.customer.name}", self.trouble.subject,
            self.customer.email if channel in ("email", "form") else self.customer.name,
        )  # fmt: skip
        self.hand = self.docket.open_case(self.provider, self.now, reference=self.reference, by=by.id)
        if channel in ("email", "form"):
            first = f.CustomerKnown(
                at=self.now, logged=self.now, name=self.customer.name, email=self.customer.email
            )
        else:
            first = known(self.customer, self.now, by.id)
        self.hand.add(first)
        a.add_contact(self.hand, contact, by, self.now)
        if stays:
            self._rest()

    def decided(self, *, complaint: bool, why: str = "") -> None:
        """An agent says whether it is a complaint, and writes down who it is."""
        self.hand.add(known(self.customer, self.now, self.agent.id))
        first = self.hand.case.contacts[0].id
        self._did(
            a.decide_complaint(self.hand, self.agent, self.now, contact=first, complaint=complaint, why=why)
        )

    def sorted(self) -> None:
        """Somebody says what it is about; the root cause, where it is known."""
        draw = self.cast.random
        cause = draw.choice(CAUSES[:8]) if draw.random() < 0.7 else ""
        category = draw.choices(CATEGORIES, range(len(CATEGORIES), 0, -1))[0]
        self._did(a.categorise(self.hand, self.agent, self.now, category=category, cause=cause))

    def referred(self) -> None:
        """The customer takes it to a scheme."""
        self._did(a.refer(self.hand, self.handler, self.now, scheme="communications-ombudsman", at=self.now))

    def scheme_decides(self) -> None:
        """The scheme ends the dispute."""
        outcome = self.cast.random.choice(f.SCHEME_OUTCOMES[:3])
        pence = 0 if outcome == "for us" else 5000
        self._did(
            at_scheme.decided(
                self.hand, self.handler, self.now, outcome=outcome, at=self.now, award_pence=pence
            )
        )
        if not pence:
            return
        told = "The scheme's letter of today."
        self._did(
            at_scheme.answered(self.hand, self.handler, self.now, answer="accepted", at=self.now, words=told)
        )
        self.paid()
        lesson, cause = (
            "The file shows which promise was not kept: it is told to whoever makes it.",
            CAUSES[5],
        )
        self._did(lessons.note(self.docket, self.hand, self.handler, self.now, words=lesson, cause=cause))

    def assigned(self, handler: a.Actor | None = None) -> None:
        """The case is given to a person."""
        self._did(a.assign(self.hand, self.agent, self.now, handler=handler or self.handler))

    def introduced(self) -> None:
        """The handler rings the customer."""
        self._did(
            a.introduce(self.docket, self.hand, self.handler, self.now, channel="phone", words=w.INTRODUCTION)
        )

    def updated(self) -> None:
        """The handler tells how the complaint stands: more often on the telephone than in writing."""
        if self.cast.random.random() < 0.7:
            self._did(
                a.call(self.hand, self.handler, self.now, purpose="update", words=w.HOLDING, reached=True)
            )
        else:
            self._did(
                a.write(self.docket, self.hand, self.handler, self.now, purpose="update", words=w.HOLDING)
            )

    def proposed(self, by: a.Actor | None = None, more: int = 0) -> None:
        """The findings are written down and an outcome is put to the customer."""
        who, trouble = by or self.handler, self.trouble
        self._did(
            a.record_findings(self.hand, who, self.now, words=trouble.found, fault_owner=trouble.fault_owner)
        )
        pence = trouble.pence + more
        self._did(a.propose(self.docket, self.hand, who, self.now, words=trouble.offer, credit_pence=pence))

    def answered(self, *, accepted: bool) -> None:
        """The customer says yes, and the case closes; or no."""
        said = self.cast.random.choice(w.ACCEPTANCES if accepted else w.REFUSALS)
        self._did(
            a.answer(
                self.docket, self.hand, self.handler, self.now, accepted=accepted, how=ON_THE_PHONE,
                words=f"On the telephone: {said}",
            )
        )  # fmt: skip

    def paid(self) -> None:
        """A bill shows what the customer accepted."""
        for award in self.hand.case.awards:
            if award.stands is Stand.OWED:
                bill = f"{self.now:%Y-%m}"
                self._did(
                    redress.became(
                        self.docket, self.hand, self.agent, self.now, award=award.id, fate="given", why=bill
                    )
                )

    def climbs(self) -> bool:
        """The case goes to the code's next stage; whether there is one."""
        if not next_stage(self.hand.case, self.hand.book):
            return False
        self._did(
            a.escalate(
                self.docket, self.hand, self.handler, self.now, channel="phone", why="the outcome was refused"
            )
        )
        return True

    def deadlocked(self) -> None:
        """A manager declares deadlock; the ADR letter leaves with it."""
        self._did(a.declare_deadlock(self.hand, self.staff.manager, self.now, position=w.POSITION))
        self._rest()

    def closed(self, evidence: str, words: str = "", how: str = "") -> None:
        """The case is closed on its evidence."""
        how = how or (ON_THE_PHONE if evidence == "customer confirmed" else "")
        self._did(
            a.close(self.docket, self.hand, self.handler, self.now, evidence=evidence, how=how, words=words)
        )

    def _did(self, refusal: Refusal | None) -> None:
        if refusal is not None:
            raise LifeRefused(f"{self.hand.row.reference} at {self.now}: {refusal}")


def at_work(at: datetime) -> datetime:
    """The moment itself, or when the seeded people are next at work."""
    local = in_london(at)
    if local.hour >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS)
    elif local.hour < OPENS:
        local = local.replace(hour=OPENS)
    weekend = local.weekday() - 4
    return local + timedelta(days=3 - weekend) if weekend > 0 else local
